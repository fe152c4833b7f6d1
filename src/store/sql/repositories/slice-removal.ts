import type { StoreContext } from '../context.ts';
import { idLists } from '../id-lists.ts';
import { dropVectors } from './slice-vectors.ts';

/** Removes slices with their versions, contradictions, vectors and documents. */
export async function removeSlices(context: StoreContext, ids: readonly string[]): Promise<void> {
  const { db, emit, changed } = context;
  await dropVectors(context, ids);
  for (const list of idLists(ids)) {
    await db.deleteFrom('slice_version').where('slice_id', 'in', list).execute();
    await db.deleteFrom('contradiction').where('slice_id', 'in', list).execute();
    await db.deleteFrom('contradiction').where('other_id', 'in', list).execute();
    await db.deleteFrom('slice').where('id', 'in', list).execute();
  }
  for (const id of ids) emit({ type: 'remove-document', id });
  changed({ slices: ids });
}
