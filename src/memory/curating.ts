import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, IdSource } from '../shared/ports.ts';
import type { Store } from '../store/port.ts';
import type { NewSlice, SeenSlice } from '../store/slice-port.ts';
import type { Slice } from '../store/records.ts';
import { correctedText } from './corrected-text.ts';

export interface CuratingParts {
  readonly store: Pick<Store, 'slices'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** What took the place of memories, and what is needed to take that back. */
export interface Replaced {
  readonly slices: readonly Slice[];
  readonly undo: Replacing;
}

export interface Replacing {
  readonly ids: readonly string[];
  /** Those that were added for it; one that was there before is none of them. */
  readonly by: readonly SeenSlice[];
}

/**
 * Gives a memory other words. What was said stays as it was said, in its chat: a fact with the new words takes its place.
 *
 * @throws HearthlinkError `invalid-input` for a text without words, `secret-not-kept` for one with a secret, `forgotten-before`,
 * `conflict` when the memory has changed since it was seen, `not-found`.
 */
export async function correctMemory(parts: CuratingParts, seen: SeenSlice, typed: string): Promise<Slice> {
  const [slice] = await seenSlices(parts, [seen]);
  if (slice === undefined) throw new HearthlinkError('not-found', { kind: 'slice', id: seen.id });
  const text = correctedText(slice.text, typed);
  if (slice.kind !== 'episodic') return parts.store.slices.edit({ ...seen, text, at: parts.clock.now() });
  const { slices } = await replace(parts, [slice], [text]);
  return slices[0] ?? slice;
}

/** Makes one memory of several, in the person's words. The several stay in its history. @throws as `correctMemory` */
export async function mergeMemories(parts: CuratingParts, seen: readonly SeenSlice[], typed: string): Promise<Replaced> {
  const slices = await seenSlices(parts, seen);
  if (slices.length < 2) throw new HearthlinkError('invalid-input', { field: 'slices', detail: 'one alone cannot be merged' });
  return replace(parts, slices, [correctedText(slices.map(({ text }) => text).join('\n'), typed)]);
}

/** Makes several memories of one, each in the person's words. The one stays in their history. @throws as `correctMemory` */
export async function splitMemory(parts: CuratingParts, seen: SeenSlice, typed: readonly string[]): Promise<Replaced> {
  const [slice] = await seenSlices(parts, [seen]);
  if (slice === undefined) throw new HearthlinkError('not-found', { kind: 'slice', id: seen.id });
  if (typed.length < 2) throw new HearthlinkError('invalid-input', { field: 'texts', detail: 'a split has two parts or more' });
  return replace(parts, [slice], typed.map((text) => correctedText(slice.text, text)));
}

/** @throws HearthlinkError `conflict` when what took their place has changed since. */
export function undoReplacing({ store, clock }: CuratingParts, undo: Replacing): Promise<void> {
  return store.slices.undoReplace({ ...undo, at: clock.now() });
}

/** Of two that do not fit: which one holds from now on, or both. */
export async function settleContradiction({ store, clock }: CuratingParts, pair: { readonly id: string; readonly otherId: string; readonly holds: 'this' | 'other' | 'both' }): Promise<void> {
  const { id, otherId, holds } = pair;
  const at = clock.now();
  if (holds === 'both') await store.slices.fitTogether({ a: id, b: otherId, at });
  else if (holds === 'this') await store.slices.supersede({ id: otherId, by: id, at });
  else await store.slices.supersede({ id, by: otherId, at });
}

/** In the order in which they were seen. */
async function seenSlices({ store }: CuratingParts, seen: readonly SeenSlice[]): Promise<readonly Slice[]> {
  const slices = await store.slices.get(seen.map(({ id }) => id));
  return seen.map(({ id, version }) => {
    const slice = slices.find((one) => one.id === id);
    if (slice === undefined) throw new HearthlinkError('not-found', { kind: 'slice', id });
    if (slice.version !== version) throw new HearthlinkError('conflict', { kind: 'slice', id, expected: version, actual: slice.version });
    return slice;
  });
}

async function replace({ store, clock, ids }: CuratingParts, old: readonly Slice[], texts: readonly string[]): Promise<Replaced> {
  const at = clock.now();
  const by = texts.map((text) => factOf(old, text, ids.next(), at));
  const added = await store.slices.replace({ slices: old.map(({ id, version }) => ({ id, version })), by, at });
  const slices = await store.slices.get(added.flatMap((answer) => (answer.outcome === 'forgotten-before' ? [] : [answer.slice.id])));
  const own = new Set(by.map(({ id }) => id));
  const undo = { ids: old.map(({ id }) => id), by: slices.filter(({ id }) => own.has(id)).map(({ id, version }) => ({ id, version })) };
  return { slices, undo };
}

/** The person's words now; where they come from, whom they are for, and since when they hold, is the first one's. */
function factOf(old: readonly Slice[], text: string, id: string, at: number): NewSlice {
  const [first] = old;
  if (first === undefined) throw new HearthlinkError('internal', { detail: 'a memory was made of none' });
  const fact = old.find(({ kind }) => kind !== 'episodic');
  const ends = old.map(({ expiresAt }) => expiresAt);
  return {
    id,
    kind: fact?.kind ?? 'semantic',
    state: 'held',
    text,
    speaker: 'user',
    scope: first.scope,
    importance: Math.max(...old.map(({ importance }) => importance)),
    confidence: 1,
    provenance: first.provenance,
    validFrom: Math.min(...old.map(({ validFrom }) => validFrom)),
    // What holds without an end keeps doing so.
    expiresAt: ends.includes(null) ? null : Math.max(...ends.filter((end) => end !== null)),
    at,
  };
}
