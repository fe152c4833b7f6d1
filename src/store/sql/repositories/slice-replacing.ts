import { HearthlinkError } from '../../../shared/errors.ts';
import type { AddedSlice, SeenSlice, SliceReplacement } from '../../slice-port.ts';
import type { SimilarityContext, StoreContext } from '../context.ts';
import { addSlices } from './slice-adding.ts';
import { updateSlice } from './slice-repository.ts';
import { documentOf, isVisible, requireSlice, type WholeSliceRow } from './slice-rows.ts';
import { removeSlices } from './slice-removal.ts';

/**
 * The old ones leave recall first, so that a new one that says nearly the same is not answered with the one it replaces. They stay,
 * and name the first of the new ones.
 */
export async function replaceSlices(context: SimilarityContext, { slices, by, at }: SliceReplacement): Promise<readonly AddedSlice[]> {
  const [first] = by;
  if (slices.length === 0 || first === undefined) throw new HearthlinkError('invalid-input', { field: 'by', detail: 'nothing to replace, or by nothing' });
  const replaced: WholeSliceRow[] = [];
  for (const seen of slices) replaced.push(await leaveRecall(context, seen, { by: first.id, at }));
  const added = await addSlices(context, by);
  const kept = added.flatMap((answer) => (answer.outcome === 'forgotten-before' ? [] : [answer.slice]));
  const [head] = kept;
  if (head === undefined || kept.length < by.length) throw new HearthlinkError('forgotten-before');
  if (head.id !== first.id) for (const row of replaced) await updateSlice(context, row, { superseded_by: head.id });
  if (replaced.some(({ pinned }) => pinned === 1)) for (const { id } of kept) await pin(context, id);
  return added;
}

async function leaveRecall(context: StoreContext, seen: SeenSlice, change: { readonly by: string; readonly at: number }): Promise<WholeSliceRow> {
  const row = await requireSlice(context.db, seen.id, seen.version);
  if (row.state !== 'held' || row.superseded_by !== null) throw new HearthlinkError('conflict', { kind: 'slice', id: row.id, status: row.state });
  context.emit({ type: 'set-visible', ids: [row.id], visible: false });
  return updateSlice(context, row, { superseded_by: change.by, valid_to: Math.max(row.valid_from, change.at) });
}

async function pin(context: StoreContext, id: string): Promise<void> {
  const row = await requireSlice(context.db, id);
  if (row.pinned === 0) await updateSlice(context, row, { pinned: 1 });
}

/** What was replaced holds again, and what took its place is gone without a trace. */
export async function undoReplacing(context: StoreContext, change: { readonly ids: readonly string[]; readonly by: readonly SeenSlice[]; readonly at: number }): Promise<void> {
  for (const { id, version } of change.by) await requireSlice(context.db, id, version);
  for (const id of change.ids) {
    const row = await requireSlice(context.db, id);
    if (row.superseded_by === null) continue;
    const held = await updateSlice(context, row, { superseded_by: null, valid_to: null });
    context.emit({ type: 'put-document', document: { ...documentOf(held), visible: isVisible(held) } });
  }
  await removeSlices(context, change.by.map(({ id }) => id));
}

/** A person has decided that both are true. */
export async function fitTogether({ db, changed }: StoreContext, { a, b }: { readonly a: string; readonly b: string; readonly at: number }): Promise<void> {
  await db
    .deleteFrom('contradiction')
    .where((is) => is.or([is.and({ slice_id: a, other_id: b }), is.and({ slice_id: b, other_id: a })]))
    .execute();
  changed({ slices: [a, b] });
}
