import { HearthlinkError } from '../../../shared/errors.ts';
import type { IndexedDocument } from '../../effects.ts';
import type { Provenance, Scope, Slice } from '../../records.ts';
import type { StoreDatabase } from '../context.ts';
import { groupBy, inLists } from '../id-lists.ts';
import type { NewSliceRow, SliceRow } from '../schema.ts';
import { turnSliceId } from './turn-slices.ts';

/** A slice with what it borrows: a turn's text, and the name of the chat it comes from. */
export interface WholeSliceRow extends SliceRow {
  message_text: string | null;
  message_depth: number | null;
  message_active: number | null;
  source_title: string | null;
  session_temporary: number | null;
}

/** Slices with what they borrow, for further conditions on `slice`, `message` and `session`. */
export function selectWholeSlices(db: StoreDatabase) {
  return db
    .selectFrom('slice')
    .leftJoin('message', 'message.id', 'slice.message_id')
    .leftJoin('session', (join) => join.onRef('session.id', '=', 'slice.session_id').on('session.deleted_at', 'is', null))
    .selectAll('slice')
    .select([
      'message.text as message_text',
      'message.depth as message_depth',
      'message.active as message_active',
      'session.title as source_title',
      'session.temporary as session_temporary',
    ]);
}

/** @throws HearthlinkError `not-found`; `conflict` when it is not the version that the caller has seen. */
export async function requireSlice(db: StoreDatabase, id: string, version?: number): Promise<WholeSliceRow> {
  const row = await selectWholeSlices(db).where('slice.id', '=', id).executeTakeFirst();
  if (row === undefined) throw new HearthlinkError('not-found', { kind: 'slice', id });
  if (version !== undefined && version !== row.version) {
    throw new HearthlinkError('conflict', { kind: 'slice', id, expected: version, actual: row.version });
  }
  return row;
}

/** @throws HearthlinkError `not-found`. */
export async function existingSlice(db: StoreDatabase, id: string): Promise<Slice> {
  const [slice] = await toSlices(db, [await requireSlice(db, id)]);
  if (slice === undefined) throw new HearthlinkError('not-found', { kind: 'slice', id });
  return slice;
}

/** The slices of these ids that are there, in the order of `ids`. */
export async function slicesById(db: StoreDatabase, ids: readonly string[]): Promise<Slice[]> {
  const rows = await inLists(ids, (list) => selectWholeSlices(db).where('slice.id', 'in', list).execute());
  const slices = new Map((await toSlices(db, rows)).map((slice) => [slice.id, slice]));
  return ids.flatMap((id) => slices.get(id) ?? []);
}

export async function toSlices(db: StoreDatabase, rows: readonly WholeSliceRow[]): Promise<Slice[]> {
  const contradictions = groupBy(
    await contradictionsOf(
      db,
      rows.map((row) => row.id),
    ),
    (pair) => pair.slice_id,
  );
  return rows.map((row) =>
    toSlice(
      row,
      (contradictions.get(row.id) ?? []).map((pair) => pair.other_id),
    ),
  );
}

/** Pairs whose other side still stands against them. */
function contradictionsOf(db: StoreDatabase, ids: readonly string[]): Promise<{ slice_id: string; other_id: string }[]> {
  return inLists(ids, (list) =>
    db
      .selectFrom('contradiction')
      .innerJoin('slice as other', 'other.id', 'contradiction.other_id')
      .select(['contradiction.slice_id', 'contradiction.other_id'])
      .where('contradiction.slice_id', 'in', list)
      .where('other.state', '!=', 'forgotten')
      .where('other.superseded_by', 'is', null)
      .orderBy('contradiction.other_id')
      .execute(),
  );
}

export function toSlice(row: WholeSliceRow, contradicts: readonly string[]): Slice {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    text: textOf(row),
    speaker: row.speaker,
    scope: toScope(row.scope),
    importance: row.importance,
    confidence: row.confidence,
    provenance: toProvenance(row),
    sourceTitle: row.source_title,
    createdAt: row.created_at,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    supersededBy: row.superseded_by,
    contradicts,
    pinned: row.pinned === 1,
    recallCount: row.recall_count,
    forgottenAt: row.forgotten_at,
    archivedAt: row.archived_at,
    expiresAt: row.expires_at,
    version: row.version,
  };
}

export function textOf(row: Pick<WholeSliceRow, 'text' | 'message_text'>): string {
  return row.text ?? row.message_text ?? '';
}

/** Facts stand alone: they have no neighbours, but raise the turn they were taken from. */
const factGroup = 'facts';

export function documentOf(row: WholeSliceRow): IndexedDocument {
  const isTurn = row.text === null;
  return {
    id: row.id,
    group: isTurn ? (row.session_id ?? factGroup) : factGroup,
    order: row.message_depth ?? 0,
    text: textOf(row),
    speaker: row.speaker,
    at: row.valid_from,
    kind: row.kind,
    factOf: isTurn || row.message_id === null ? null : turnSliceId(row.message_id),
    scope: row.scope,
    visible: isVisible(row),
  };
}

/** Whether recall may see it at all; who asks, and when, is looked at then. */
export function isVisible(row: Pick<WholeSliceRow, 'state' | 'superseded_by' | 'archived_at' | 'hidden' | 'text' | 'message_active'>): boolean {
  const isOnActiveBranch = row.text !== null || row.message_active === 1;
  return row.state === 'held' && row.superseded_by === null && row.archived_at === null && row.hidden === 0 && isOnActiveBranch;
}

export function scopeKey(scope: Scope): string {
  switch (scope.type) {
    case 'shared':
      return 'shared';
    case 'agent':
      return `agent:${scope.agentId}`;
    case 'workspace':
      return `workspace:${scope.workspaceId}`;
  }
}

function toScope(key: string): Scope {
  const [type, id] = splitOnce(key, ':');
  if (type === 'agent') return { type, agentId: id };
  if (type === 'workspace') return { type, workspaceId: id };
  return { type: 'shared' };
}

function splitOnce(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Where a slice comes from, as its row keeps it. */
export function provenanceToColumns(provenance: Provenance): Pick<NewSliceRow, 'source' | 'session_id' | 'message_id' | 'quote' | 'uri' | 'first_line' | 'last_line'> {
  const message = provenance.type === 'message' ? provenance : null;
  const editor = provenance.type === 'editor' ? provenance : null;
  return {
    source: provenance.type,
    session_id: message === null ? null : message.sessionId,
    message_id: message === null ? null : message.messageId,
    quote: message === null ? null : message.quote,
    uri: editor === null ? null : editor.uri,
    first_line: editor === null ? null : editor.firstLine,
    last_line: editor === null ? null : editor.lastLine,
  };
}

function toProvenance(row: SliceRow): Provenance {
  switch (row.source) {
    case 'message':
      return { type: 'message', sessionId: row.session_id ?? '', messageId: row.message_id ?? '', quote: row.quote };
    case 'editor':
      return { type: 'editor', uri: row.uri ?? '', firstLine: row.first_line ?? 0, lastLine: row.last_line ?? 0 };
    case 'user':
      return { type: 'user' };
  }
}

