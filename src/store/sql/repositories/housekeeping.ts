import type { Database } from 'sql.js';

import type { IndexedDocument } from '../../effects.ts';
import type { ContentStatus } from '../../methods-contract.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { documentOf, selectWholeSlices } from './slice-rows.ts';

/** Every slice that words can find, those that recall must not see included: they may be shown again. */
export async function allDocuments({ db }: StoreContext): Promise<readonly IndexedDocument[]> {
  const rows = await selectWholeSlices(db).orderBy('slice.row').execute();
  return rows.map(documentOf);
}

/** What a reader would count: without deleted chats and what is forgotten. */
export async function contentStatus({ db }: StoreContext): Promise<ContentStatus> {
  const pending = await db.selectFrom('pending_purge').select('since').executeTakeFirst();
  return {
    counts: {
      sessions: await countSessions(db),
      messages: await countMessages(db),
      slices: await countSlices(db),
    },
    purgeDue: pending !== undefined,
  };
}

async function countSessions(db: StoreDatabase): Promise<number> {
  const { count } = await db
    .selectFrom('session')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

async function countMessages(db: StoreDatabase): Promise<number> {
  const { count } = await db
    .selectFrom('message')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

async function countSlices(db: StoreDatabase): Promise<number> {
  const { count } = await db
    .selectFrom('slice')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('hidden', '=', 0)
    .where('state', '!=', 'forgotten')
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * In the copy of the store that is about to be the only one, nothing is left to purge. Where nothing was, as when it is only
 * encrypted, older backups hold nothing more than before.
 */
export function markPurged(database: Database, at: number): void {
  database.run('INSERT OR REPLACE INTO last_purge (id, at) SELECT 1, ? FROM pending_purge', [at]);
  database.run('DELETE FROM pending_purge');
}

/** Null where nothing was ever purged. */
export async function lastPurgeAt({ db }: StoreContext): Promise<number | null> {
  return (await db.selectFrom('last_purge').select('at').executeTakeFirst())?.at ?? null;
}
