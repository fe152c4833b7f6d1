import { maskSecrets } from '../../memory/secrets.ts';
import type { ImportanceLevel, ScopeChoice, SliceDetailView, SliceRow, StatisticsView } from '../../shared/protocol/memory-views.ts';
import type { MemoryStatistics, SliceDetail } from '../../store/browsing-port.ts';
import type { Scope, Slice } from '../../store/records.ts';

/** Where the reader is, which decides how a scope is called. */
export interface Place {
  readonly agentId: string;
  readonly workspaceId: string | null;
  /** How long after forgetting a memory can be brought back, in milliseconds. */
  readonly undoMs: number;
}

/** A row shows one line; more is in the detail. */
const rowCharacters = 400;

export function sliceRow(slice: Slice, place: Place): SliceRow {
  return {
    id: slice.id,
    version: slice.version,
    kind: slice.kind,
    text: maskSecrets(slice.text.slice(0, rowCharacters * 2)).replaceAll(/\s+/g, ' ').slice(0, rowCharacters),
    speaker: slice.speaker === 'user' ? 'user' : 'agent',
    at: slice.createdAt,
    source: sourceOf(slice),
    scope: scopeChoice(slice.scope, place),
    importance: importanceLevel(slice.importance),
    pinned: slice.pinned,
    replaced: slice.supersededBy !== null,
    archived: slice.archivedAt !== null,
    contradicts: slice.contradicts.length > 0,
    expiresAt: slice.expiresAt,
    undoUntil: slice.forgottenAt === null ? null : slice.forgottenAt + place.undoMs,
  };
}

export function sliceDetailView({ slice, versions, replaces, replacedBy, contradicts, uses }: SliceDetail, place: Place): SliceDetailView {
  const row = (other: Slice): SliceRow => sliceRow(other, place);
  const { provenance } = slice;
  return {
    slice: row(slice),
    text: maskSecrets(slice.text),
    state: slice.state,
    confidence: slice.confidence,
    validFrom: slice.validFrom,
    validTo: slice.validTo,
    quote: provenance.type === 'message' && provenance.quote !== null ? maskSecrets(provenance.quote) : null,
    versions: versions.map(({ text, replacedAt }) => ({ text: maskSecrets(text), replacedAt })),
    replaces: replaces.map(row),
    replacedBy: replacedBy === null ? null : row(replacedBy),
    contradicts: contradicts.map(row),
    uses: { total: uses.total, latest: [...uses.latest] },
  };
}

export function statisticsView({ bySource, superseded, ...counts }: MemoryStatistics): StatisticsView {
  return { ...counts, replaced: superseded, bySource: { chat: bySource.message, editor: bySource.editor, user: bySource.user } };
}

function sourceOf({ provenance, sourceTitle }: Slice): SliceRow['source'] {
  switch (provenance.type) {
    case 'message':
      return { type: 'chat', title: sourceTitle ?? '', canOpen: sourceTitle !== null };
    case 'editor':
      return { type: 'editor', title: provenance.uri.split('/').at(-1) ?? provenance.uri, canOpen: true };
    case 'user':
      return { type: 'user', title: '', canOpen: false };
  }
}

function scopeChoice(scope: Scope, { workspaceId }: Place): ScopeChoice {
  if (scope.type !== 'workspace') return scope.type;
  return scope.workspaceId === workspaceId ? 'workspace' : 'other-workspace';
}

/** Where one level ends and the next begins. Turns are born at .5, what a person asks to remember at .8. */
export const importanceBounds = { normal: 0.35, high: 0.65 } as const;

/** What a level becomes when a reader chooses it. */
export const importanceOf: Readonly<Record<ImportanceLevel, number>> = { low: 0.2, normal: 0.5, high: 0.8 };

function importanceLevel(importance: number): ImportanceLevel {
  if (importance >= importanceBounds.high) return 'high';
  return importance >= importanceBounds.normal ? 'normal' : 'low';
}
