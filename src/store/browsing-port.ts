import type { SliceKind } from './effects.ts';
import type { RecallQuery, RecallReason } from './recall-port.ts';
import type { Provenance, Slice } from './records.ts';
import type { EntityGraph } from './search/entities.ts';

/** Which memories a reader wants to see. Every condition that is left out holds for all; all that are given must hold. */
export interface BrowseFilter {
  readonly kinds?: readonly SliceKind[];
  readonly scopes?: ScopeCondition;
  /** `user`, or an agent's id. */
  readonly speakers?: readonly string[];
  readonly sources?: readonly Provenance['type'][];
  /** When it was noted, in milliseconds; `to` is no longer in it. */
  readonly from?: number;
  readonly to?: number;
  /** In any of these ranges; 0 to 1, `below` is no longer in it. */
  readonly importances?: readonly { readonly from: number; readonly below: number }[];
  /** True: only these. False: all but these. */
  readonly pinned?: boolean;
  readonly superseded?: boolean;
  readonly archived?: boolean;
  readonly contradicted?: boolean;
  /** Words that stand in it just so; letters match in any case. */
  readonly about?: string;
}

/** One of these holds. */
export interface ScopeCondition {
  /** `shared`, `agent:<id>`, `workspace:<id>`. */
  readonly keys: readonly string[];
  /** Every workspace, besides this one; null: besides none. */
  readonly workspacesBesides?: string | null;
}

/** What a reader looks at in the memory browser. Reads only, and never what waits for review or is forgotten. */
export interface BrowsingRepository {
  /** Newest first. Turns of deleted and expired chats are left out. */
  page(query: { readonly filter: BrowseFilter; readonly limit: number; readonly offset: number }): Promise<readonly Slice[]>;
  count(query: { readonly filter: BrowseFilter }): Promise<number>;
  /**
   * The chat's own recall, in the chat's order; behind it what else holds the words: of other workspaces, of other branches,
   * superseded. Only what passes the filter.
   */
  search(query: BrowseSearch): Promise<readonly BrowseHit[]>;
  /** Null when it is gone. Also one that is proposed or forgotten. */
  detail(query: { readonly id: string }): Promise<SliceDetail | null>;
  /** How many were noted in each week, by the calendar of this machine. Weeks without any are left out. */
  weeks(query: { readonly filter: BrowseFilter }): Promise<readonly WeekCount[]>;
  statistics(query: { readonly at: number }): Promise<MemoryStatistics>;
  /** What the newest memories name most, found by rule; see `src/store/search/entities.ts`. */
  graph(query: { readonly limit: number; readonly projects: readonly string[] }): Promise<MemoryGraph>;
}

export interface MemoryGraph extends EntityGraph {
  /** How many memories were read for it. */
  readonly read: number;
}

export interface BrowseSearch {
  readonly recall: RecallQuery;
  readonly filter: BrowseFilter;
}

export interface BrowseHit {
  readonly slice: Slice;
  readonly why: RecallReason;
}

export interface SliceDetail {
  readonly slice: Slice;
  /** What it said before, oldest first. */
  readonly versions: readonly SliceVersion[];
  /** What it took the place of, and what took its place. */
  readonly replaces: readonly Slice[];
  readonly replacedBy: Slice | null;
  readonly contradicts: readonly Slice[];
  readonly uses: SliceUses;
}

export interface SliceVersion {
  readonly text: string;
  readonly replacedAt: number;
}

export interface SliceUses {
  /** In how many replies it stood in the prompt. */
  readonly total: number;
  /** The newest of these, newest first. */
  readonly latest: readonly SliceUse[];
}

export interface SliceUse {
  readonly sessionId: string;
  readonly messageId: string;
  readonly title: string;
  readonly at: number;
}

export interface WeekCount {
  /** Its first moment, Monday 0:00. */
  readonly start: number;
  readonly count: number;
}

/** Counted in the rows, at one moment. */
export interface MemoryStatistics {
  readonly total: number;
  readonly byKind: Readonly<Record<SliceKind, number>>;
  readonly bySource: Readonly<Record<Provenance['type'], number>>;
  readonly byScope: { readonly shared: number; readonly agent: number; readonly workspace: number };
  readonly pinned: number;
  readonly superseded: number;
  readonly archived: number;
  /** Pairs that do not fit. */
  readonly contradictions: number;
  /** Waiting for review. */
  readonly proposed: number;
  /** Forgotten, and not wiped yet. */
  readonly forgotten: number;
  /** How many were ever used in a reply, and in how many replies any was. */
  readonly used: number;
  readonly replies: number;
  /** Null while there is none. */
  readonly oldest: number | null;
  readonly newest: number | null;
}
