import type { ExportPage, ExportQuery } from '../../transfer-port.ts';
import type { ExportedChat, ExportedMemory, ExportedMessage } from '../../transfer-records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { groupBy, inLists } from '../id-lists.ts';
import { forgottenWords, messageWithoutForgotten } from './forgetting.ts';
import { wholeMessages } from './message-reading.ts';
import { toSession } from './session-repository.ts';
import { selectWholeSlices, toSlices } from './slice-rows.ts';

/** Records of one part, of at most `limit` rows, each as one line of JSON. What is forgotten or deleted is not among them. */
export async function exportPage({ db }: StoreContext, query: ExportQuery): Promise<ExportPage> {
  const { records, last } = await pages[query.part](db, query);
  return {
    lines: records.map((record) => JSON.stringify(record)).join(',\n'),
    count: records.length,
    after: last,
  };
}

const nothing = { records: [], last: null } as const;

interface Page<Record> {
  readonly records: readonly Record[];
  /** Where the next page begins; null after the last one. */
  readonly last: string | null;
}

const pages = { agent: agentPage, chat: chatPage, message: messagePage, memory: memoryPage } as const;

async function agentPage(db: StoreDatabase, { only }: ExportQuery): Promise<Page<unknown>> {
  if (only !== undefined) return nothing;
  const rows = await db.selectFrom('agent').selectAll().orderBy('id').execute();
  return { records: rows.map(({ id, capture_mode }) => ({ agentId: id, captureMode: capture_mode })), last: null };
}

async function chatPage(db: StoreDatabase, { after, limit, only }: ExportQuery): Promise<Page<ExportedChat>> {
  if (only?.type === 'memory') return nothing;
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('id', '>', after ?? '')
    .$if(only !== undefined, (rows) => rows.where('id', '=', only?.id ?? ''))
    .where('deleted_at', 'is', null)
    .where('status', '!=', 'expired')
    .orderBy('id')
    .limit(limit)
    .execute();
  const records = rows.map(toSession).flatMap(({ status, messageCount: _, version: __, ...chat }) => (status === 'expired' ? [] : [{ ...chat, status }]));
  return { records, last: lastOf(rows, limit, ({ id }) => id) };
}

async function messagePage(db: StoreDatabase, { after, limit, only }: ExportQuery): Promise<Page<ExportedMessage>> {
  if (only?.type === 'memory') return nothing;
  const rows = await db
    .selectFrom('message')
    .innerJoin('session', 'session.id', 'message.session_id')
    .selectAll('message')
    .where('message.row', '>', Number(after ?? 0))
    .$if(only !== undefined, (rows) => rows.where('message.session_id', '=', only?.id ?? ''))
    .where('session.deleted_at', 'is', null)
    .where('session.status', '!=', 'expired')
    .orderBy('message.row')
    .limit(limit)
    .execute();
  const forgotten = await forgottenWords(db);
  const messages = (await wholeMessages(db, rows)).map((message) => messageWithoutForgotten(message, forgotten));
  const records = messages.map(({ sessionId, siblings: _, status, attachments, memoriesUsed, ...rest }): ExportedMessage => ({
    ...rest,
    chatId: sessionId,
    // Whoever writes it goes on elsewhere; what is here so far is what is exported.
    status: status === 'streaming' ? 'cut-off' : status,
    attachments: [...attachments],
    memoriesUsed: [...memoriesUsed],
  }));
  return { records, last: lastOf(rows, limit, ({ row }) => String(row)) };
}

async function memoryPage(db: StoreDatabase, { after, limit, only }: ExportQuery): Promise<Page<ExportedMemory>> {
  const rows = await selectWholeSlices(db)
    .where('slice.row', '>', Number(after ?? 0))
    .$if(only !== undefined, (rows) => rows.where(only?.type === 'chat' ? 'slice.session_id' : 'slice.id', '=', only?.id ?? ''))
    .where('slice.hidden', '=', 0)
    .where('slice.state', '!=', 'forgotten')
    .orderBy('slice.row')
    .limit(limit)
    .execute();
  const ids = rows.map(({ id }) => id);
  const versions = groupBy(
    await inLists(ids, (list) => db.selectFrom('slice_version').selectAll().where('slice_id', 'in', list).orderBy('slice_id').orderBy('version').execute()),
    (version) => version.slice_id,
  );
  const slices = await toSlices(db, rows);
  const records = slices.flatMap((slice, i): ExportedMemory[] => {
    const row = rows[i];
    if (row === undefined || slice.state === 'forgotten') return [];
    return [
      {
        id: slice.id,
        kind: slice.kind,
        state: slice.state,
        text: row.text,
        speaker: slice.speaker,
        scope: row.scope,
        importance: slice.importance,
        confidence: slice.confidence,
        provenance: slice.provenance,
        createdAt: slice.createdAt,
        validFrom: slice.validFrom,
        validTo: slice.validTo,
        supersededBy: slice.supersededBy,
        contradicts: [...slice.contradicts],
        pinned: slice.pinned,
        recallCount: slice.recallCount,
        expiresAt: slice.expiresAt,
        archivedAt: slice.archivedAt,
        version: slice.version,
        versions: (versions.get(slice.id) ?? []).map(({ version, text, replaced_at }) => ({ version, text, replacedAt: replaced_at })),
      },
    ];
  });
  return { records, last: lastOf(rows, limit, ({ row }) => String(row)) };
}

function lastOf<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => string): string | null {
  const last = rows.at(-1);
  return last === undefined || rows.length < limit ? null : positionOf(last);
}
