import { HearthlinkError } from '../../../shared/errors.ts';
import type { NewSession } from '../../session-port.ts';
import type { Session, SessionStatus } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import type { SessionRow } from '../schema.ts';
import { hideSessionSlices } from './session-visibility.ts';
import { checkTransition } from './session-transitions.ts';

/** A repeated id answers the session that has it. */
export async function createSession({ db, changed }: StoreContext, session: NewSession): Promise<Session> {
  if (session.temporary && session.expiresAt === null) {
    throw new HearthlinkError('invalid-input', { field: 'expiresAt', detail: 'a temporary session expires' });
  }
  const row: SessionRow = {
    id: session.id,
    agent_id: session.agentId,
    title: session.title,
    title_by: 'none',
    status: 'active',
    temporary: session.temporary ? 1 : 0,
    workspace_id: session.workspaceId,
    created_at: session.at,
    updated_at: session.at,
    expires_at: session.expiresAt,
    deleted_at: null,
    active_leaf_id: null,
    message_count: 0,
    version: 1,
  };
  const existing = await findSession(db, session.id);
  if (existing !== undefined) return toSession(existing);
  await db.insertInto('session').values(row).execute();
  changed({ sessions: [session.id] });
  return toSession(row);
}

/** Null for an unknown id and for a deleted session. */
export async function getSession({ db }: StoreContext, id: string): Promise<Session | null> {
  const row = await findSession(db, id);
  return row === undefined ? null : toSession(row);
}

/** @throws HearthlinkError `not-found`. */
export async function existingSession(db: StoreDatabase, id: string): Promise<Session> {
  return toSession(await requireSession(db, id));
}

/** Newest first, without deleted and expired ones. */
export async function listSessions(
  { db }: StoreContext,
  page: { readonly limit: number; readonly before?: number; readonly includeArchived?: boolean },
): Promise<readonly Session[]> {
  let query = db.selectFrom('session').selectAll().where('deleted_at', 'is', null).where('status', '!=', 'expired');
  if (page.before !== undefined) query = query.where('updated_at', '<', page.before);
  if (page.includeArchived !== true) query = query.where('status', '!=', 'archived');
  const rows = await query.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute();
  return rows.map(toSession);
}

/** A title that the user chose stays when the agent proposes another. A new name does not move a chat up in the list. */
export async function renameSession(
  context: StoreContext,
  change: { id: string; title: string; by: 'agent' | 'user'; version?: number; at: number },
): Promise<Session> {
  const row = await requireSession(context.db, change.id, change.version);
  if (change.by === 'agent' && row.title_by === 'user') return toSession(row);
  return updateSession(context, row, { title: change.title, title_by: change.by });
}

/** A session that already has the status is answered as it is. */
export async function transitionSession(
  context: StoreContext,
  change: { id: string; to: SessionStatus; version?: number; at: number },
): Promise<Session> {
  const row = await requireSession(context.db, change.id, change.version);
  if (row.status === change.to) return toSession(row);
  checkTransition({ status: row.status, temporary: row.temporary === 1 }, change.to);
  if (change.to === 'expired') await hideSessionSlices(context, row.id);
  return updateSession(context, row, { status: change.to, updated_at: change.at });
}

/** Temporary sessions past their time leave every list and recall; the wipe removes them. */
export async function expireSessions(context: StoreContext, at: number): Promise<number> {
  const rows = await context.db
    .selectFrom('session')
    .selectAll()
    .where('temporary', '=', 1)
    .where('status', '!=', 'expired')
    .where('expires_at', '<=', at)
    .execute();
  for (const row of rows) {
    await hideSessionSlices(context, row.id);
    await updateSession(context, row, { status: 'expired', updated_at: at });
  }
  return rows.length;
}

/** The row of a session that is not deleted. */
function findSession(db: StoreDatabase, id: string): Promise<SessionRow | undefined> {
  return db.selectFrom('session').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst();
}

/**
 * @param version What the caller has seen, for compare-and-set.
 * @throws HearthlinkError `not-found`; `conflict` with `expected` and `actual` when somebody changed it since.
 */
export async function requireSession(db: StoreDatabase, id: string, version?: number): Promise<SessionRow> {
  const row = await findSession(db, id);
  if (row === undefined) throw new HearthlinkError('not-found', { kind: 'session', id });
  if (version !== undefined && version !== row.version) {
    throw new HearthlinkError('conflict', { kind: 'session', id, expected: version, actual: row.version });
  }
  return row;
}

/** Writes fields of a session that was just read, raising its version; refused if it is no longer the one that was read. */
export async function updateSession({ db, changed }: StoreContext, row: SessionRow, fields: Partial<SessionRow>): Promise<Session> {
  const next = { ...row, ...fields, version: row.version + 1 };
  const { numUpdatedRows } = await db
    .updateTable('session')
    .set({ ...fields, version: next.version })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new HearthlinkError('conflict', { kind: 'session', id: row.id, expected: row.version });
  changed({ sessions: [row.id] });
  return toSession(next);
}

export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    agentId: row.agent_id,
    title: row.title,
    titleBy: row.title_by,
    status: row.status,
    temporary: row.temporary === 1,
    workspaceId: row.workspace_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    activeLeafId: row.active_leaf_id,
    messageCount: row.message_count,
    version: row.version,
  };
}
