import type { SliceKind } from './effects.ts';
import type { TextHolders } from './file-search.ts';
import type { Provenance, Scope, Slice } from './records.ts';
import type { TidyAnswer, TidyPlan, TidyRules, TidyStep } from './tidy-plan.ts';

export interface SliceRepository {
  /** One write. What was forgotten before is refused per slice, an exact or near duplicate answers the slice it repeats. */
  add(slices: readonly NewSlice[]): Promise<readonly AddedSlice[]>;
  get(ids: readonly string[]): Promise<readonly Slice[]>;
  list(page: SliceListQuery): Promise<{ readonly slices: readonly Slice[]; readonly total: number }>;
  edit(change: {
    id: string;
    text?: string;
    importance?: number;
    pinned?: boolean;
    scope?: Scope;
    kind?: SliceKind;
    state?: 'held' | 'proposed';
    version?: number;
    at: number;
  }): Promise<Slice>;
  /** In no answer and no prompt from now on. Undo until `undoUntil`; wiped (rows blanked, tombstone kept) after it. */
  forget(change: { id: string; undoUntil: number; at: number }): Promise<Slice>;
  undoForget(change: { id: string; at: number }): Promise<Slice>;
  /** Wipes forgotten slices whose undo time has passed. Answers how many, so that a purge can be planned. */
  wipeForgotten(at: number): Promise<number>;
  /** Holds proposals, in one write. Those that were decided elsewhere meanwhile are answered as they are. */
  accept(change: { readonly ids: readonly string[]; readonly at: number }): Promise<readonly Slice[]>;
  /**
   * Refuses proposals, in one write: they are not proposed again, and the words they were taken from stay where they were said.
   * `undoForget` takes it back until `undoUntil`. Refused with `conflict` when one is held already, unless `alsoHeld` says that facts
   * which were kept at once are meant too.
   */
  reject(change: { readonly ids: readonly string[]; readonly alsoHeld?: boolean; readonly undoUntil: number; readonly at: number }): Promise<readonly Slice[]>;
  /** Facts in force that share at least `least` (0 to 1) of all words with this one, of its kind and scope; the closest first. */
  similar(query: { readonly id: string; readonly least: number; readonly limit: number }): Promise<readonly SimilarSlice[]>;
  /**
   * Of facts that say the same one is kept; the others leave recall and name it in `supersededBy`, with their own source. The kept one
   * is pinned if any was, and as important as the most important. Refused with `conflict` for what is not held and in force.
   */
  merge(change: { readonly keepId: string; readonly mergedIds: readonly string[]; readonly at: number }): Promise<Slice>;
  /** The merged one stands for itself again, and the kept one is weighed as before unless that was changed since. */
  unmerge(change: { readonly id: string; readonly at: number }): Promise<Slice>;
  /** Gives an archived slice back to recall; one whose time has passed holds without an end then. */
  bringBack(change: { readonly id: string; readonly at: number }): Promise<Slice>;
  /** What a tidying by these rules would do; reads only. */
  planTidying(rules: TidyRules): Promise<TidyPlan>;
  /** Does at most `limit` of these steps of a plan; to be called again while there is more. The second time finds nothing to do. */
  tidy(change: { readonly rules: TidyRules; readonly steps: readonly TidyStep[]; readonly limit: number }): Promise<TidyAnswer>;
  /** What a tidying has done and was not taken back; `plannedAt` names it. */
  tidied(query: { readonly plannedAt: number }): Promise<{ readonly merged: number; readonly archived: number }>;
  /** Takes back at most `limit` of it; to be called again while there is more. */
  undoTidying(change: { readonly plannedAt: number; readonly limit: number }): Promise<TidyAnswer>;
  /**
   * Puts others in the place of slices, in one write: of two merged one, of one split two, of something said its correction. The old
   * ones stay, and name the first of the new in `supersededBy`. Refused with `conflict` for what has changed or is not in force, with
   * `forgotten-before` when one of the new was forgotten before. Pinned are the new ones if any of the old was.
   */
  replace(change: SliceReplacement): Promise<readonly AddedSlice[]>;
  /** Takes that back; `by` are those it added, refused with `conflict` when they have changed since. */
  undoReplace(change: { readonly ids: readonly string[]; readonly by: readonly SeenSlice[]; readonly at: number }): Promise<void>;
  /** The user decided that two which did not fit are both true. */
  fitTogether(change: { readonly a: string; readonly b: string; readonly at: number }): Promise<void>;
  /** Both stay; each names the other until the user decides. */
  markContradiction(change: { a: string; b: string; at: number }): Promise<void>;
  supersede(change: { id: string; by: string; at: number }): Promise<void>;
  /** In how many rows a text stands, in any capitals and normal form. Looks at every text of the store. */
  textHolders(query: { readonly text: string }): Promise<TextHolders>;
  /** Slices that have no vector of this model yet, newest first, with the text to embed (the turn with the one before it). */
  missingVectors(query: { readonly model: string; readonly limit: number }): Promise<readonly TextToEmbed[]>;
  /** Vectors of slices that are gone, forgotten or (by `version`) changed since they were asked for are passed over. */
  putVectors(write: {
    readonly model: string;
    readonly vectors: readonly { readonly id: string; readonly version?: number; readonly vector: Float32Array }[];
    readonly at: number;
  }): Promise<void>;
  /** Adds one to the recall count of each. */
  recordRecall(change: { readonly ids: readonly string[]; readonly at: number }): Promise<void>;
}

/** A slice as somebody saw it: a change is refused when it has another version by then. */
export interface SeenSlice {
  readonly id: string;
  readonly version: number;
}

export interface SliceReplacement {
  readonly slices: readonly SeenSlice[];
  readonly by: readonly NewSlice[];
  readonly at: number;
}

export interface TextToEmbed {
  readonly id: string;
  readonly version: number;
  /** A fact's own words; a turn with the one before it. */
  readonly text: string;
}

export interface NewSlice {
  readonly id: string;
  readonly kind: SliceKind;
  readonly state: 'held' | 'proposed';
  readonly text: string;
  readonly speaker: string;
  readonly scope: Scope;
  readonly importance: number;
  readonly confidence: number;
  readonly provenance: Provenance;
  readonly validFrom: number;
  readonly expiresAt: number | null;
  readonly at: number;
}

export type AddedSlice =
  | { readonly outcome: 'added'; readonly slice: Slice }
  | { readonly outcome: 'duplicate'; readonly slice: Slice }
  | { readonly outcome: 'forgotten-before' };

export interface SimilarSlice {
  readonly slice: Slice;
  /** Of all words of both, the part they have in common: 0 to 1. */
  readonly share: number;
}

export interface SliceListQuery {
  readonly limit: number;
  readonly offset: number;
  readonly kinds?: readonly SliceKind[];
  readonly states?: readonly Slice['state'][];
  /** Only slices whose provenance is one of these messages. */
  readonly messageIds?: readonly string[];
}
