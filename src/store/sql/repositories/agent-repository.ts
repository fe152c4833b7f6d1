import type { AgentSettings, CaptureMode } from '../../records.ts';
import type { StoreContext } from '../context.ts';

/** An agent that nothing was chosen for yet has version 0. */
export async function agentSettings({ db }: StoreContext, agentId: string): Promise<AgentSettings> {
  const row = await db.selectFrom('agent').selectAll().where('id', '=', agentId).executeTakeFirst();
  return { agentId, captureMode: row?.capture_mode ?? 'unset', version: row?.version ?? 0 };
}

export async function setCaptureMode(
  context: StoreContext,
  change: { agentId: string; mode: CaptureMode; at: number },
): Promise<AgentSettings> {
  const { version } = await agentSettings(context, change.agentId);
  const fields = { capture_mode: change.mode, updated_at: change.at, version: version + 1 };
  await context.db
    .insertInto('agent')
    .values({ id: change.agentId, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
  context.changed({ agents: true });
  return { agentId: change.agentId, captureMode: change.mode, version: version + 1 };
}
