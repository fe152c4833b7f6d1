import { HearthlinkError } from '../../../shared/errors.ts';
import type { SliceKind } from '../../effects.ts';
import type { AddedSlice, NewSlice, SimilarSlice } from '../../slice-port.ts';
import type { SimilarityContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import { areNearDuplicates, fingerprintOf, overlap, tellApart, wordSet } from '../sameness.ts';
import type { NewSliceRow } from '../schema.ts';
import { oneSlice, updateSlice } from './slice-repository.ts';
import { documentOf, provenanceToColumns, requireSlice, scopeKey, selectWholeSlices, slicesById, textOf, toSlices, type WholeSliceRow } from './slice-rows.ts';
import { isForgotten, tombstoneKey } from './tombstones.ts';

/** How many slices that share words are compared; a near duplicate has most words in common and so stands far in front. */
const comparedCandidates = 50;

/**
 * One after the other, so that the second of two like ones finds the first.
 *
 * @throws HearthlinkError `invalid-input`; `not-found` when the message that a slice comes from is gone.
 */
export async function addSlices(context: SimilarityContext, slices: readonly NewSlice[]): Promise<readonly AddedSlice[]> {
  const key = await tombstoneKey(context.db);
  const answers: AddedSlice[] = [];
  for (const slice of slices) answers.push(await addSlice(context, slice, key));
  return answers;
}

/** What `addSlices` answered, read from what is stored: the text of an answer is not kept twice. */
export async function addSlicesAgain(context: SimilarityContext, slices: readonly NewSlice[]): Promise<readonly AddedSlice[]> {
  const key = await tombstoneKey(context.db);
  const answers: AddedSlice[] = [];
  for (const slice of slices) {
    const [own] = await slicesById(context.db, [slice.id]);
    if (own !== undefined) {
      answers.push({ outcome: 'added', slice: own });
      continue;
    }
    const repeated = await findDuplicate(context, slice, fingerprintOf(slice.text, key));
    answers.push(repeated === null ? { outcome: 'forgotten-before' } : { outcome: 'duplicate', slice: await oneSlice(context.db, repeated) });
  }
  return answers;
}

async function addSlice(context: SimilarityContext, slice: NewSlice, key: Uint8Array): Promise<AddedSlice> {
  check(slice);
  const [own] = await slicesById(context.db, [slice.id]);
  if (own !== undefined) return { outcome: 'added', slice: own };
  const fingerprint = fingerprintOf(slice.text, key);
  const quote = slice.provenance.type === 'message' ? slice.provenance.quote : null;
  const fingerprints = quote === null ? [fingerprint] : [fingerprint, fingerprintOf(quote, key)];
  if (await isForgotten(context.db, fingerprints, key)) return { outcome: 'forgotten-before' };

  const repeated = await findDuplicate(context, slice, fingerprint);
  if (repeated !== null) return { outcome: 'duplicate', slice: await oneSlice(context.db, await confirmed(context, repeated, slice)) };

  await requireSource(context.db, slice);
  await context.db.insertInto('slice').values(toRow(slice, fingerprint)).execute();
  const row = await requireSlice(context.db, slice.id);
  context.emit({ type: 'put-document', document: documentOf(row) });
  context.changed({ slices: [row.id] });
  return { outcome: 'added', slice: await oneSlice(context.db, row) };
}

/** A proposal that is said again as certain needs no more asking. */
async function confirmed(context: SimilarityContext, repeated: WholeSliceRow, slice: NewSlice): Promise<WholeSliceRow> {
  if (repeated.state !== 'proposed' || slice.state !== 'held') return repeated;
  const row = await updateSlice(context, repeated, { state: 'held' });
  context.emit({ type: 'put-document', document: documentOf(row) });
  return row;
}

async function findDuplicate(context: SimilarityContext, slice: NewSlice, fingerprint: string): Promise<WholeSliceRow | null> {
  const place = { kind: slice.kind, scope: scopeKey(slice.scope) };
  const exact = await comparable(context.db, place).where('slice.fingerprint', '=', fingerprint).limit(1).executeTakeFirst();
  if (exact !== undefined) return exact;
  const words = wordSet(slice.text);
  const candidates = await likeRows(context, slice.text, place);
  const [closest] = byShare(words, candidates.filter((row) => areNearDuplicates(words, wordSet(row.text ?? '')) && !tellApart(slice.text, row.text ?? '')));
  return closest?.row ?? null;
}

/** Facts in force that share at least `least` of all words with one, of its kind and scope; the closest first. */
export async function similarSlices(
  context: SimilarityContext,
  query: { readonly id: string; readonly least: number; readonly limit: number },
): Promise<readonly SimilarSlice[]> {
  const row = await requireSlice(context.db, query.id);
  const text = textOf(row);
  const others = (await likeRows(context, text, row)).filter((other) => other.id !== row.id);
  const close = byShare(wordSet(text), others)
    .filter(({ share }) => share >= query.least)
    .slice(0, query.limit);
  const slices = await toSlices(context.db, close.map((candidate) => candidate.row));
  return slices.map((slice, i) => ({ slice, share: close[i]?.share ?? 0 }));
}

interface Place {
  readonly kind: SliceKind;
  /** As a key. */
  readonly scope: string;
}

function likeRows(context: SimilarityContext, text: string, place: Place): Promise<WholeSliceRow[]> {
  return inLists(context.similarSlices(text, place.scope, comparedCandidates), (ids) => comparable(context.db, place).where('slice.id', 'in', ids).execute());
}

/** The closest first; of equal ones the older. */
function byShare(words: ReadonlySet<string>, rows: readonly WholeSliceRow[]): { readonly row: WholeSliceRow; readonly share: number }[] {
  return rows.map((row) => ({ row, share: overlap(words, wordSet(row.text ?? '')) })).toSorted((a, b) => b.share - a.share || a.row.row - b.row.row);
}

/** What a slice may repeat: of its own kind and scope, and in force. */
function comparable(db: StoreDatabase, place: Place) {
  return selectWholeSlices(db)
    .where('slice.kind', '=', place.kind)
    .where('slice.scope', '=', place.scope)
    .where('slice.state', 'in', ['held', 'proposed'])
    .where('slice.superseded_by', 'is', null)
    .where('slice.text', 'is not', null);
}

function check(slice: NewSlice): void {
  if (slice.text.trim() === '') throw new HearthlinkError('invalid-input', { field: 'text', detail: 'empty' });
  for (const field of ['importance', 'confidence'] as const) {
    const value = slice[field];
    if (!(value >= 0 && value <= 1)) throw new HearthlinkError('invalid-input', { field, detail: 'not between 0 and 1' });
  }
}

async function requireSource(db: StoreDatabase, slice: NewSlice): Promise<void> {
  if (slice.provenance.type !== 'message') return;
  const { messageId } = slice.provenance;
  const source = await db
    .selectFrom('message')
    .innerJoin('session', 'session.id', 'message.session_id')
    .select('message.id')
    .where('message.id', '=', messageId)
    .where('session.deleted_at', 'is', null)
    .where('session.status', '!=', 'expired')
    .executeTakeFirst();
  if (source === undefined) throw new HearthlinkError('not-found', { kind: 'message', id: messageId });
}

function toRow(slice: NewSlice, fingerprint: string): NewSliceRow {
  return {
    id: slice.id,
    kind: slice.kind,
    state: slice.state,
    state_before: null,
    text: slice.text,
    speaker: slice.speaker,
    scope: scopeKey(slice.scope),
    importance: slice.importance,
    confidence: slice.confidence,
    ...provenanceToColumns(slice.provenance),
    created_at: slice.at,
    valid_from: slice.validFrom,
    valid_to: null,
    superseded_by: null,
    pinned: 0,
    recall_count: 0,
    forgotten_at: null,
    undo_until: null,
    forgotten_with: null,
    expires_at: slice.expiresAt,
    hidden: 0,
    embedded_by: null,
    fingerprint,
    archived_at: null,
    rejected: 0,
    version: 1,
  };
}
