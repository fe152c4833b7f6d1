import type { ExpressionBuilder } from 'kysely';

import type { StoreContext } from '../context.ts';
import { idLists } from '../id-lists.ts';
import type { SessionRow, StoreSchema } from '../schema.ts';
import { releaseMergedInto } from './slice-merging.ts';
import { dropVectors } from './slice-vectors.ts';

/** Removes slices with their versions, contradictions, vectors and documents. */
export async function removeSlices(context: StoreContext, ids: readonly string[]): Promise<void> {
  const { db } = context;
  await dropVectors(context, ids);
  for (const list of idLists(ids)) {
    await db.deleteFrom('slice_version').where('slice_id', 'in', list).execute();
    await db.deleteFrom('contradiction').where('slice_id', 'in', list).execute();
    await db.deleteFrom('contradiction').where('other_id', 'in', list).execute();
    await db.deleteFrom('slice').where('id', 'in', list).execute();
  }
  await releaseMergedInto(context, ids);
  tellRemoved(context, ids);
}

/**
 * The same for the turns of a session, and with a temporary one for the facts from it. A chat may have ten thousand of them,
 * so no statement lists them.
 */
export async function removeSlicesOf(context: StoreContext, session: Pick<SessionRow, 'id' | 'temporary'>): Promise<void> {
  const { db } = context;
  const slices = (of: ExpressionBuilder<StoreSchema, keyof StoreSchema>) =>
    of
      .selectFrom('slice')
      .where('slice.message_id', 'in', of.selectFrom('message').select('message.id').where('message.session_id', '=', session.id))
      .$if(session.temporary === 0, (those) => those.where('slice.text', 'is', null));
  await db
    .deleteFrom('embedded')
    .where('slice_row', 'in', (of) => slices(of).select('slice.row'))
    .execute();
  await db
    .deleteFrom('slice_version')
    .where('slice_id', 'in', (of) => slices(of).select('slice.id'))
    .execute();
  await db
    .deleteFrom('contradiction')
    .where((of) => of.or([of('slice_id', 'in', slices(of).select('slice.id')), of('other_id', 'in', slices(of).select('slice.id'))]))
    .execute();
  const removed = await db
    .deleteFrom('slice')
    .where('id', 'in', (of) => slices(of).select('slice.id'))
    .returning('id')
    .execute();
  const ids = removed.map((slice) => slice.id);
  for (const id of ids) context.emit({ type: 'remove-vectors', id });
  await releaseMergedInto(context, ids);
  tellRemoved(context, ids);
}

function tellRemoved({ emit, changed }: StoreContext, ids: readonly string[]): void {
  for (const id of ids) emit({ type: 'remove-document', id });
  changed({ slices: ids });
}
