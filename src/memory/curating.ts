import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, IdSource } from '../shared/ports.ts';
import type { Store } from '../store/port.ts';
import type { Slice } from '../store/records.ts';
import { correctedText } from './corrected-text.ts';

export interface CuratingParts {
  readonly store: Pick<Store, 'slices'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * Gives a memory other words. What was said stays as it was said, in its chat: a fact with the new words takes its place.
 *
 * @throws HearthlinkError `invalid-input` for a text without words, `secret-not-kept` for one with a secret, `forgotten-before`,
 * `conflict` when the memory has changed since `version`, `not-found`.
 */
export async function correctMemory({ store, clock, ids }: CuratingParts, change: { readonly id: string; readonly version: number; readonly text: string }): Promise<Slice> {
  const [slice] = await store.slices.get([change.id]);
  if (slice === undefined) throw new HearthlinkError('not-found', { kind: 'slice', id: change.id });
  if (slice.version !== change.version) throw new HearthlinkError('conflict', { kind: 'slice', id: slice.id, expected: change.version, actual: slice.version });
  const text = correctedText(slice.text, change.text);
  const at = clock.now();
  if (slice.kind !== 'episodic') return store.slices.edit({ id: slice.id, version: change.version, text, at });
  const { scope, importance, provenance, validFrom } = slice;
  const [added] = await store.slices.add([
    { id: ids.next(), kind: 'semantic', state: 'held', text, speaker: 'user', scope, importance, confidence: 1, provenance, validFrom, expiresAt: null, at },
  ]);
  if (added === undefined || added.outcome === 'forgotten-before') throw new HearthlinkError('forgotten-before');
  // Of two that say nearly the same, the one that was there before may be the very one that is corrected.
  if (added.slice.id !== slice.id) await store.slices.supersede({ id: slice.id, by: added.slice.id, at });
  return added.slice;
}
