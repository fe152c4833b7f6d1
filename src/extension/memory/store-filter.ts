import type { ImportanceLevel, MemoryFilter, ScopeChoice } from '../../shared/protocol/memory-views.ts';
import type { BrowseFilter, ScopeCondition } from '../../store/browsing-port.ts';
import type { Provenance } from '../../store/records.ts';
import { importanceBounds, type Place } from './slice-views.ts';

/** The reader's filter as the store knows it. Nothing chosen in a group means that the group holds for all. */
export function storeFilter(filter: MemoryFilter, place: Place): BrowseFilter {
  const { kinds, scopes, speakers, sources, importance, from, to, pinned, replaced, archived, about } = filter;
  return {
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(scopes.length === 0 ? {} : { scopes: scopeCondition(scopes, place) }),
    ...(speakers.length === 0 ? {} : { speakers: speakers.map((speaker) => (speaker === 'user' ? 'user' : place.agentId)) }),
    ...(sources.length === 0 ? {} : { sources: sources.map((source) => sourceTypes[source]) }),
    ...(importance.length === 0 ? {} : { importances: importance.map((level) => importanceRanges[level]) }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...(pinned ? { pinned } : {}),
    ...(replaced ? { superseded: replaced } : {}),
    archived,
    ...(about === '' ? {} : { about }),
  };
}

const sourceTypes: Readonly<Record<MemoryFilter['sources'][number], Provenance['type']>> = { chat: 'message', editor: 'editor', user: 'user' };

const importanceRanges: Readonly<Record<ImportanceLevel, { readonly from: number; readonly below: number }>> = {
  low: { from: 0, below: importanceBounds.normal },
  normal: { from: importanceBounds.normal, below: importanceBounds.high },
  high: { from: importanceBounds.high, below: 1.01 },
};

function scopeCondition(choices: readonly ScopeChoice[], { agentId, workspaceId }: Place): ScopeCondition {
  const keys = choices.flatMap((choice) => {
    switch (choice) {
      case 'shared':
        return ['shared'];
      case 'agent':
        return [`agent:${agentId}`];
      case 'workspace':
        return workspaceId === null ? [] : [`workspace:${workspaceId}`];
      case 'other-workspace':
        return [];
    }
  });
  // A list in SQL holds at least one entry; this one is no scope.
  return { keys: keys.length === 0 ? ['none'] : keys, ...(choices.includes('other-workspace') ? { workspacesBesides: workspaceId } : {}) };
}
