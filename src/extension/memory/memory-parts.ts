import type { Persona } from '../../agents/persona.ts';
import type { Forgetting } from '../../memory/forgetting.ts';
import type { Embedder } from '../../models/port.ts';
import type { Clock, IdSource, Log, Timers } from '../../shared/ports.ts';
import type { MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { MemorySnapshot } from '../../shared/protocol/memory-views.ts';
import type { Store } from '../../store/port.ts';
import type { Handlers } from '../view-channel.ts';
import type { Place } from './slice-views.ts';

/** What the memory browser works with. */
export interface MemoryParts {
  readonly agent: Persona;
  readonly store: Store;
  readonly embedder: Embedder;
  readonly forgetting: Forgetting;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: IdSource;
  readonly log: Log;
  readonly undoMs: number;
  /** Scope key of the open folder; null where none is. */
  readonly workspaceId: () => string | null;
  /** Shows a message of a chat. */
  openMessage(sessionId: string, messageId: string): Promise<void>;
  /** Shows where a memory comes from. */
  openSource(id: string): Promise<void>;
}

/** A part of the handlers. */
export type Part<Name extends keyof Handlers<MemoryProtocol>> = Pick<Handlers<MemoryProtocol>, Name>;

/** Where the reader is. */
export function placeOf({ agent, workspaceId, undoMs }: MemoryParts): Place {
  return { agentId: agent.id, workspaceId: workspaceId(), undoMs };
}

/** What the view begins with, and what is told again when it changed. */
export async function memorySnapshot({ agent, store, workspaceId }: MemoryParts): Promise<MemorySnapshot> {
  const [total, proposed, settings, status] = await Promise.all([
    store.browsing.count({ filter: {} }),
    store.slices.list({ limit: 1, offset: 0, states: ['proposed'] }),
    store.agents.settings(agent.id),
    store.status(),
  ]);
  return {
    agent: { id: agent.id, name: agent.name },
    total,
    toReview: proposed.total,
    hasWorkspace: workspaceId() !== null,
    alwaysAccepts: settings.captureMode === 'automatic',
    isReadOnly: status.state !== 'ready',
    problem: status.problem,
  };
}
