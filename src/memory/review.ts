import { HearthlinkError } from '../shared/errors.ts';
import type { Clock } from '../shared/ports.ts';
import type { SliceKind } from '../store/effects.ts';
import type { Store } from '../store/port.ts';
import type { AgentSettings, Scope, Slice } from '../store/records.ts';
import { undoMs } from './forgetting.ts';
import { findSecrets } from './secrets.ts';

/** The queue of proposed facts: what an agent noted and the person has not said yes or no to. */
export interface ReviewParts {
  readonly store: Pick<Store, 'slices' | 'agents'>;
  readonly clock: Clock;
  /** What is refused is wiped after this time; `Forgetting.wipeAfter`. */
  readonly wipeAfter: (time: number) => void;
}

/** A proposed fact with what helps to decide on it. */
export interface Proposal {
  /** Its provenance holds the quote and the message; `sourceTitle` the chat. */
  readonly slice: Slice;
  /** A fact in force that says nearly the same, so that merging is offered; null when there is none. */
  readonly closeTo: Slice | null;
  /** Facts in force that cannot be true beside it, as far as a model could tell. */
  readonly doesNotFit: readonly Slice[];
}

export interface ProposalPage {
  /** Newest first. */
  readonly proposals: readonly Proposal[];
  readonly total: number;
}

/** From half of the words in common on, a fact is worth a look beside a proposal. */
const closeShare = 0.5;

export async function listProposed({ store }: ReviewParts, page: { readonly limit: number; readonly offset: number }): Promise<ProposalPage> {
  const { slices, total } = await store.slices.list({ ...page, states: ['proposed'] });
  const proposals = await Promise.all(slices.map(async (slice) => ({ slice, closeTo: await closest(store, slice), doesNotFit: await others(store, slice) })));
  return { proposals, total };
}

async function closest(store: ReviewParts['store'], slice: Slice): Promise<Slice | null> {
  const similar = await store.slices.similar({ id: slice.id, least: closeShare, limit: 10 });
  return similar.find((other) => other.slice.state === 'held')?.slice ?? null;
}

async function others(store: ReviewParts['store'], slice: Slice): Promise<readonly Slice[]> {
  return slice.contradicts.length === 0 ? [] : store.slices.get(slice.contradicts);
}

/** Holds these proposals, in one write. */
export function accept({ store, clock }: ReviewParts, ids: readonly string[]): Promise<readonly Slice[]> {
  return store.slices.accept({ ids, at: clock.now() });
}

/** Holds everything that waits. Answers what it was. */
export async function acceptAll(parts: ReviewParts): Promise<readonly Slice[]> {
  return accept(parts, await allProposed(parts));
}

export interface ProposalEdit {
  readonly text?: string;
  readonly kind?: Exclude<SliceKind, 'episodic'>;
  readonly scope?: Scope;
  /** As the person saw it: refused with `conflict` when it has changed since. */
  readonly version?: number;
}

/**
 * Holds a proposal in the person's own version, in one write.
 * @throws HearthlinkError `invalid-input` for a text without words, `secret-not-kept` for one with a secret, `conflict` when it has changed
 * since or is no proposal any more, `not-found`.
 */
export async function acceptEdited({ store, clock }: ReviewParts, id: string, edit: ProposalEdit): Promise<Slice> {
  const text = edit.text?.trim();
  if (text === '') throw new HearthlinkError('invalid-input', { field: 'text', detail: 'empty' });
  if (text !== undefined && findSecrets(text).length > 0) throw new HearthlinkError('secret-not-kept');
  const [slice] = await store.slices.get([id]);
  if (slice === undefined) throw new HearthlinkError('not-found', { kind: 'slice', id });
  if (slice.state !== 'proposed') throw new HearthlinkError('conflict', { kind: 'slice', id, status: slice.state });
  return store.slices.edit({ ...edit, id, ...(text === undefined ? {} : { text }), state: 'held', version: edit.version ?? slice.version, at: clock.now() });
}

/**
 * Refuses these proposals, in one write: they are not proposed again, and what was said stays in its chat. `undoReject` takes it
 * back for a minute.
 */
export async function reject({ store, clock, wipeAfter }: ReviewParts, ids: readonly string[]): Promise<readonly Slice[]> {
  const at = clock.now();
  const slices = await store.slices.reject({ ids, undoUntil: at + undoMs, at });
  wipeAfter(at + undoMs);
  return slices;
}

/** @throws HearthlinkError `invalid-transition` once the time for undo has passed, `not-found` once it is wiped. */
export function undoReject({ store, clock }: ReviewParts, id: string): Promise<Slice> {
  return store.slices.undoForget({ id, at: clock.now() });
}

/** From now on what this agent notes is held at once, with undo. What waits already still waits for its answer. */
export function alwaysAccept({ store, clock }: ReviewParts, agentId: string): Promise<AgentSettings> {
  return store.agents.setCaptureMode({ agentId, mode: 'automatic', at: clock.now() });
}

/** From now on this agent asks about what it notes. */
export function askAgain({ store, clock }: ReviewParts, agentId: string): Promise<AgentSettings> {
  return store.agents.setCaptureMode({ agentId, mode: 'ask', at: clock.now() });
}

/** More than this at once nobody has read. */
const mostAtOnce = 1_000;

async function allProposed({ store }: ReviewParts): Promise<readonly string[]> {
  const { slices } = await store.slices.list({ limit: mostAtOnce, offset: 0, states: ['proposed'] });
  return slices.map(({ id }) => id);
}
