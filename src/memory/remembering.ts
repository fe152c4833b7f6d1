import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, IdSource } from '../shared/ports.ts';
import type { Store } from '../store/port.ts';
import type { AddedSlice, NewSlice } from '../store/slice-port.ts';
import type { Message, Provenance, Slice } from '../store/records.ts';
import { findSecrets } from './secrets.ts';

/** What became of something that a person asked to be remembered. */
export type Remembered =
  | { readonly outcome: 'remembered'; readonly slice: Slice }
  /** It, or nearly the same, was known; that slice is meant. */
  | { readonly outcome: 'already-known'; readonly slice: Slice }
  | { readonly outcome: 'forgotten-before' }
  /** Secrets are never remembered, also not on request. */
  | { readonly outcome: 'secret' };

export interface RememberingParts {
  readonly store: Pick<Store, 'slices'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** What is said on purpose weighs more than what was found. */
const importance = 0.8;

/** `/remember`: the person's words, as a fact. */
export function rememberWords(parts: RememberingParts, text: string): Promise<Remembered> {
  return remember(parts, text, 'user', { type: 'user' }, parts.clock.now());
}

/** A part of the editor. */
export function rememberLines(parts: RememberingParts, lines: { readonly text: string; readonly uri: string; readonly firstLine: number; readonly lastLine: number }): Promise<Remembered> {
  const { text, uri, firstLine, lastLine } = lines;
  return remember(parts, text, 'user', { type: 'editor', uri, firstLine, lastLine }, parts.clock.now());
}

/**
 * A message, or the part of it that is selected. A whole message is remembered as it is already; it is only pinned.
 * @throws HearthlinkError `not-found` when the message holds nothing that can be remembered.
 */
export async function rememberMessage(parts: RememberingParts, message: Message, agentId: string, selected: string | null): Promise<Remembered> {
  const speaker = message.role === 'user' ? 'user' : agentId;
  if (selected !== null && selected.trim() !== message.text.trim()) {
    return remember(parts, selected, speaker, { type: 'message', sessionId: message.sessionId, messageId: message.id, quote: selected.trim() }, message.createdAt);
  }
  const { slices } = await parts.store.slices.list({ limit: 1, offset: 0, messageIds: [message.id], kinds: ['episodic'], states: ['held'] });
  const [turn] = slices;
  if (turn === undefined) throw new HearthlinkError('not-found', { kind: 'memory', id: message.id });
  if (turn.pinned) return { outcome: 'already-known', slice: turn };
  return { outcome: 'remembered', slice: await parts.store.slices.edit({ id: turn.id, pinned: true, importance, at: parts.clock.now() }) };
}

/** @throws HearthlinkError `invalid-input` for a text without words. */
async function remember(parts: RememberingParts, words: string, speaker: string, provenance: Provenance, saidAt: number): Promise<Remembered> {
  const text = words.trim();
  if (text === '') throw new HearthlinkError('invalid-input', { field: 'text', detail: 'empty' });
  if (findSecrets(text).length > 0) return { outcome: 'secret' };
  const slice: NewSlice = {
    id: parts.ids.next(),
    kind: 'semantic',
    state: 'held',
    text,
    speaker,
    scope: { type: 'shared' },
    importance,
    confidence: 1,
    provenance,
    validFrom: saidAt,
    expiresAt: null,
    at: parts.clock.now(),
  };
  const [added] = await parts.store.slices.add([slice]);
  if (added === undefined) throw new HearthlinkError('internal', { detail: 'the store answered nothing' });
  return toRemembered(added);
}

function toRemembered(added: AddedSlice): Remembered {
  switch (added.outcome) {
    case 'added':
      return { outcome: 'remembered', slice: added.slice };
    case 'duplicate':
      return { outcome: 'already-known', slice: added.slice };
    case 'forgotten-before':
      return { outcome: 'forgotten-before' };
  }
}
