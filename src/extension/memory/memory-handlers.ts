import { commands, env } from 'vscode';
import type { Persona } from '../../agents/persona.ts';
import type { Embedder } from '../../models/port.ts';
import { correctMemory } from '../../memory/curating.ts';
import type { Forgetting } from '../../memory/forgetting.ts';
import { embedQuestion } from '../../memory/recall.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock, IdSource, Log, Timers } from '../../shared/ports.ts';
import type { MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { MemorySnapshot, ScopeChoice } from '../../shared/protocol/memory-views.ts';
import type { Store } from '../../store/port.ts';
import type { Scope } from '../../store/records.ts';
import type { Handlers } from '../view-channel.ts';
import { importanceOf, sliceDetailView, sliceRow, type Place } from './slice-views.ts';
import { storeFilter } from './store-filter.ts';

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

/** The empty answer: it was done. */
type Nothing = Record<string, never>;
const done: Nothing = {};

/** How many a search brings: what nobody scrolls past. */
const searchLimit = 200;

/** What the extension does for each request of the memory browser. */
export function memoryHandlers(parts: MemoryParts): Handlers<MemoryProtocol> {
  return { ready: () => memorySnapshot(parts), ...readingHandlers(parts), ...changingHandlers(parts), ...openingHandlers(parts) };
}

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

type Part<Name extends keyof Handlers<MemoryProtocol>> = Pick<Handlers<MemoryProtocol>, Name>;

export function placeOf({ agent, workspaceId, undoMs }: MemoryParts): Place {
  return { agentId: agent.id, workspaceId: workspaceId(), undoMs };
}

function readingHandlers(parts: MemoryParts): Part<'list' | 'search' | 'detail'> {
  const { store, clock } = parts;
  return {
    list: async ({ filter, offset, limit, counted }) => {
      const place = placeOf(parts);
      const conditions = storeFilter(filter, place);
      const [slices, total] = await Promise.all([
        store.browsing.page({ filter: conditions, offset, limit }),
        counted ? store.browsing.count({ filter: conditions }) : null,
      ]);
      return { slices: slices.map((slice) => sliceRow(slice, place)), total };
    },
    search: async ({ text, filter, meaning }) => {
      const place = placeOf(parts);
      const vector = meaning ? await embedQuestion(parts, text, AbortSignal.timeout(10_000)) : null;
      const hits = await store.browsing.search({
        filter: storeFilter(filter, place),
        recall: {
          text,
          vector,
          agentId: place.agentId,
          workspaceId: place.workspaceId,
          sessionId: null,
          excludeMessageIds: [],
          limit: searchLimit,
          tokenBudget: Number.MAX_SAFE_INTEGER, // a person reads them, not a model
          charactersPerToken: 4,
          at: clock.now(),
        },
      });
      return {
        hits: hits.map(({ slice, why }) => ({ slice: sliceRow(slice, place), why: { words: [...why.words], meaning: why.meaning, neighbour: why.neighbour } })),
        byMeaning: vector !== null,
      };
    },
    detail: async ({ id }) => {
      const detail = await store.browsing.detail({ id });
      return { detail: detail === null ? null : sliceDetailView(detail, placeOf(parts)) };
    },
  };
}

function changingHandlers(parts: MemoryParts): Part<'edit' | 'change' | 'forget' | 'undoForget'> {
  const { store, clock, forgetting } = parts;
  return {
    edit: async ({ id, version, text }) => ({ slice: sliceRow(await correctMemory(parts, { id, version, text }), placeOf(parts)) }),
    change: async ({ slices, importance, pinned, scope, kind }) => {
      const place = placeOf(parts);
      const fields = {
        ...(importance === undefined ? {} : { importance: importanceOf[importance] }),
        ...(pinned === undefined ? {} : { pinned }),
        ...(scope === undefined ? {} : { scope: scopeOf(scope, place) }),
        ...(kind === undefined ? {} : { kind }),
      };
      // Calls that are made together are one write.
      const changed = await Promise.all(slices.map(({ id, version }) => store.slices.edit({ id, version, ...fields, at: clock.now() })));
      return { slices: changed.map((slice) => sliceRow(slice, place)) };
    },
    forget: async ({ ids }) => ({ slices: (await Promise.all(ids.map((id) => forgetting.forget(id)))).map((slice) => sliceRow(slice, placeOf(parts))) }),
    undoForget: async ({ ids }) => ({ slices: (await Promise.all(ids.map((id) => forgetting.undo(id)))).map((slice) => sliceRow(slice, placeOf(parts))) }),
  };
}

/** @throws HearthlinkError `invalid-input` for a workspace where none is open. */
function scopeOf(choice: ScopeChoice, { agentId, workspaceId }: Place): Scope {
  switch (choice) {
    case 'shared':
      return { type: 'shared' };
    case 'agent':
      return { type: 'agent', agentId };
    case 'workspace':
      if (workspaceId !== null) return { type: 'workspace', workspaceId };
      throw new HearthlinkError('invalid-input', { field: 'scope' });
    case 'other-workspace':
      throw new HearthlinkError('invalid-input', { field: 'scope' });
  }
}

function openingHandlers(parts: MemoryParts): Part<'openSource' | 'openReply' | 'openChat' | 'copy'> {
  return {
    openSource: async ({ id }) => {
      await parts.openSource(id);
      return done;
    },
    openReply: async ({ sessionId, messageId }) => {
      await parts.openMessage(sessionId, messageId);
      return done;
    },
    openChat: async () => {
      await commands.executeCommand('hearthlink.openChat');
      return done;
    },
    copy: async ({ text }) => {
      await env.clipboard.writeText(text);
      return done;
    },
  };
}
