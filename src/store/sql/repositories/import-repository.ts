import { HearthlinkError } from '../../../shared/errors.ts';
import type { Import, NewImport, UndoneImport } from '../../transfer-port.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { removeSessionForGood } from './session-deletion.ts';
import { removeSlices } from './slice-removal.ts';
import { planPurge } from './wiping.ts';

/** A repeated id answers the import that has it. */
export async function beginImport({ db }: StoreContext, { id, source, name, at }: NewImport): Promise<Import> {
  await db.insertInto('import').values({ id, source, name, at, undone_at: null }).onConflict((conflict) => conflict.column('id').doNothing()).execute();
  return existingImport(db, id);
}

/** @throws HearthlinkError `not-found`. */
async function existingImport(db: StoreDatabase, id: string): Promise<Import> {
  const row = (await importsWhere(db, id))[0];
  if (row === undefined) throw new HearthlinkError('not-found', { kind: 'import', id });
  return row;
}

/** Newest first. */
export function listImports({ db }: StoreContext): Promise<readonly Import[]> {
  return importsWhere(db, null);
}

/**
 * Takes out, for good, what the import brought: its chats and its memories. A chat that went on since stays, with all its messages.
 * @throws HearthlinkError `not-found`.
 */
export async function undoImport(context: StoreContext, { id, at }: { readonly id: string; readonly at: number }): Promise<UndoneImport> {
  const { db } = context;
  const { undoneAt } = await existingImport(db, id);
  if (undoneAt !== null) return { chats: 0, memories: 0, keptChats: 0 };
  const chats = await db
    .selectFrom('import_item')
    .innerJoin('session', 'session.id', 'import_item.item_id')
    .selectAll('session')
    .where('import_id', '=', id)
    .where('kind', '=', 'session')
    .execute();
  const continued = new Set((await continuedChats(db, id)).map(({ session_id }) => session_id));
  const removed = chats.filter((chat) => !continued.has(chat.id));
  for (const chat of removed) await removeSessionForGood(context, chat);
  const slices = await db.selectFrom('import_item').select('item_id').where('import_id', '=', id).where('kind', '=', 'slice').execute();
  await removeSlices(context, slices.map(({ item_id }) => item_id));
  await db.updateTable('import').set({ undone_at: at }).where('id', '=', id).execute();
  await db.deleteFrom('import_item').where('import_id', '=', id).execute();
  await planPurge(context, at);
  return { chats: removed.length, memories: slices.length, keptChats: chats.length - removed.length };
}

/** Chats of the import that hold a message which it did not bring. */
function continuedChats(db: StoreDatabase, importId: string): Promise<{ session_id: string }[]> {
  return db
    .selectFrom('message')
    .select('session_id')
    .distinct()
    .where('session_id', 'in', (of) => of.selectFrom('import_item').select('item_id').where('import_id', '=', importId).where('kind', '=', 'session'))
    .where('id', 'not in', (of) => of.selectFrom('import_item').select('item_id').where('import_id', '=', importId).where('kind', '=', 'message'))
    .execute();
}

async function importsWhere(db: StoreDatabase, id: string | null): Promise<Import[]> {
  const query = db.selectFrom('import').selectAll().orderBy('at', 'desc').orderBy('id', 'desc');
  const rows = await (id === null ? query : query.where('id', '=', id)).execute();
  const counts = await db
    .selectFrom('import_item')
    .select((of) => ['import_id', 'kind', of.fn.countAll<number>().as('count')])
    .groupBy(['import_id', 'kind'])
    .execute();
  const countOf = (importId: string, kind: 'session' | 'slice'): number =>
    counts.find((row) => row.import_id === importId && row.kind === kind)?.count ?? 0;
  return rows.map(({ undone_at, ...row }) => ({
    ...row,
    undoneAt: undone_at,
    chats: countOf(row.id, 'session'),
    memories: countOf(row.id, 'slice'),
  }));
}
