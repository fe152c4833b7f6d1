import { commands, env, workspace } from 'vscode';
import { embedQuestion } from '../../memory/recall.ts';
import type { MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { Handlers } from '../view-channel.ts';
import { changingHandlers } from './changing-handlers.ts';
import { memorySnapshot, placeOf, type MemoryParts, type Part } from './memory-parts.ts';
import { reviewHandlers } from './review-handlers.ts';
import { sliceDetailView, sliceRow, statisticsView } from './slice-views.ts';
import { storeFilter } from './store-filter.ts';

/** The empty answer: it was done. */
type Nothing = Record<string, never>;
const done: Nothing = {};

/** How many a search brings: what nobody scrolls past. */
const searchLimit = 100;

/** What the extension does for each request of the memory browser. */
export function memoryHandlers(parts: MemoryParts): Handlers<MemoryProtocol> {
  return { ready: () => memorySnapshot(parts), ...readingHandlers(parts), ...changingHandlers(parts), ...reviewHandlers(parts), ...openingHandlers(parts) };
}

function readingHandlers(parts: MemoryParts): Part<'list' | 'search' | 'detail' | 'weeks' | 'statistics' | 'graph'> {
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
    weeks: async ({ filter }) => ({ weeks: [...(await store.browsing.weeks({ filter: storeFilter(filter, placeOf(parts)) }))] }),
    graph: async ({ limit }) => {
      const { entities, ties, ...counts } = await store.browsing.graph({ limit, projects: (workspace.workspaceFolders ?? []).map(({ name }) => name) });
      return { ...counts, entities: [...entities], ties: [...ties] };
    },
    statistics: async () => statisticsView(await store.browsing.statistics({ at: clock.now() })),
  };
}

function openingHandlers(parts: MemoryParts): Part<'openSource' | 'openReply' | 'openChat' | 'importMemory' | 'copy'> {
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
    importMemory: async () => {
      await commands.executeCommand('hearthlink.importMemory');
      return done;
    },
    copy: async ({ text }) => {
      await env.clipboard.writeText(text);
      return done;
    },
  };
}
