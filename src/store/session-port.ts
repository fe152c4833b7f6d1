import type { Session, SessionStatus } from './records.ts';

export interface SessionRepository {
  create(session: NewSession): Promise<Session>;
  get(id: string): Promise<Session | null>;
  /** Newest first; deleted ones are left out. */
  list(page: { readonly limit: number; readonly before?: number; readonly includeArchived?: boolean }): Promise<readonly Session[]>;
  rename(change: { id: string; title: string; by: 'agent' | 'user'; version?: number; at: number }): Promise<Session>;
  /** Refused with `invalid-transition` unless allowed; `version` makes it compare-and-set. */
  transition(change: { id: string; to: SessionStatus; version?: number; at: number }): Promise<Session>;
  /** Shows another branch. `leafId` may be any message: the newest leaf below it becomes active. */
  activate(change: { id: string; leafId: string; at: number }): Promise<Session>;
  /** Out of every list and of recall at once; can be undone until the purge. Answers how many facts were learned in it. */
  delete(change: { id: string; alsoFacts: boolean; at: number }): Promise<{ readonly facts: number }>;
  undoDelete(change: { id: string; at: number }): Promise<Session>;
  /** Text in titles and messages of all branches. */
  search(query: { readonly text: string; readonly limit: number }): Promise<readonly SessionHit[]>;
  /** Temporary sessions past their time become `expired` and leave recall; the purge removes them. Answers how many. */
  expire(at: number): Promise<number>;
}

export interface NewSession {
  readonly id: string;
  readonly agentId: string;
  readonly title: string;
  readonly temporary: boolean;
  readonly workspaceId: string | null;
  readonly expiresAt: number | null;
  readonly at: number;
}

export interface SessionHit {
  readonly session: Session;
  readonly messageId: string | null;
  readonly snippet: string;
  /** Offsets of the match in `snippet`. */
  readonly match: { readonly start: number; readonly end: number };
  readonly onActiveBranch: boolean;
}
