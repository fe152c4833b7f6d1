import { HearthlinkError } from '../../../shared/errors.ts';
import type { AddedRecords, ImportBatch } from '../../transfer-port.ts';
import type { ExportedChat, ExportedMemory, ExportedMessage, TransferRecord } from '../../transfer-records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import { errorToColumn, statisticsToColumn } from '../json-columns.ts';
import { fingerprintOf } from '../sameness.ts';
import type { MessageRow, NewMessageRow, NewSliceRow, SessionRow } from '../schema.ts';
import { storableText } from '../storable-text.ts';
import { makePathActive } from './branches.ts';
import { documentOf, provenanceToColumns, requireSlice } from './slice-rows.ts';
import { isForgotten, tombstoneKey } from './tombstones.ts';
import { addTurnSlices, turnSliceId } from './turn-slices.ts';

/**
 * Adds what is not there yet, by id, and notes it under the import, so that it can be taken out again. What was forgotten
 * here stays forgotten. Chats come before their messages, messages after the one they answer, memories last.
 *
 * @throws HearthlinkError `not-found` for an import that was not begun; `invalid-input` when a message stands below nothing.
 */
export async function addImported(context: StoreContext, batch: ImportBatch): Promise<AddedRecords> {
  const begun = await context.db.selectFrom('import').select('id').where('id', '=', batch.importId).executeTakeFirst();
  if (begun === undefined) throw new HearthlinkError('not-found', { kind: 'import', id: batch.importId });
  const all = <Type extends TransferRecord['type']>(type: Type) =>
    batch.records.filter((record): record is Extract<TransferRecord, { type: Type }> => record.type === type);
  const chats = await addChats(context, batch.importId, all('chat'));
  const messages = await addMessages(context, batch.importId, all('message'));
  const memories = await addMemories(context, batch.importId, all('memory'));
  for (const { agentId, captureMode } of all('agent')) {
    const row = { id: agentId, capture_mode: captureMode, updated_at: batch.at, version: 1 };
    await context.db.insertInto('agent').values(row).onConflict((conflict) => conflict.column('id').doNothing()).execute();
    context.changed({ agents: true });
  }
  return { chats, messages, ...memories };
}

async function addChats(context: StoreContext, importId: string, chats: readonly ExportedChat[]): Promise<number> {
  const known = await knownIds(chats, (ids) => context.db.selectFrom('session').select('id').where('id', 'in', ids).execute());
  const fresh = chats.filter(({ id }) => !known.has(id));
  for (const chat of fresh) {
    await context.db.insertInto('session').values(chatRow(chat)).execute();
    await note(context.db, importId, 'session', chat.id);
  }
  context.changed({ sessions: fresh.map(({ id }) => id) });
  return fresh.length;
}

async function addMessages(context: StoreContext, importId: string, messages: readonly ExportedMessage[]): Promise<number> {
  const { db } = context;
  const known = await knownIds(messages, (ids) => db.selectFrom('message').select('id').where('id', 'in', ids).execute());
  const rows: NewMessageRow[] = [];
  const depths = await depthsOf(db, messages);
  for (const message of messages) {
    if (known.has(message.id)) continue;
    const depth = message.parentId === null ? 0 : depthBelow(depths, message);
    depths.set(placeOf(message.chatId, message.id), depth);
    const row = messageRow(message, depth);
    rows.push(row);
    await db.insertInto('message').values(row).execute();
    await addParts(db, message);
  }
  for (const [sessionId, added] of Map.groupBy(rows, ({ session_id }) => session_id)) {
    await settleChat(context, importId, sessionId, added);
  }
  context.changed({ messages: rows.map(({ id }) => id) });
  return rows.length;
}

/** Makes the messages of a chat recallable, and its branch active once its last message is there. */
async function settleChat(context: StoreContext, importId: string, sessionId: string, added: readonly NewMessageRow[]): Promise<void> {
  const { db } = context;
  const session = await db.selectFrom('session').selectAll().where('id', '=', sessionId).where('deleted_at', 'is', null).executeTakeFirst();
  if (session === undefined) throw new HearthlinkError('invalid-input', { field: 'chatId', detail: 'a message of no chat' });
  await db
    .updateTable('session')
    .set((of) => ({ message_count: of('message_count', '+', added.length) }))
    .where('id', '=', sessionId)
    .execute();
  await addTurnSlices(context, session, added);
  for (const { id } of added) await note(db, importId, 'message', id);
  const leafId = session.active_leaf_id;
  if (leafId === null) return;
  const leaf = await db.selectFrom('message').select('active').where('id', '=', leafId).where('session_id', '=', sessionId).executeTakeFirst();
  if (leaf?.active === 0) await makePathActive(context, sessionId, leafId);
}

async function addMemories(context: StoreContext, importId: string, memories: readonly ExportedMemory[]): Promise<{ memories: number; forgottenBefore: number }> {
  const { db } = context;
  const key = await tombstoneKey(db);
  const known = await knownIds(memories, (ids) => db.selectFrom('slice').select('id').where('id', 'in', ids).execute());
  let added = 0;
  let forgottenBefore = 0;
  for (const memory of memories) {
    if (memory.text === null) {
      if (known.has(memory.id)) await keepWhatIsKnownOfTurn(context, importId, memory);
      continue;
    }
    if (known.has(memory.id)) continue;
    const fingerprint = fingerprintOf(memory.text, key);
    if (await isForgotten(db, [fingerprint], key)) {
      forgottenBefore++;
      continue;
    }
    await db.insertInto('slice').values(memoryRow(memory, memory.text, fingerprint)).execute();
    await addHistory(db, memory);
    await note(db, importId, 'slice', memory.id);
    context.emit({ type: 'put-document', document: documentOf(await requireSlice(db, memory.id)) });
    context.changed({ slices: [memory.id] });
    added++;
  }
  return { memories: added, forgottenBefore };
}

/** The slice of a turn was made with its message; what a person or recall did to it since comes along, if this import brought it. */
async function keepWhatIsKnownOfTurn(context: StoreContext, importId: string, memory: ExportedMemory): Promise<void> {
  const { db } = context;
  if (memory.provenance.type !== 'message' || memory.id !== turnSliceId(memory.provenance.messageId)) return;
  const { messageId } = memory.provenance;
  const ours = await db.selectFrom('import_item').select('item_id').where('import_id', '=', importId).where('kind', '=', 'message').where('item_id', '=', messageId).executeTakeFirst();
  if (ours === undefined) return;
  await db
    .updateTable('slice')
    .set({
      kind: memory.kind,
      scope: memory.scope,
      importance: memory.importance,
      confidence: memory.confidence,
      valid_from: memory.validFrom,
      valid_to: memory.validTo,
      superseded_by: memory.supersededBy,
      pinned: memory.pinned ? 1 : 0,
      recall_count: memory.recallCount,
      expires_at: memory.expiresAt,
      archived_at: memory.archivedAt,
      version: memory.version,
    })
    .where('id', '=', memory.id)
    .execute();
  await addHistory(db, memory);
  context.emit({ type: 'put-document', document: documentOf(await requireSlice(db, memory.id)) });
}

async function addHistory(db: StoreDatabase, memory: ExportedMemory): Promise<void> {
  for (const { version, text, replacedAt } of memory.versions) {
    const row = { slice_id: memory.id, version, text: storableText(text), replaced_at: replacedAt };
    await db.insertInto('slice_version').values(row).onConflict((conflict) => conflict.columns(['slice_id', 'version']).doNothing()).execute();
  }
  for (const other of memory.contradicts) {
    const pairs = [{ slice_id: memory.id, other_id: other }, { slice_id: other, other_id: memory.id }];
    await db.insertInto('contradiction').values(pairs).onConflict((conflict) => conflict.columns(['slice_id', 'other_id']).doNothing()).execute();
  }
}

async function addParts(db: StoreDatabase, message: ExportedMessage): Promise<void> {
  for (const [ordinal, attachment] of message.attachments.entries()) {
    const { id, kind, label, uri, firstLine, lastLine, language, text, tokens } = attachment;
    await db
      .insertInto('attachment')
      .values({ message_id: message.id, ordinal, id, kind, label, uri, first_line: firstLine, last_line: lastLine, language, text, tokens })
      .execute();
  }
  for (const [rank, sliceId] of message.memoriesUsed.entries()) {
    await db.insertInto('memory_use').values({ message_id: message.id, rank, slice_id: sliceId }).execute();
  }
}

async function note(db: StoreDatabase, importId: string, kind: 'session' | 'message' | 'slice', itemId: string): Promise<void> {
  await db.insertInto('import_item').values({ import_id: importId, kind, item_id: itemId }).execute();
}

async function knownIds(records: readonly { readonly id: string }[], query: (ids: readonly string[]) => Promise<{ id: string }[]>): Promise<Set<string>> {
  const rows = await inLists(records.map(({ id }) => id), query);
  return new Set(rows.map(({ id }) => id));
}

/** Depths of messages that stand in the store already, under which some of these may come. */
async function depthsOf(db: StoreDatabase, messages: readonly ExportedMessage[]): Promise<Map<string, number>> {
  const parents = [...new Set(messages.flatMap(({ parentId }) => parentId ?? []))];
  const rows = await inLists(parents, (ids) => db.selectFrom('message').select(['id', 'session_id', 'depth']).where('id', 'in', ids).execute());
  return new Map(rows.map((row: Pick<MessageRow, 'id' | 'session_id' | 'depth'>) => [placeOf(row.session_id, row.id), row.depth]));
}

function depthBelow(depths: ReadonlyMap<string, number>, { chatId, parentId }: ExportedMessage): number {
  const depth = depths.get(placeOf(chatId, parentId ?? ''));
  if (depth === undefined) throw new HearthlinkError('invalid-input', { field: 'parentId', detail: 'a message stands below none of its chat' });
  return depth + 1;
}

function placeOf(chatId: string, messageId: string): string {
  return `${chatId} ${messageId}`;
}

function chatRow(chat: ExportedChat): SessionRow {
  return {
    id: chat.id,
    agent_id: chat.agentId,
    title: storableText(chat.title),
    title_by: chat.titleBy,
    status: chat.status,
    temporary: chat.temporary ? 1 : 0,
    workspace_id: chat.workspaceId,
    created_at: chat.createdAt,
    updated_at: chat.updatedAt,
    expires_at: chat.expiresAt,
    deleted_at: null,
    active_leaf_id: chat.activeLeafId,
    message_count: 0,
    version: 1,
  };
}

function messageRow(message: ExportedMessage, depth: number): NewMessageRow {
  return {
    id: message.id,
    session_id: message.chatId,
    parent_id: message.parentId,
    depth,
    active: 0,
    role: message.role,
    origin: message.origin,
    status: message.status,
    text: storableText(message.text),
    thinking: storableText(message.thinking),
    chunks: 0,
    thinking_ms: message.thinkingMs,
    model: message.model,
    created_at: message.createdAt,
    finished_at: message.finishedAt,
    holder: null,
    lease_until: null,
    error: errorToColumn(message.error),
    statistics: statisticsToColumn(message.statistics),
  };
}

function memoryRow(memory: ExportedMemory, text: string, fingerprint: string): NewSliceRow {
  return {
    id: memory.id,
    kind: memory.kind,
    state: memory.state,
    state_before: null,
    text: storableText(text),
    speaker: memory.speaker,
    scope: memory.scope,
    importance: memory.importance,
    confidence: memory.confidence,
    ...provenanceToColumns(memory.provenance),
    created_at: memory.createdAt,
    valid_from: memory.validFrom,
    valid_to: memory.validTo,
    superseded_by: memory.supersededBy,
    pinned: memory.pinned ? 1 : 0,
    recall_count: memory.recallCount,
    forgotten_at: null,
    undo_until: null,
    forgotten_with: null,
    expires_at: memory.expiresAt,
    archived_at: memory.archivedAt,
    rejected: 0,
    hidden: 0,
    embedded_by: null,
    fingerprint,
    version: memory.version,
  };
}
