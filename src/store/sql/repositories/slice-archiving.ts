import type { Slice } from '../../records.ts';
import type { StoreContext } from '../context.ts';
import { inLists } from '../id-lists.ts';
import { oneSlice, updateSlice } from './slice-repository.ts';
import { isVisible, requireSlice, selectWholeSlices } from './slice-rows.ts';

/** Takes slices out of recall. They stay, with everything that is known of them. */
export async function archiveSlices(context: StoreContext, ids: readonly string[], at: number): Promise<void> {
  if (ids.length === 0) return;
  await inLists(ids, async (list) => {
    await context.db
      .updateTable('slice')
      .set((of) => ({ archived_at: at, version: of('version', '+', 1) }))
      .where('id', 'in', list)
      .execute();
    return [];
  });
  context.emit({ type: 'set-visible', ids, visible: false });
  context.changed({ slices: ids });
}

/** Gives an archived slice back to recall; one whose time had passed holds without an end then. Others are answered as they are. */
export async function bringBackSlice(context: StoreContext, change: { readonly id: string; readonly at: number }): Promise<Slice> {
  const row = await requireSlice(context.db, change.id);
  if (row.archived_at === null) return oneSlice(context.db, row);
  const isOver = row.expires_at !== null && row.expires_at <= change.at;
  const back = await updateSlice(context, row, { archived_at: null, ...(isOver ? { expires_at: null } : {}) });
  if (isVisible(back)) context.emit({ type: 'set-visible', ids: [row.id], visible: true });
  return oneSlice(context.db, back);
}

/** Undoes an archiving as if it had not been: what was over is over still. Answers how many. */
export async function unarchiveSlices(context: StoreContext, archivedAt: number, limit: number): Promise<number> {
  const rows = await selectWholeSlices(context.db).where('slice.archived_at', '=', archivedAt).orderBy('slice.row').limit(limit).execute();
  const ids = rows.map(({ id }) => id);
  await inLists(ids, async (list) => {
    await context.db
      .updateTable('slice')
      .set((of) => ({ archived_at: null, version: of('version', '+', 1) }))
      .where('id', 'in', list)
      .execute();
    return [];
  });
  const visible = rows.filter((row) => isVisible({ ...row, archived_at: null })).map(({ id }) => id);
  if (visible.length > 0) context.emit({ type: 'set-visible', ids: visible, visible: true });
  if (ids.length > 0) context.changed({ slices: ids });
  return ids.length;
}
