import { HearthlinkError } from '../../../shared/errors.ts';
import type { MessageRepository, NewTurn, ReplyEnd, StartedTurn } from '../../message-port.ts';
import type { NewSession } from '../../session-port.ts';
import type { Attachment, Message, Session } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { errorToColumn, statisticsToColumn } from '../json-columns.ts';
import { keptQuery } from '../kept-query.ts';
import type { MessageRow, NewMessageRow, SessionRow } from '../schema.ts';
import { storableText } from '../storable-text.ts';
import { makePathActive } from './branches.ts';
import { findMessage, requireMessage, toMessage, wholeMessage } from './message-reading.ts';
import { createSession, existingSession, requireSession, updateSession } from './session-repository.ts';
import { addTurnSlices } from './turn-slices.ts';

/**
 * The session of a repeated call is there already, and so is its turn: nothing is stored twice.
 *
 * @throws HearthlinkError `not-found` for the session or the parent; `invalid-transition` when the session takes no messages;
 * `invalid-input` when the reply does not belong below the message it answers.
 */
export async function startTurn(context: StoreContext, turn: NewTurn): Promise<StartedTurn> {
  if (turn.newSession !== undefined) await createItsSession(context, turn, turn.newSession);
  const session = await requireSession(context.db, turn.sessionId);
  if (session.status !== 'active') throw new HearthlinkError('invalid-transition', { from: session.status, to: 'active' });
  if (turn.user !== null && turn.reply.parentId !== turn.user.id) {
    throw new HearthlinkError('invalid-input', { field: 'reply.parentId', detail: 'a reply stands below the message it answers' });
  }
  const started = await startedTurn(context, turn);
  if (started !== null) return started;

  const parentId = parentOf(turn, session);
  const isNewBranch = parentId !== session.active_leaf_id;
  const parent = parentId === null ? null : await parentIn(context.db, session.id, parentId);
  if (isNewBranch) await makePathActive(context, session.id, parentId);

  const user = turn.user === null ? null : userRow(turn, turn.user, { id: parentId, depth: parent === null ? 0 : parent.depth + 1 });
  const above = user ?? parent;
  const reply = replyRow(turn, { id: above === null ? null : above.id, depth: above === null ? 0 : above.depth + 1 });
  await insertTurn(context, session, user, reply, turn.user?.attachments ?? []);
  return {
    user: user === null ? null : await startedMessage(context.db, user, turn.user?.attachments ?? [], isNewBranch),
    reply: await startedMessage(context.db, reply, [], isNewBranch && user === null),
    newSession: await itsSession(context.db, turn),
  };
}

async function createItsSession(context: StoreContext, turn: NewTurn, session: NewSession): Promise<void> {
  if (session.id !== turn.sessionId) throw new HearthlinkError('invalid-input', { field: 'newSession.id', detail: 'not the session of the turn' });
  await createSession(context, session);
}

/** The session of a turn that begins it. */
async function itsSession(db: StoreDatabase, { sessionId, newSession }: NewTurn): Promise<Session | null> {
  return newSession === undefined ? null : existingSession(db, sessionId);
}

async function insertTurn(
  context: StoreContext,
  session: SessionRow,
  user: NewMessageRow | null,
  reply: NewMessageRow,
  attachments: readonly Attachment[],
): Promise<void> {
  const rows = user === null ? [reply] : [user, reply];
  await context.db.insertInto('message').values(rows).execute();
  if (user !== null) {
    await insertAttachments(context.db, user.id, attachments);
    await addTurnSlices(context, session, [user]);
  }
  await updateSession(context, session, {
    active_leaf_id: reply.id,
    message_count: session.message_count + rows.length,
    updated_at: reply.created_at,
  });
  context.changed({ messages: rows.map((row) => row.id) });
}

/** Text that is added to a reply; see `MessageRepository.appendReply`. */
type ReplyChunk = Readonly<Parameters<MessageRepository['appendReply']>[0]>;

const addChunk = keptQuery<ReplyChunk, unknown>((db, { value, text }) =>
  db
    .updateTable('message')
    .set((of) => ({
      text: of('text', '||', text('text')),
      thinking: of('thinking', '||', text('thinking')),
      chunks: of('chunks', '+', 1),
      lease_until: value('leaseUntil'),
      status: 'streaming',
      finished_at: null,
    }))
    .where('id', '=', value('messageId'))
    .where('holder', '=', value('holder'))
    .where('chunks', '=', value('sequence'))
    .where('status', 'in', ['streaming', 'cut-off']),
);

/**
 * One statement. A chunk that is already there is passed over, so that it may be sent again. A reply that was taken for cut
 * off (its window was suspended) goes on when the window that holds it still writes.
 *
 * @throws HearthlinkError `not-found`; `conflict` when another window holds the reply, it has ended, or a chunk is missing.
 */
export async function appendReply(
  { db, changed }: StoreContext,
  chunk: ReplyChunk,
): Promise<void> {
  const { numAffectedRows } = await addChunk.run(db, chunk);
  changed({ messages: [chunk.messageId] });
  if (numAffectedRows === 1n) return;
  const row = await requireMessage(db, chunk.messageId);
  const isRepeated = row.holder === chunk.holder && chunk.sequence < row.chunks;
  if (!isRepeated) throw replyConflict(row, chunk.sequence);
}

/** @throws HearthlinkError `not-found`; `conflict` when the reply has ended otherwise, or a chunk is missing. */
export async function finishReply(context: StoreContext, end: ReplyEnd): Promise<Message> {
  const row = await requireMessage(context.db, end.messageId);
  if (row.status === end.status && row.finished_at === end.at) return wholeMessage(context.db, row);
  if ((row.status !== 'streaming' && row.status !== 'cut-off') || end.sequence > row.chunks) throw replyConflict(row, end.sequence);
  const isNewText = end.sequence === row.chunks;
  const finished: MessageRow = {
    ...row,
    status: end.status,
    text: isNewText ? row.text + storableText(end.text) : row.text,
    thinking: isNewText ? row.thinking + storableText(end.thinking) : row.thinking,
    thinking_ms: end.thinkingMs,
    model: end.model ?? row.model,
    origin: end.origin ?? row.origin,
    finished_at: end.at,
    lease_until: null,
    error: errorToColumn(end.error),
    statistics: statisticsToColumn(end.statistics),
  };
  await writeEnd(context.db, finished, isNewText ? end : { text: '', thinking: '' });
  await insertMemoryUses(context.db, row.id, end.memoriesUsed);
  const session = await requireSession(context.db, row.session_id);
  await addTurnSlices(context, session, [finished]);
  await updateSession(context, session, { updated_at: end.at });
  context.changed({ messages: [row.id] });
  return wholeMessage(context.db, finished);
}

export interface AbandonedSweep {
  readonly at: number;
  readonly deadHolders: readonly string[];
}

/** What a sweep answered, for a caller that did not hear it. */
export async function repliesCutOffAt({ db }: StoreContext, { at }: AbandonedSweep): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('message')
    .select('id')
    .where('status', '=', 'cut-off')
    .where('finished_at', '=', at)
    .orderBy('row')
    .execute();
  return rows.map((row) => row.id);
}

/** A partial reply stays recallable: it was read, and what stands in it may be asked for. */
export async function cutOffAbandoned(
  context: StoreContext,
  sweep: AbandonedSweep,
): Promise<readonly string[]> {
  const streaming = await context.db
    .selectFrom('message')
    .innerJoin('session', 'session.id', 'message.session_id')
    .selectAll('message')
    .where('message.lease_until', 'is not', null)
    .where('session.deleted_at', 'is', null)
    .execute();
  const abandoned = streaming.filter(
    (row) => (row.lease_until ?? 0) < sweep.at || (row.holder !== null && sweep.deadHolders.includes(row.holder)),
  );
  for (const row of abandoned) {
    const cutOff: MessageRow = { ...row, status: 'cut-off', finished_at: sweep.at, lease_until: null };
    await writeEnd(context.db, cutOff, { text: '', thinking: '' });
    await addTurnSlices(context, await requireSession(context.db, row.session_id), [cutOff]);
    context.changed({ sessions: [row.session_id], messages: [row.id] });
  }
  return abandoned.map((row) => row.id);
}

/** The messages of a turn that was stored before, null when it was not: sent again after its answer was lost, it finds itself. */
async function startedTurn({ db }: StoreContext, turn: NewTurn): Promise<StartedTurn | null> {
  const reply = await findMessage(db, turn.reply.id);
  if (reply === undefined) return null;
  const user = turn.user === null ? null : await requireMessage(db, turn.user.id);
  return {
    user: user === null ? null : await wholeMessage(db, user),
    reply: await wholeMessage(db, reply),
    newSession: await itsSession(db, turn),
  };
}

/** @throws HearthlinkError `not-found`. */
export async function requireStartedTurn(context: StoreContext, turn: NewTurn): Promise<StartedTurn> {
  const started = await startedTurn(context, turn);
  if (started === null) throw new HearthlinkError('not-found', { kind: 'message', id: turn.reply.id });
  return started;
}

/** What the first message of the turn stands below: the user's, or the reply when an answer is made again. */
function parentOf(turn: NewTurn, session: SessionRow): string | null {
  if (turn.user === null) return turn.reply.parentId;
  return turn.user.atActiveLeaf === true ? session.active_leaf_id : turn.user.parentId;
}

async function parentIn(db: StoreDatabase, sessionId: string, parentId: string): Promise<MessageRow> {
  const parent = await requireMessage(db, parentId);
  if (parent.session_id !== sessionId) throw new HearthlinkError('not-found', { kind: 'message', id: parentId });
  return parent;
}

interface Place {
  readonly id: string | null;
  readonly depth: number;
}

function userRow(turn: NewTurn, user: NonNullable<NewTurn['user']>, below: Place): NewMessageRow {
  return {
    ...emptyRow(turn, below),
    id: user.id,
    role: 'user',
    origin: 'user',
    status: 'complete',
    text: storableText(user.text),
    finished_at: turn.at,
  };
}

function replyRow(turn: NewTurn, below: Place): NewMessageRow {
  return {
    ...emptyRow(turn, below),
    id: turn.reply.id,
    role: 'assistant',
    origin: turn.reply.origin,
    status: 'streaming',
    model: turn.reply.model,
    holder: turn.holder,
    lease_until: turn.leaseUntil,
  };
}

function emptyRow(turn: NewTurn, below: Place): Omit<NewMessageRow, 'id' | 'role' | 'origin' | 'status'> {
  return {
    session_id: turn.sessionId,
    parent_id: below.id,
    depth: below.depth,
    active: 1,
    text: '',
    thinking: '',
    chunks: 0,
    thinking_ms: null,
    model: null,
    created_at: turn.at,
    finished_at: null,
    holder: null,
    lease_until: null,
    error: null,
    statistics: null,
  };
}

/** Where no other branch can be, nothing needs to be read. */
async function startedMessage(
  db: StoreDatabase,
  row: NewMessageRow,
  attachments: readonly Attachment[],
  mayHaveSiblings: boolean,
): Promise<Message> {
  if (mayHaveSiblings) return wholeMessage(db, await requireMessage(db, row.id));
  return toMessage(row, { attachments, memoriesUsed: [], siblings: [row.id] });
}

async function writeEnd(db: StoreDatabase, row: MessageRow, tail: { readonly text: string; readonly thinking: string }): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('message')
    .set((of) => ({
      status: row.status,
      origin: row.origin,
      thinking_ms: row.thinking_ms,
      model: row.model,
      finished_at: row.finished_at,
      lease_until: null,
      error: row.error,
      statistics: row.statistics,
      ...(tail.text === '' ? {} : { text: of('text', '||', tail.text) }),
      ...(tail.thinking === '' ? {} : { thinking: of('thinking', '||', tail.thinking) }),
    }))
    .where('id', '=', row.id)
    .where('chunks', '=', row.chunks)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw replyConflict(row, row.chunks);
}

async function insertAttachments(db: StoreDatabase, messageId: string, attachments: readonly Attachment[]): Promise<void> {
  if (attachments.length === 0) return;
  const rows = attachments.map((attachment, ordinal) => ({
    message_id: messageId,
    ordinal,
    id: attachment.id,
    kind: attachment.kind,
    label: attachment.label,
    uri: attachment.uri,
    first_line: attachment.firstLine,
    last_line: attachment.lastLine,
    language: attachment.language,
    text: attachment.text,
    tokens: attachment.tokens,
  }));
  await db.insertInto('attachment').values(rows).execute();
}

async function insertMemoryUses(db: StoreDatabase, messageId: string, sliceIds: readonly string[]): Promise<void> {
  if (sliceIds.length === 0) return;
  const rows = sliceIds.map((slice_id, rank) => ({ message_id: messageId, rank, slice_id }));
  await db.insertInto('memory_use').values(rows).execute();
}

function replyConflict(row: MessageRow, sequence: number): HearthlinkError {
  return new HearthlinkError('conflict', { kind: 'reply', id: row.id, status: row.status, expected: sequence, actual: row.chunks });
}
