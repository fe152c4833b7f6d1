import { HearthlinkError } from '../../../shared/errors.ts';
import type { Slice } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import type { SliceMergeRow } from '../schema.ts';
import { oneSlice, updateSlice } from './slice-repository.ts';
import { isVisible, requireSlice, selectWholeSlices, type WholeSliceRow } from './slice-rows.ts';

/**
 * Merges facts that say the same: one is kept, the others leave recall and name it, each with the source it came from. The kept
 * one is pinned if any was, and as important as the most important.
 *
 * @throws HearthlinkError `not-found`; `invalid-input` for a turn, or one that is to be merged with itself; `conflict` for one that
 * is not held and in force.
 */
export async function mergeSlices(
  context: StoreContext,
  change: { readonly keepId: string; readonly mergedIds: readonly string[]; readonly at: number },
): Promise<Slice> {
  const kept = await requireMergeable(context.db, change.keepId);
  const merged: WholeSliceRow[] = [];
  for (const id of new Set(change.mergedIds)) {
    if (id === kept.id) throw new HearthlinkError('invalid-input', { field: 'mergedIds', detail: 'a slice is not merged with itself' });
    merged.push(await requireMergeable(context.db, id));
  }
  return oneSlice(context.db, await mergeRows(context, kept, merged, change.at));
}

/** The same with rows that were just read and can be merged. */
export async function mergeRows(context: StoreContext, kept: WholeSliceRow, merged: readonly WholeSliceRow[], at: number): Promise<WholeSliceRow> {
  for (const row of merged) {
    await updateSlice(context, row, { superseded_by: kept.id });
    await context.db.insertInto('slice_merge').values({ merged_id: row.id, kept_id: kept.id, at, kept_importance: kept.importance, kept_pinned: kept.pinned }).execute();
  }
  await carryContradictions(context, kept, merged);
  context.emit({ type: 'set-visible', ids: merged.map(({ id }) => id), visible: false });
  return reweigh(context, kept, [kept, ...merged]);
}

/**
 * Takes a merge back: the slice stands for itself again, and the one it was merged into is as it would be without it, unless it
 * was weighed anew since.
 *
 * @throws HearthlinkError `not-found`; `invalid-transition` when it is not merged.
 */
export async function unmergeSlice(context: StoreContext, change: { readonly id: string; readonly at: number }): Promise<Slice> {
  const merge = await context.db.selectFrom('slice_merge').selectAll().where('merged_id', '=', change.id).executeTakeFirst();
  const row = await requireSlice(context.db, change.id);
  if (merge === undefined) throw new HearthlinkError('invalid-transition', { from: row.state, to: 'unmerged' });
  return oneSlice(context.db, await unmergeRow(context, row, merge));
}

export async function unmergeRow(context: StoreContext, row: WholeSliceRow, merge: SliceMergeRow): Promise<WholeSliceRow> {
  const before = await mergesInto(context.db, merge.kept_id);
  const members = await wholeRows(context.db, before.map((one) => one.merged_id));
  await context.db.deleteFrom('slice_merge').where('merged_id', '=', row.id).execute();
  const free = await release(context, row);
  const [kept] = await wholeRows(context.db, [merge.kept_id]);
  const [first] = before;
  if (kept === undefined || first === undefined) return free;
  const original: Weight = { importance: first.kept_importance, pinned: first.kept_pinned };
  // The others were merged into one that this one had made heavier.
  await context.db.updateTable('slice_merge').set({ kept_importance: original.importance, kept_pinned: original.pinned }).where('kept_id', '=', kept.id).execute();
  const together = heaviest([original, ...members]);
  const isUntouched = kept.importance === together.importance && kept.pinned === together.pinned;
  if (isUntouched) await reweigh(context, kept, [original, ...members.filter(({ id }) => id !== row.id)]);
  return free;
}

/** What says the same as a slice and was merged into it, directly or through another; the order is that of the rows. */
export async function mergedInto(db: StoreDatabase, keptId: string): Promise<WholeSliceRow[]> {
  const ids: string[] = [];
  for (let next = [keptId]; next.length > 0; ) {
    const merges = await inLists(next, (list) => db.selectFrom('slice_merge').select('merged_id').where('kept_id', 'in', list).execute());
    next = [...new Set(merges.map((merge) => merge.merged_id))].filter((id) => !ids.includes(id));
    ids.push(...next);
  }
  return wholeRows(db, ids);
}

/** When slices are gone, what was merged into them stands for itself again, and nothing is left that names them. */
export async function releaseMergedInto(context: StoreContext, ids: readonly string[]): Promise<void> {
  const { db } = context;
  const merges = await inLists(ids, (list) => db.selectFrom('slice_merge').selectAll().where('kept_id', 'in', list).execute());
  for (const row of await wholeRows(db, merges.map((merge) => merge.merged_id))) await release(context, row);
  await inLists(ids, async (list) => {
    await db.deleteFrom('slice_merge').where((is) => is.or([is('kept_id', 'in', list), is('merged_id', 'in', list)])).execute();
    return [];
  });
}

async function release(context: StoreContext, row: WholeSliceRow): Promise<WholeSliceRow> {
  const free = await updateSlice(context, row, { superseded_by: null });
  if (isVisible(free)) context.emit({ type: 'set-visible', ids: [row.id], visible: true });
  return free;
}

interface Weight {
  readonly importance: number;
  readonly pinned: number;
}

function heaviest(weights: readonly Weight[]): Weight {
  return { importance: Math.max(...weights.map(({ importance }) => importance)), pinned: Math.max(...weights.map(({ pinned }) => pinned)) };
}

async function reweigh(context: StoreContext, row: WholeSliceRow, weights: readonly Weight[]): Promise<WholeSliceRow> {
  const weight = heaviest(weights);
  const isSame = row.importance === weight.importance && row.pinned === weight.pinned;
  return isSame ? row : updateSlice(context, row, weight);
}

/** What did not fit with a merged slice does not fit with the kept one either. */
async function carryContradictions({ db }: StoreContext, kept: WholeSliceRow, merged: readonly WholeSliceRow[]): Promise<void> {
  const pairs = await inLists(merged.map(({ id }) => id), (list) => db.selectFrom('contradiction').select('other_id').where('slice_id', 'in', list).execute());
  const others = [...new Set(pairs.map((pair) => pair.other_id))].filter((id) => id !== kept.id && !merged.some((row) => row.id === id));
  if (others.length === 0) return;
  await db
    .insertInto('contradiction')
    .values(others.flatMap((id) => [{ slice_id: kept.id, other_id: id }, { slice_id: id, other_id: kept.id }]))
    .onConflict((conflict) => conflict.columns(['slice_id', 'other_id']).doNothing())
    .execute();
}

async function requireMergeable(db: StoreDatabase, id: string): Promise<WholeSliceRow> {
  const row = await requireSlice(db, id);
  if (row.text === null) throw new HearthlinkError('invalid-input', { field: 'id', detail: 'what was said stays' });
  if (row.state !== 'held' || row.superseded_by !== null) throw new HearthlinkError('conflict', { kind: 'slice', id, status: row.state });
  return row;
}

/** The first holds what the kept one was like before any of them: a merge only ever adds weight. */
function mergesInto(db: StoreDatabase, keptId: string): Promise<SliceMergeRow[]> {
  return db.selectFrom('slice_merge').selectAll().where('kept_id', '=', keptId).orderBy('at').orderBy('kept_importance').orderBy('kept_pinned').execute();
}

function wholeRows(db: StoreDatabase, ids: readonly string[]): Promise<WholeSliceRow[]> {
  return inLists([...new Set(ids)], (list) => selectWholeSlices(db).where('slice.id', 'in', list).orderBy('slice.row').execute());
}
