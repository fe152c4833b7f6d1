import { HearthlinkError, type ErrorCode } from '../../../src/shared/errors.ts';
import type { Store } from '../../../src/store/port.ts';
import { realIds } from '../../support/store/real-store.ts';

export const isRefusal = (code: ErrorCode) => (error: unknown) => HearthlinkError.is(error, code);

export async function addChat(store: Store, title: string): Promise<void> {
  await store.sessions.create({ id: realIds.next(), agentId: 'alden', title, temporary: false, workspaceId: null, expiresAt: null, at: Date.now() });
}

export async function titles(store: Store): Promise<string[]> {
  return (await store.sessions.list({ limit: 1000 })).map(({ title }) => title).sort();
}
