import { HearthlinkError } from '../../../shared/errors.ts';
import type { StoreDatabase } from '../context.ts';
import { idLists } from '../id-lists.ts';
import { fingerprintOf } from '../sameness.ts';

/** The key of this store's fingerprints. Made with the store and kept in it, so that every replica hashes alike. */
export async function tombstoneKey(db: StoreDatabase): Promise<Uint8Array> {
  const secret = await db.selectFrom('store_secret').select('value').where('name', '=', 'tombstone-key').executeTakeFirst();
  if (secret === undefined) throw new HearthlinkError('store-damaged', { detail: 'the key of the tombstones is missing' });
  return secret.value;
}

/** Whether one of these was wiped, or is forgotten, in its own words or those it quotes, and waits for it. */
export async function isForgotten(db: StoreDatabase, fingerprints: readonly string[], key: Uint8Array): Promise<boolean> {
  const tombstone = await db.selectFrom('tombstone').select('at').where('fingerprint', 'in', fingerprints).limit(1).executeTakeFirst();
  if (tombstone !== undefined) return true;
  const waiting = await db
    .selectFrom('slice')
    .select(['fingerprint', 'quote'])
    .where('forgotten_at', 'is not', null)
    .execute();
  return waiting.some(({ fingerprint, quote }) => [fingerprint, quote === null ? null : fingerprintOf(quote, key)].some((one) => one !== null && fingerprints.includes(one)));
}

export async function addTombstones(db: StoreDatabase, fingerprints: Iterable<string>, at: number): Promise<void> {
  const distinct = [...new Set(fingerprints)];
  if (distinct.length === 0) return;
  for (const list of idLists(distinct)) {
    await db
      .insertInto('tombstone')
      .values([...new Set(list)].map((fingerprint) => ({ fingerprint, at })))
      .onConflict((conflict) => conflict.column('fingerprint').doNothing())
      .execute();
  }
}
