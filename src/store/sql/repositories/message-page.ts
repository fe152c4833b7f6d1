import { sql, type Expression, type ExpressionBuilder, type RawBuilder } from 'kysely';
import { jsonBuildObject } from 'kysely/helpers/sqlite';

import { HearthlinkError } from '../../../shared/errors.ts';
import { Packed } from '../../methods-contract.ts';
import { beforeTexts, packedFields, unpackMessagePage, type PackedField, type PackedMessagePage } from '../../packed-message-page.ts';
import type { MessagePage } from '../../message-port.ts';
import type { Attachment } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { keptQuery, type ValuePlaces } from '../kept-query.ts';
import type { StoreSchema } from '../schema.ts';
import { requireMessage } from './message-reading.ts';

/**
 * A page of the active branch. Depths on it run from 0 without a gap, so a page is a range of them and costs the same
 * anywhere in a long chat.
 *
 * @throws HearthlinkError `not-found` for the session or the message before which the page ends.
 */
export async function pageOfMessages(
  { db }: StoreContext,
  query: { readonly sessionId: string; readonly beforeId?: string; readonly limit: number },
): Promise<Packed<MessagePage>> {
  const { sessionId } = query;
  const [session] = (await branchLength.run(db, { sessionId })).rows;
  if (session === undefined) throw new HearthlinkError('not-found', { kind: 'session', id: sessionId });
  const { total, message_count } = session;
  const end = query.beforeId === undefined ? total : Math.min(total, (await requireMessage(db, query.beforeId)).depth);
  const page = { sessionId, start: Math.max(0, end - query.limit), end };
  const [own] = (await messagesInPage.run(db, page)).rows;
  const [lists] = own?.has_lists === 1 ? (await listsInPage.run(db, page)).rows : [];
  const [peers] = message_count > total ? (await siblingsInPage.run(db, page)).rows : [];
  const fields: Readonly<Record<keyof PackedMessagePage, string>> = {
    sessionId: JSON.stringify(sessionId),
    total: String(total),
    hasMore: String(page.start > 0),
    messages: own?.messages ?? '[]',
    lists: lists?.lists ?? '[]',
    siblings: peers?.siblings ?? '[]',
  };
  const members = Object.entries(fields).map(([name, json]) => `"${name}":${json}`);
  return new Packed([`{${members.join(',')}}`, own?.texts ?? beforeTexts], unpackMessagePage);
}

/** How many messages the active branch has, and how many all branches. */
const branchLength = keptQuery<{ sessionId: string }, { total: number; message_count: number }>((db, { value }) =>
  db
    .selectFrom('session')
    .leftJoin('message as leaf', 'leaf.id', 'session.active_leaf_id')
    .select((of) => ['session.message_count', of.fn.coalesce(of('leaf.depth', '+', 1), sql.lit(0)).as('total')])
    .where('session.id', '=', value('sessionId'))
    .where('session.deleted_at', 'is', null),
);

interface DepthRange {
  readonly sessionId: string;
  readonly start: number;
  /** Not in it. */
  readonly end: number;
}

interface MessagesInPage {
  readonly messages: string;
  /** Of the messages, in the same order. */
  readonly texts: string | null;
  /** Whether any of them has attachments, or memories that it used. */
  readonly has_lists: number | null;
}

/** Without ORDER BY, which would have every text copied; `depth` says what comes where. */
const messagesInPage = keptQuery<DepthRange, MessagesInPage>((db, places) =>
  inPage(db, places).select((of) => {
    const fields = messageFields(of);
    const isIn = (table: 'attachment' | 'memory_use') => of('message.id', 'in', of.selectFrom(table).select('message_id'));
    return [
      jsonList(packedFields.map((field) => fields[field])).as('messages'),
      sql<string | null>`${beforeTexts} || group_concat(${of.ref('message.text')}, '')`.as('texts'),
      of.fn.max(sql<number>`iif(${of.ref('message.role')} = 'user', ${isIn('attachment')}, ${isIn('memory_use')})`).as('has_lists'),
    ];
  }),
);

/** Asked only where there are any: looking for those of each message takes as long as all that stands in it. */
const listsInPage = keptQuery<DepthRange, { lists: string }>((db, places) =>
  inPage(db, places).select((of) => {
    const attachments = of
      .selectFrom('attachment')
      .select((inner) => jsonList([inner.ref('attachment.ordinal'), jsonBuildObject(attachmentFields(inner))]).as('attachments'))
      .whereRef('attachment.message_id', '=', 'message.id');
    const memoriesUsed = of
      .selectFrom('memory_use')
      .select((inner) => jsonList([inner.ref('memory_use.rank'), inner.ref('memory_use.slice_id')]).as('uses'))
      .whereRef('memory_use.message_id', '=', 'message.id');
    return jsonList([of.ref('message.id'), sql`json(${attachments})`, sql`json(${memoriesUsed})`]).as('lists');
  }),
);

/** Siblings have the same depth. Without a second branch nobody has any, and this is not asked. */
const siblingsInPage = keptQuery<DepthRange, { siblings: string }>((db, places) =>
  db
    .selectFrom(
      inPage(db, places)
        .innerJoin('message as peer', (on) =>
          on
            .onRef('peer.session_id', '=', 'message.session_id')
            .onRef('peer.depth', '=', 'message.depth')
            .onRef('peer.parent_id', 'is', 'message.parent_id')
            .onRef('peer.role', '=', 'message.role'),
        )
        .select(['message.id', sql<string>`json_group_array(peer.id order by peer.row)`.as('peers')])
        .groupBy('message.id')
        .as('sibling'),
    )
    .select((of) => jsonList([of.ref('sibling.id'), sql`json(${of.ref('sibling.peers')})`]).as('siblings')),
);

function inPage(db: StoreDatabase, { value }: ValuePlaces<DepthRange>) {
  return db
    .selectFrom('message')
    .where('message.session_id', '=', value('sessionId'))
    .where('message.active', '=', 1)
    .where('message.depth', '>=', value('start'))
    .where('message.depth', '<', value('end'));
}

/** A list of lists, one for each row. */
function jsonList(values: readonly Expression<unknown>[]): RawBuilder<string> {
  return sql`json_group_array(json_array(${sql.join(values)}))`;
}

function messageFields(of: ExpressionBuilder<StoreSchema, 'message'>): Readonly<Record<PackedField, Expression<unknown>>> {
  return {
    depth: of.ref('message.depth'),
    id: of.ref('message.id'),
    parentId: of.ref('message.parent_id'),
    role: of.ref('message.role'),
    origin: of.ref('message.origin'),
    status: of.ref('message.status'),
    textBytes: sql`octet_length(${of.ref('message.text')})`,
    thinking: of.ref('message.thinking'),
    thinkingMs: of.ref('message.thinking_ms'),
    model: of.ref('message.model'),
    createdAt: of.ref('message.created_at'),
    finishedAt: of.ref('message.finished_at'),
    error: sql`json(${of.ref('message.error')})`,
    statistics: sql`json(${of.ref('message.statistics')})`,
  };
}

function attachmentFields(of: ExpressionBuilder<StoreSchema, 'attachment'>): Record<keyof Attachment, Expression<unknown>> {
  return {
    id: of.ref('attachment.id'),
    kind: of.ref('attachment.kind'),
    label: of.ref('attachment.label'),
    uri: of.ref('attachment.uri'),
    firstLine: of.ref('attachment.first_line'),
    lastLine: of.ref('attachment.last_line'),
    language: of.ref('attachment.language'),
    text: of.ref('attachment.text'),
    tokens: of.ref('attachment.tokens'),
  };
}
