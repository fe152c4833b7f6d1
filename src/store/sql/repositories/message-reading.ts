import { HearthlinkError } from '../../../shared/errors.ts';
import type { Attachment, Message, MessageRole } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { groupBy, inLists } from '../id-lists.ts';
import { errorFromColumn, statisticsFromColumn } from '../json-columns.ts';
import type { AttachmentRow, MessageRow, NewMessageRow } from '../schema.ts';
import { forgottenWords, messageWithoutForgotten } from './forgetting.ts';

export async function getMessage({ db }: StoreContext, id: string): Promise<Message | null> {
  const row = await findMessage(db, id);
  return row === undefined ? null : wholeMessage(db, row);
}

/** @throws HearthlinkError `not-found`. */
export async function existingMessage(db: StoreDatabase, id: string): Promise<Message> {
  return wholeMessage(db, await requireMessage(db, id));
}

/** The messages of the path from `leafId` up, at most `limit` of them, oldest first, without what is forgotten. */
export async function pathOfMessages(
  { db }: StoreContext,
  query: { readonly leafId: string; readonly limit: number },
): Promise<readonly Message[]> {
  const messages = await wholeMessages(db, await pathRows(db, query.leafId, query.limit));
  const forgotten = await forgottenWords(db);
  return messages.map((message) => messageWithoutForgotten(message, forgotten));
}

/** Every message of a session, on all branches, in the order they were made. */
export async function allMessages({ db }: StoreContext, sessionId: string): Promise<readonly Message[]> {
  const rows = await db.selectFrom('message').selectAll().where('session_id', '=', sessionId).orderBy('row').execute();
  return wholeMessages(db, rows);
}

export function findMessage(db: StoreDatabase, id: string): Promise<MessageRow | undefined> {
  return db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @throws HearthlinkError `not-found`. */
export async function requireMessage(db: StoreDatabase, id: string): Promise<MessageRow> {
  const row = await findMessage(db, id);
  if (row === undefined) throw new HearthlinkError('not-found', { kind: 'message', id });
  return row;
}

/**
 * The rows from `leafId` upwards to the first that stands on the active branch, that one included: what has to be walked.
 * From there on depths are enough. Deepest first.
 */
export async function rowsAboveUntilActive(db: StoreDatabase, leafId: string): Promise<Pick<MessageRow, 'id' | 'depth' | 'active' | 'parent_id'>[]> {
  return db
    .withRecursive('above', (of) =>
      of
        .selectFrom('message')
        .select(['id', 'depth', 'active', 'parent_id'])
        .where('id', '=', leafId)
        .unionAll((up) =>
          up
            .selectFrom('message')
            .innerJoin('above', 'above.parent_id', 'message.id')
            .where('above.active', '=', 0)
            .select(['message.id', 'message.depth', 'message.active', 'message.parent_id']),
        ),
    )
    .selectFrom('above')
    .selectAll()
    .orderBy('depth', 'desc')
    .execute();
}

async function pathRows(db: StoreDatabase, leafId: string, limit: number): Promise<MessageRow[]> {
  const leaf = await requireMessage(db, leafId);
  const start = Math.max(0, leaf.depth + 1 - limit);
  if (leaf.active === 1) return activeBetween(db, leaf.session_id, start, leaf.depth + 1);
  const above = await rowsAboveUntilActive(db, leafId);
  const inactiveIds = above.filter((row) => row.active === 0 && row.depth >= start).map((row) => row.id);
  const inactive = await inLists(inactiveIds, (ids) => db.selectFrom('message').selectAll().where('id', 'in', ids).execute());
  const forkDepth = above.find((row) => row.active === 1)?.depth ?? -1;
  const shared = await activeBetween(db, leaf.session_id, start, forkDepth + 1);
  return [...shared, ...inactive.toSorted((a, b) => a.depth - b.depth)];
}

function activeBetween(db: StoreDatabase, sessionId: string, start: number, end: number): Promise<MessageRow[]> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('active', '=', 1)
    .where('depth', '>=', start)
    .where('depth', '<', end)
    .orderBy('depth')
    .execute();
}

export async function wholeMessage(db: StoreDatabase, row: MessageRow): Promise<Message> {
  const [message] = await wholeMessages(db, [row]);
  if (message === undefined) throw new HearthlinkError('internal', { detail: 'a message vanished while it was read' });
  return message;
}

/** Rows of one session as messages: a user's with its attachments, a reply with the memories it used, each with its siblings. */
export async function wholeMessages(db: StoreDatabase, rows: readonly MessageRow[]): Promise<Message[]> {
  const idsOf = (role: MessageRole): string[] => rows.filter((row) => row.role === role).map((row) => row.id);
  const attachments = groupBy(await attachmentsOf(db, idsOf('user')), (row) => row.message_id);
  const uses = groupBy(await memoriesUsedIn(db, idsOf('assistant')), (row) => row.message_id);
  const siblings = await siblingIds(db, rows);
  return rows.map((row) =>
    toMessage(row, {
      attachments: (attachments.get(row.id) ?? []).map(toAttachment),
      memoriesUsed: (uses.get(row.id) ?? []).map((use) => use.slice_id),
      siblings: siblings.get(siblingKey(row)) ?? [row.id],
    }),
  );
}

function attachmentsOf(db: StoreDatabase, ids: readonly string[]): Promise<AttachmentRow[]> {
  return inLists(ids, (list) =>
    db.selectFrom('attachment').selectAll().where('message_id', 'in', list).orderBy('message_id').orderBy('ordinal').execute(),
  );
}

function memoriesUsedIn(db: StoreDatabase, ids: readonly string[]): Promise<{ message_id: string; slice_id: string }[]> {
  return inLists(ids, (list) =>
    db
      .selectFrom('memory_use')
      .select(['message_id', 'slice_id'])
      .where('message_id', 'in', list)
      .orderBy('message_id')
      .orderBy('rank')
      .execute(),
  );
}

/** Siblings by `siblingKey`; siblings have the same depth, so one range of the session's depths holds them all. */
async function siblingIds(db: StoreDatabase, rows: readonly MessageRow[]): Promise<Map<string, string[]>> {
  const [first] = rows;
  if (first === undefined) return new Map();
  const depths = rows.map((row) => row.depth);
  const peers = await db
    .selectFrom('message')
    .select(['id', 'parent_id', 'role'])
    .where('session_id', '=', first.session_id)
    .where('depth', '>=', depths.reduce((a, b) => Math.min(a, b)))
    .where('depth', '<=', depths.reduce((a, b) => Math.max(a, b)))
    .orderBy('row')
    .execute();
  const groups = groupBy(peers, siblingKey);
  return new Map([...groups].map(([key, group]) => [key, group.map((peer) => peer.id)]));
}

function siblingKey(row: Pick<MessageRow, 'parent_id' | 'role'>): string {
  return `${row.role} ${row.parent_id ?? ''}`;
}

export interface MessageParts {
  readonly attachments: readonly Attachment[];
  readonly memoriesUsed: readonly string[];
  readonly siblings: readonly string[];
}

export function toMessage(row: NewMessageRow, parts: MessageParts): Message {
  return {
    id: row.id,
    sessionId: row.session_id,
    parentId: row.parent_id,
    role: row.role,
    origin: row.origin,
    status: row.status,
    text: row.text,
    thinking: row.thinking,
    thinkingMs: row.thinking_ms,
    model: row.model,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    attachments: parts.attachments,
    error: errorFromColumn(row.error),
    statistics: statisticsFromColumn(row.statistics),
    memoriesUsed: parts.memoriesUsed,
    siblings: parts.siblings,
  };
}

function toAttachment(row: AttachmentRow): Attachment {
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    uri: row.uri,
    firstLine: row.first_line,
    lastLine: row.last_line,
    language: row.language,
    text: row.text,
    tokens: row.tokens,
  };
}

/** Who holds the lease of a reply that is being written. */
export async function writersOfReplies({ db }: StoreContext): Promise<readonly string[]> {
  const rows = await db.selectFrom('message').select('holder').distinct().where('lease_until', 'is not', null).execute();
  return rows.flatMap(({ holder }) => holder ?? []);
}
