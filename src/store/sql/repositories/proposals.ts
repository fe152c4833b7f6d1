import { HearthlinkError } from '../../../shared/errors.ts';
import type { Slice } from '../../records.ts';
import type { StoreContext } from '../context.ts';
import { markForgotten } from './forgetting.ts';
import { updateSlice } from './slice-repository.ts';
import { documentOf, requireSlice, slicesById } from './slice-rows.ts';

/**
 * Holds the proposed ones among these, in one write. Those that were decided elsewhere meanwhile are answered as they are.
 *
 * @throws HearthlinkError `not-found` when one is gone.
 */
export async function acceptProposals(context: StoreContext, { ids }: { readonly ids: readonly string[]; readonly at: number }): Promise<readonly Slice[]> {
  for (const id of new Set(ids)) {
    const row = await requireSlice(context.db, id);
    if (row.state !== 'proposed') continue;
    const held = await updateSlice(context, row, { state: 'held' });
    context.emit({ type: 'put-document', document: documentOf(held) });
  }
  return slicesById(context.db, ids);
}

/**
 * Refuses proposals in one write, with undo until `undoUntil`. They are not proposed again; unlike with forgetting, the words
 * they were taken from stay where they were said.
 *
 * @throws HearthlinkError `not-found` when one is gone; `conflict` for what was said, and, unless `alsoHeld`, when one is held already,
 * which is for `forget`.
 */
export async function rejectProposals(
  context: StoreContext,
  change: { readonly ids: readonly string[]; readonly alsoHeld?: boolean; readonly undoUntil: number; readonly at: number },
): Promise<readonly Slice[]> {
  for (const id of new Set(change.ids)) {
    const row = await requireSlice(context.db, id);
    const isKept = row.state === 'held' && (change.alsoHeld !== true || row.text === null);
    if (isKept) throw new HearthlinkError('conflict', { kind: 'slice', id, status: row.state });
    if (row.state !== 'forgotten') await markForgotten(context, row, { ...change, rejected: true });
  }
  return slicesById(context.db, change.ids);
}
