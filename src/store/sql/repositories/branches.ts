import { HearthlinkError } from '../../../shared/errors.ts';
import type { Session } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import type { MessageRow } from '../schema.ts';
import { requireMessage, rowsAboveUntilActive } from './message-reading.ts';
import { requireSession, toSession, updateSession } from './session-repository.ts';
import { turnSliceId } from './turn-slices.ts';

/** Shows the branch that holds a message, down to the newest leaf below it. */
export async function activateBranch(context: StoreContext, change: { id: string; leafId: string; at: number }): Promise<Session> {
  const session = await requireSession(context.db, change.id);
  const chosen = await requireMessage(context.db, change.leafId);
  if (chosen.session_id !== session.id) throw new HearthlinkError('not-found', { kind: 'message', id: change.leafId });
  const leafId = await newestBelow(context.db, chosen);
  if (leafId === session.active_leaf_id) return toSession(session);
  await makePathActive(context, session.id, leafId);
  return updateSession(context, session, { active_leaf_id: leafId, updated_at: change.at });
}

/**
 * Makes the path from the first message to `endId` the active one, with nothing below `endId`; null leaves nothing active.
 * Only the part that differs from the path so far is touched. The session's active leaf is the caller's to write.
 */
export async function makePathActive(context: StoreContext, sessionId: string, endId: string | null): Promise<void> {
  const above = endId === null ? [] : await rowsAboveUntilActive(context.db, endId);
  const forkDepth = above.find((row) => row.active === 1)?.depth ?? -1;
  await hideBelow(context, sessionId, forkDepth);
  await show(
    context,
    above.filter((row) => row.active === 0).map((row) => row.id),
  );
}

async function hideBelow({ db, emit, changed }: StoreContext, sessionId: string, depth: number): Promise<void> {
  const rows = await db
    .updateTable('message')
    .set({ active: 0 })
    .where('session_id', '=', sessionId)
    .where('active', '=', 1)
    .where('depth', '>', depth)
    .returning('id')
    .execute();
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  emit({ type: 'set-visible', ids: ids.map(turnSliceId), visible: false });
  changed({ messages: ids });
}

async function show({ db, emit, changed }: StoreContext, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return;
  await inLists(messageIds, (ids) => db.updateTable('message').set({ active: 1 }).where('id', 'in', ids).execute());
  const recallable = await inLists(messageIds.map(turnSliceId), (ids) =>
    db
      .selectFrom('slice')
      .select('id')
      .where('id', 'in', ids)
      .where('state', '=', 'held')
      .where('superseded_by', 'is', null)
      .where('archived_at', 'is', null)
      .where('hidden', '=', 0)
      .execute(),
  );
  emit({ type: 'set-visible', ids: recallable.map((slice) => slice.id), visible: true });
  changed({ messages: messageIds });
}

/** Rows are numbered in the order they were written, so a message stands behind its parent and the last one below is a leaf. */
async function newestBelow(db: StoreDatabase, message: Pick<MessageRow, 'id' | 'session_id' | 'depth'>): Promise<string> {
  const deeper = await db
    .selectFrom('message')
    .select(['id', 'parent_id'])
    .where('session_id', '=', message.session_id)
    .where('depth', '>', message.depth)
    .orderBy('row')
    .execute();
  const below = new Set([message.id]);
  let newest = message.id;
  for (const { id, parent_id } of deeper) {
    if (parent_id === null || !below.has(parent_id)) continue;
    below.add(id);
    newest = id;
  }
  return newest;
}
