import type { StoreContext } from '../context.ts';
import { idLists } from '../id-lists.ts';

/** Takes back the vectors of these slices, of every model; they count as missing again. */
export async function dropVectors({ db, emit }: StoreContext, ids: readonly string[]): Promise<void> {
  for (const list of idLists(ids)) {
    await db
      .deleteFrom('embedded')
      .where('slice_row', 'in', (of) => of.selectFrom('slice').select('row').where('id', 'in', list))
      .execute();
  }
  for (const id of ids) emit({ type: 'remove-vectors', id });
}
