import type { Slice } from './records.ts';

export interface RecallQuery {
  readonly text: string;
  /** The query's embedding, with the digest of its model; null while there is none: words alone are used. */
  readonly vector: { readonly model: string; readonly values: Float32Array } | null;
  readonly agentId: string;
  readonly workspaceId: string | null;
  /** A temporary session's own turns may be recalled inside it. */
  readonly sessionId: string | null;
  /** The time that the question speaks of: what was said then is raised, and found also where no word matches. */
  readonly during?: TimeSpan | null;
  /** Messages that already stand in the prompt. */
  readonly excludeMessageIds: readonly string[];
  readonly limit: number;
  readonly tokenBudget: number;
  readonly charactersPerToken: number;
  /** For a person who looks through all there is: also what says nearly the same as a better hit. A model need not read it twice. */
  readonly nearDuplicates?: boolean;
  readonly at: number;
}

/** A stretch of time, milliseconds; `to` is not in it. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export interface RecallHit {
  readonly slice: Slice;
  /** Comparable within one result only. */
  readonly score: number;
  readonly why: RecallReason;
}

export interface RecallReason {
  /** Words of the question (as the user wrote them) that were found. */
  readonly words: readonly string[];
  /** True where meaning (vectors) brought or raised it. */
  readonly meaning: boolean;
  /** True where a neighbouring turn or a fact made of it raised it. */
  readonly neighbour: boolean;
}

export interface RecallResult {
  readonly hits: readonly RecallHit[];
  /** Matching slices that the budget left out. */
  readonly omitted: number;
}
