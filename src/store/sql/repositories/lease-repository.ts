import type { StoreContext } from '../context.ts';

/** Reads first, so that asking for a lease that another holds writes nothing. */
export async function acquireLease(
  { db }: StoreContext,
  lease: { name: string; holder: string; until: number; at: number },
): Promise<boolean> {
  const current = await db.selectFrom('lease').selectAll().where('name', '=', lease.name).executeTakeFirst();
  if (current === undefined) {
    await db.insertInto('lease').values({ name: lease.name, holder: lease.holder, until: lease.until }).execute();
    return true;
  }
  if (current.holder !== lease.holder && current.until > lease.at) return false;
  const { numUpdatedRows } = await db
    .updateTable('lease')
    .set({ holder: lease.holder, until: lease.until })
    .where('name', '=', lease.name)
    .where('holder', '=', current.holder)
    .where('until', '=', current.until)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** A lease of another holder stays. */
export async function releaseLease({ db }: StoreContext, lease: { name: string; holder: string; at: number }): Promise<void> {
  await db.deleteFrom('lease').where('name', '=', lease.name).where('holder', '=', lease.holder).execute();
}
