import type { StoreContext, StoreDatabase } from '../context.ts';

/** Takes the turns of a session out of lists and recall; of a temporary one also the facts that were learned in it. */
export async function hideSessionSlices(context: StoreContext, sessionId: string): Promise<void> {
  const ids = await setHidden(context.db, sessionId, 1);
  context.emit({ type: 'set-visible', ids, visible: false });
  context.changed({ slices: ids });
}

/** Gives the turns of a session back to lists, and those of its active branch to recall. */
export async function showSessionSlices(context: StoreContext, sessionId: string): Promise<void> {
  const ids = await setHidden(context.db, sessionId, 0);
  context.emit({ type: 'set-visible', ids: await recallableTurns(context.db, sessionId), visible: true });
  context.changed({ slices: ids });
}

async function setHidden(db: StoreDatabase, sessionId: string, hidden: 0 | 1): Promise<string[]> {
  const rows = await db
    .updateTable('slice')
    .set({ hidden })
    .where('message_id', 'in', (of) => of.selectFrom('message').select('id').where('session_id', '=', sessionId))
    .where((is) =>
      is.or([
        is('text', 'is', null),
        is.exists(is.selectFrom('session').select('id').where('id', '=', sessionId).where('temporary', '=', 1)),
      ]),
    )
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

async function recallableTurns(db: StoreDatabase, sessionId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('slice', 'slice.message_id', 'message.id')
    .where('message.session_id', '=', sessionId)
    .where('message.active', '=', 1)
    .where('slice.text', 'is', null)
    .where('slice.state', '=', 'held')
    .where('slice.superseded_by', 'is', null)
    .where('slice.archived_at', 'is', null)
    .select('slice.id')
    .execute();
  return rows.map((row) => row.id);
}
