import type { Slice } from './records.ts';

/** What is agreed between those who plan a tidying of memory and the store that does it. */

/** Times in milliseconds. */
export interface TidyRules {
  /** When the plan was made, which names the tidying. What came later is left alone. */
  readonly plannedAt: number;
  /** Facts that share at least this part of all their words are alike: above 0, up to 1. */
  readonly likeness: number;
  /** How old a message must be that was never recalled. */
  readonly unusedForMs: number;
  /** Only messages of at most this importance are archived: 0 to 1. */
  readonly importanceAtMost: number;
  /** How long what held for now is kept in sight after its end. */
  readonly keepExpiredForMs: number;
  /** How many of each kind a plan shows. */
  readonly examples: number;
}

/** `merge`: exact duplicates; `archive`: unused messages; `expire`: what held for now and is over. */
export type TidyStep = 'merge' | 'archive' | 'expire';

export interface TidyPlan {
  readonly rules: TidyRules;
  /** Slices that would be merged into an older one that says the same. In each example the one that is kept stands first. */
  readonly duplicates: { readonly count: number; readonly examples: readonly (readonly Slice[])[] };
  /** Pairs that say nearly the same, the closest first and the older of each first. Never merged but by the person. */
  readonly alike: { readonly count: number; readonly pairs: readonly { readonly slices: readonly Slice[]; readonly share: number }[] };
  /** Unused messages, oldest first. */
  readonly unused: { readonly count: number; readonly examples: readonly Slice[] };
  /** What held for now and is over. */
  readonly expired: { readonly count: number; readonly examples: readonly Slice[] };
}

export interface TidyAnswer {
  readonly more: boolean;
}
