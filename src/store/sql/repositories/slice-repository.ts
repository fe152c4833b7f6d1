import { sql } from 'kysely';

import { HearthlinkError } from '../../../shared/errors.ts';
import type { SliceKind } from '../../effects.ts';
import type { SliceListQuery } from '../../slice-port.ts';
import type { Scope, Slice } from '../../records.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { idLists } from '../id-lists.ts';
import { fingerprintOf } from '../sameness.ts';
import type { NewSliceRow, SliceRow } from '../schema.ts';
import { tombstoneKey } from './tombstones.ts';
import { documentOf, requireSlice, scopeKey, selectWholeSlices, slicesById, toSlices, type WholeSliceRow } from './slice-rows.ts';
import { dropVectors } from './slice-vectors.ts';

/** Those that are there, in the order of `ids`; also forgotten ones until they are wiped. */
export function getSlices({ db }: StoreContext, ids: readonly string[]): Promise<readonly Slice[]> {
  return slicesById(db, ids);
}

/** Newest first. Turns of deleted and expired sessions are left out. */
export async function listSlices(
  { db }: StoreContext,
  page: SliceListQuery,
): Promise<{ readonly slices: readonly Slice[]; readonly total: number }> {
  const { total } = await matchingSlices(db, page)
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rowNumbers = matchingSlices(db, page)
    .select('slice.row')
    .orderBy('slice.created_at', 'desc')
    .orderBy('slice.row', 'desc')
    .limit(page.limit)
    .offset(page.offset);
  const rows = await selectWholeSlices(db)
    .where('slice.row', 'in', rowNumbers)
    .orderBy('slice.created_at', 'desc')
    .orderBy('slice.row', 'desc')
    .execute();
  return { slices: await toSlices(db, rows), total };
}

/**
 * The indexes answer these conditions by themselves. Turns are nearly all slices, so where none is asked for, that is said once
 * more in words that the smaller index of facts, or of what is forgotten, was made for.
 */
function matchingSlices(db: StoreDatabase, page: SliceListQuery) {
  let query = db.selectFrom('slice').where('slice.hidden', '=', 0);
  if (page.kinds !== undefined) {
    query = query.where('slice.kind', 'in', page.kinds);
    if (!page.kinds.includes('episodic')) query = query.where('slice.kind', '<>', sql.lit('episodic'));
  }
  if (page.states !== undefined) {
    query = query.where('slice.state', 'in', page.states);
    if (page.states.every((state) => state === 'forgotten')) query = query.where('slice.forgotten_at', 'is not', null);
  }
  if (page.messageIds !== undefined) query = query.where('slice.message_id', 'in', page.messageIds);
  return query;
}

export interface SliceEdit {
  readonly id: string;
  readonly text?: string;
  readonly importance?: number;
  readonly pinned?: boolean;
  readonly scope?: Scope;
  readonly kind?: SliceKind;
  readonly state?: 'held' | 'proposed';
  readonly version?: number;
  readonly at: number;
}

/**
 * An older text is kept as a version.
 *
 * @throws HearthlinkError `conflict` when it has changed since or is forgotten; `invalid-input` for the text or kind of a turn:
 * what was said stays as it was said.
 */
export async function editSlice(context: StoreContext, change: SliceEdit): Promise<Slice> {
  const row = await requireSlice(context.db, change.id, change.version);
  if (row.state === 'forgotten') throw new HearthlinkError('conflict', { kind: 'slice', id: row.id, status: row.state });
  checkEdit(row, change);
  const isNewText = change.text !== undefined && change.text !== row.text;
  const fields: Partial<NewSliceRow> = {
    ...(change.importance === undefined ? {} : { importance: change.importance }),
    ...(change.pinned === undefined ? {} : { pinned: change.pinned ? 1 : 0 }),
    ...(change.scope === undefined ? {} : { scope: scopeKey(change.scope) }),
    ...(change.kind === undefined ? {} : { kind: change.kind }),
    ...(change.state === undefined ? {} : { state: change.state }),
    ...(isNewText ? { text: change.text, fingerprint: fingerprintOf(change.text, await tombstoneKey(context.db)) } : {}),
  };
  if (isNewText) await keepVersion(context, row, change.at);
  const edited = await updateSlice(context, row, fields);
  context.emit({ type: 'put-document', document: documentOf(edited) });
  return oneSlice(context.db, edited);
}

/** Both stay as they are; each names the other. */
export async function markContradiction({ db, changed }: StoreContext, { a, b }: { a: string; b: string; at: number }): Promise<void> {
  if (a === b) throw new HearthlinkError('invalid-input', { field: 'b', detail: 'a slice does not contradict itself' });
  await requireSlice(db, a);
  await requireSlice(db, b);
  await db
    .insertInto('contradiction')
    .values([
      { slice_id: a, other_id: b },
      { slice_id: b, other_id: a },
    ])
    .onConflict((conflict) => conflict.columns(['slice_id', 'other_id']).doNothing())
    .execute();
  changed({ slices: [a, b] });
}

/** The older one leaves recall and says by what it was replaced; it holds until the newer began. */
export async function supersedeSlice(context: StoreContext, change: { id: string; by: string; at: number }): Promise<void> {
  const row = await requireSlice(context.db, change.id);
  const by = await requireSlice(context.db, change.by);
  if (row.id === by.id || by.superseded_by === row.id) {
    throw new HearthlinkError('invalid-input', { field: 'by', detail: 'a slice cannot replace itself' });
  }
  await updateSlice(context, row, { superseded_by: by.id, valid_to: Math.max(row.valid_from, by.valid_from) });
  await context.db
    .deleteFrom('contradiction')
    .where((is) =>
      is.or([is.and({ slice_id: row.id, other_id: by.id }), is.and({ slice_id: by.id, other_id: row.id })]),
    )
    .execute();
  context.emit({ type: 'set-visible', ids: [row.id], visible: false });
  context.changed({ slices: [by.id] });
}

/** Not a change that a reader could conflict with: the version stays. */
export async function recordRecall({ db, changed }: StoreContext, use: { readonly ids: readonly string[]; readonly at: number }): Promise<void> {
  for (const ids of idLists([...new Set(use.ids)])) {
    await db
      .updateTable('slice')
      .set((of) => ({ recall_count: of('recall_count', '+', 1) }))
      .where('id', 'in', ids)
      .execute();
  }
  changed({ slices: use.ids });
}

/** Writes fields of a slice that was just read, raising its version; refused if it is no longer the one that was read. */
export async function updateSlice(
  { db, changed }: StoreContext,
  row: WholeSliceRow,
  fields: Partial<NewSliceRow>,
): Promise<WholeSliceRow> {
  const version = row.version + 1;
  const { numUpdatedRows } = await db
    .updateTable('slice')
    .set({ ...fields, version })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new HearthlinkError('conflict', { kind: 'slice', id: row.id, expected: row.version });
  changed({ slices: [row.id] });
  return { ...row, ...fields, version };
}

export async function oneSlice(db: StoreDatabase, row: WholeSliceRow): Promise<Slice> {
  const [slice] = await toSlices(db, [row]);
  if (slice === undefined) throw new HearthlinkError('internal', { detail: 'a slice vanished while it was read' });
  return slice;
}

function checkEdit(row: SliceRow, change: SliceEdit): void {
  const isTurn = row.text === null;
  if (isTurn && change.text !== undefined) throw new HearthlinkError('invalid-input', { field: 'text', detail: 'what was said stays' });
  if (isTurn && change.kind !== undefined && change.kind !== row.kind) {
    throw new HearthlinkError('invalid-input', { field: 'kind', detail: 'what was said stays' });
  }
  if (change.text?.trim() === '') throw new HearthlinkError('invalid-input', { field: 'text', detail: 'empty' });
  if (change.importance !== undefined && !(change.importance >= 0 && change.importance <= 1)) {
    throw new HearthlinkError('invalid-input', { field: 'importance', detail: 'not between 0 and 1' });
  }
}

/** The old words go to the versions; a vector of them says nothing about the new ones. */
async function keepVersion(context: StoreContext, row: SliceRow, at: number): Promise<void> {
  await context.db
    .insertInto('slice_version')
    .values({ slice_id: row.id, version: row.version, text: row.text ?? '', replaced_at: at })
    .execute();
  await dropVectors(context, [row.id]);
}

