import { HearthlinkError } from '../../../shared/errors.ts';
import type { Session } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import type { SessionRow } from '../schema.ts';
import { bringBack, markForgotten } from './forgetting.ts';
import { requireSession, toSession, updateSession } from './session-repository.ts';
import { hideSessionSlices, showSessionSlices } from './session-visibility.ts';
import { removeSlicesOf } from './slice-removal.ts';
import { selectWholeSlices } from './slice-rows.ts';

/** A deleted chat can be brought back for a minute; from then on the next wipe removes it. */
const undoMilliseconds = 60_000;

/**
 * With `alsoFacts`, what was learned in it is forgotten like any slice, and comes back with the chat. That may be asked for once more, of a
 * chat that is deleted already: first one hears how many facts there are.
 *
 * @throws HearthlinkError `not-found` when it is wiped, and when it was deleted before and nothing more is asked.
 */
export async function deleteSession(
  context: StoreContext,
  change: { id: string; alsoFacts: boolean; at: number },
): Promise<{ readonly facts: number }> {
  const row = change.alsoFacts ? await sessionOrDeleted(context, change.id) : await requireSession(context.db, change.id);
  const facts = await factsOf(context.db, row.id).where('slice.state', '!=', 'forgotten').execute();
  if (row.deleted_at === null) await hideSessionSlices(context, row.id);
  if (change.alsoFacts) {
    const undoUntil = change.at + undoMilliseconds;
    for (const fact of facts) await markForgotten(context, fact, { undoUntil, at: change.at, withSession: row.id });
  }
  if (row.deleted_at === null) await updateSession(context, row, { deleted_at: change.at });
  return { facts: facts.length };
}

/** What a deletion answered, for a caller that did not hear it: how many facts it finds now. */
export async function factsInSession({ db }: StoreContext, { id }: { readonly id: string }): Promise<{ readonly facts: number }> {
  const facts = await factsOf(db, id)
    .where((is) => is.or([is('slice.state', '!=', 'forgotten'), is('slice.forgotten_with', '=', id)]))
    .execute();
  return { facts: facts.length };
}

/** @throws HearthlinkError `not-found` when it has been wiped. One that is not deleted is answered as it is. */
export async function undoDeleteSession(context: StoreContext, change: { id: string; at: number }): Promise<Session> {
  const row = await sessionOrDeleted(context, change.id);
  if (row.deleted_at === null) return toSession(row);
  const session = await updateSession(context, row, { deleted_at: null });
  if (row.status !== 'expired') await showSessionSlices(context, row.id);
  const facts = await factsOf(context.db, row.id).where('slice.forgotten_with', '=', row.id).execute();
  for (const fact of facts) await bringBack(context, fact);
  return session;
}

async function sessionOrDeleted({ db }: StoreContext, id: string): Promise<SessionRow> {
  const row = await db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new HearthlinkError('not-found', { kind: 'session', id });
  return row;
}

/** Removes the rows of chats that were deleted over a minute before `at`, and of expired ones. Answers how many chats. */
export async function removeSessionsForGood(context: StoreContext, at: number): Promise<number> {
  const rows = await context.db
    .selectFrom('session')
    .selectAll()
    .where((is) => is.or([is('deleted_at', '<', at - undoMilliseconds), is('status', '=', 'expired')]))
    .execute();
  for (const row of rows) await removeSessionForGood(context, row);
  return rows.length;
}

/** Removes a chat with its messages, and what is remembered of it alone. */
export async function removeSessionForGood(context: StoreContext, session: SessionRow): Promise<void> {
  const { db } = context;
  await removeSlicesOf(context, session);
  // Facts that are kept name their source, but quote nothing of it any longer.
  await db
    .updateTable('slice')
    .set({ quote: null })
    .where('message_id', 'in', (of) => of.selectFrom('message').select('id').where('session_id', '=', session.id))
    .execute();
  for (const table of ['attachment', 'memory_use'] as const) {
    await db
      .deleteFrom(table)
      .where('message_id', 'in', (of) => of.selectFrom('message').select('id').where('session_id', '=', session.id))
      .execute();
  }
  await db.deleteFrom('message').where('session_id', '=', session.id).execute();
  await db.deleteFrom('session').where('id', '=', session.id).execute();
  context.changed({ sessions: [session.id] });
}

/** Slices with words of their own that were taken from the session's messages. */
function factsOf(db: StoreDatabase, sessionId: string) {
  return selectWholeSlices(db)
    .where('slice.message_id', 'in', (of) => of.selectFrom('message').select('id').where('session_id', '=', sessionId))
    .where('slice.text', 'is not', null)
    .orderBy('slice.row');
}
