import type { ErrorData } from '../shared/errors.ts';
import type { Disposable, Listener } from '../shared/events.ts';
import type { BackupRepository } from './backup-port.ts';
import type { BrowsingRepository } from './browsing-port.ts';
import type { SliceKind } from './effects.ts';
import type { FileSearch, TextHolders } from './file-search.ts';
import type {
  AgentSettings,
  Attachment,
  CaptureMode,
  Job,
  Message,
  MessageOrigin,
  MessageStatus,
  Provenance,
  ReplyStatistics,
  Scope,
  Session,
  SessionStatus,
  Slice,
} from './records.ts';
import type { TidyAnswer, TidyPlan, TidyRules, TidyStep } from './tidy-plan.ts';
import type { TransferRepository } from './transfer-port.ts';

/**
 * The store as every other room sees it: repositories of async methods, no SQL. Behind it stands the store worker (or, one
 * day, another database). Each method that writes is one atomic call: when its promise resolves the write is on disk; when it
 * rejects with `store-not-known-saved` the caller may repeat it with the same ids. Ids and times are the caller's.
 */
export interface Store {
  readonly sessions: SessionRepository;
  readonly messages: MessageRepository;
  readonly slices: SliceRepository;
  readonly browsing: BrowsingRepository;
  readonly jobs: JobRepository;
  readonly leases: LeaseRepository;
  readonly agents: AgentRepository;
  /** Looks for a text in the bytes of the store's files and of backups, to show that it is gone. */
  readonly fileSearch: FileSearch;
  readonly transfer: TransferRepository;
  readonly backup: BackupRepository;
  /** Searches memory and ranks what it finds; see `src/memory/ranking.ts`. Reads only. */
  recall(query: RecallQuery): Promise<RecallResult>;
  status(): Promise<StoreStatus>;
  /** Makes a new generation without anything that was forgotten and wiped, and drops the files that still hold it. */
  purge(at: number): Promise<PurgeReport>;
  /** After damage: goes on with what could be read, in a new generation. Keeps the damaged files aside. */
  continueAfterDamage(at: number): Promise<StoreStatus>;
  /** Heard within a second of a change by this or another window. */
  onDidChange(listener: Listener<StoreChange>): Disposable;
  /** Lets what is under way finish, and ends. Every later call rejects with `store-stopped`. */
  close(): Promise<void>;
}

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

export interface MessageRepository {
  /**
   * Stores the user's message (none when an answer is made again) and an empty reply in one write, makes the reply the
   * active leaf, and takes the reply's lease for `holder`. Must be acknowledged before a model is called. With `newSession` the
   * turn is the first of a chat, which is stored in the same write: either there are both or none.
   */
  startTurn(turn: NewTurn): Promise<StartedTurn>;
  /**
   * Adds text to a streaming reply and renews its lease. Chunks are appended, never rewritten; `sequence` counts them from 0.
   * A chunk must not end inside a surrogate pair.
   */
  appendReply(chunk: { messageId: string; sequence: number; text: string; thinking: string; holder: string; leaseUntil: number; at: number }): Promise<void>;
  /** Ends a reply and records what was used; the reply becomes recallable. */
  finishReply(end: ReplyEnd): Promise<Message>;
  get(id: string): Promise<Message | null>;
  /** The active branch, oldest first: the last `limit` messages before `beforeId`, or the last ones. */
  page(query: { readonly sessionId: string; readonly beforeId?: string; readonly limit: number }): Promise<MessagePage>;
  /** From the root to `leafId`, oldest first: what a prompt's history is made of. */
  path(query: { readonly leafId: string; readonly limit: number }): Promise<readonly Message[]>;
  /** Whole tree of a session, for export. */
  all(sessionId: string): Promise<readonly Message[]>;
  /** Who is writing replies now, by the names under which they hold their leases; some of them may be gone. */
  writers(): Promise<readonly string[]>;
  /** Marks streaming replies whose lease ran out, or whose holder is among `deadHolders`, as cut off. Answers their ids. */
  cutOffAbandoned(sweep: { readonly at: number; readonly deadHolders: readonly string[] }): Promise<readonly string[]>;
  /** Blanks a span (a secret) in a message and in everything made of it. */
  blankText(change: { messageId: string; start: number; end: number; at: number }): Promise<Message>;
}

export interface NewTurn {
  readonly sessionId: string;
  /** The session itself, where this turn begins it; its id is `sessionId`. */
  readonly newSession?: NewSession;
  readonly user: {
    readonly id: string;
    readonly parentId: string | null;
    /**
     * True: the message goes after the session's active leaf as it is when this is written, and `parentId` is ignored. Two
     * windows that send at once so make one line of turns instead of two branches. Default: false.
     */
    readonly atActiveLeaf?: boolean;
    readonly text: string;
    readonly attachments: readonly Attachment[];
  } | null;
  /** Its parent is the user's message of this call, and `parentId` the same id; an older message when an answer is made again. */
  readonly reply: { readonly id: string; readonly parentId: string | null; readonly origin: MessageOrigin; readonly model: string | null };
  readonly holder: string;
  readonly leaseUntil: number;
  readonly at: number;
}

export interface StartedTurn {
  readonly user: Message | null;
  readonly reply: Message;
  /** As it is with this turn in it, where the turn has begun it. */
  readonly newSession: Session | null;
}

export interface ReplyEnd {
  readonly messageId: string;
  readonly status: Exclude<MessageStatus, 'streaming' | 'cut-off'>;
  /** The text and thinking that had not been appended yet, as the next chunk: `sequence` is the number of chunks appended. */
  readonly sequence: number;
  readonly text: string;
  readonly thinking: string;
  readonly thinkingMs: number | null;
  readonly model: string | null;
  /** `recall` where it turned out that no model could be reached. Default: as the turn was started. */
  readonly origin?: MessageOrigin;
  readonly error: ErrorData | null;
  readonly statistics: ReplyStatistics | null;
  readonly memoriesUsed: readonly string[];
  readonly at: number;
}

export interface MessagePage {
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  /** Messages on the active branch. */
  readonly total: number;
}

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

export interface JobRepository {
  /** `key` keeps one waiting job of a kind and key; a second is answered with the first. */
  enqueue(job: { id: string; kind: string; key: string | null; payload: string; runAfter: number; at: number }): Promise<Job>;
  /** The next waiting job that is due, or a running one whose lease ran out, taken for `holder` by compare-and-set. */
  claim(query: { readonly kinds: readonly string[]; readonly holder: string; readonly leaseUntil: number; readonly at: number }): Promise<Job | null>;
  renew(change: { id: string; holder: string; leaseUntil: number; at: number }): Promise<boolean>;
  succeed(change: { id: string; holder: string; at: number }): Promise<void>;
  /** Counts a try, and waits until `retryAt`; null: it has failed for good. */
  fail(change: { id: string; holder: string; error: ErrorData; retryAt: number | null; at: number }): Promise<void>;
  /** Gives the job back without counting a try: something more urgent came. */
  release(change: { id: string; holder: string; at: number }): Promise<void>;
  cancel(change: { id: string; at: number }): Promise<void>;
  /** A failed or cancelled job waits again, with fresh tries. */
  retry(change: { id: string; at: number }): Promise<Job>;
  list(query: { readonly limit: number; readonly statuses?: readonly Job['status'][] }): Promise<readonly Job[]>;
}

export interface LeaseRepository {
  /** True when `holder` has the lease until `until`; taken by compare-and-set, also renewed by its holder. */
  acquire(lease: { name: string; holder: string; until: number; at: number }): Promise<boolean>;
  release(lease: { name: string; holder: string; at: number }): Promise<void>;
}

export interface AgentRepository {
  settings(agentId: string): Promise<AgentSettings>;
  setCaptureMode(change: { agentId: string; mode: CaptureMode; at: number }): Promise<AgentSettings>;
}

export type StoreState = 'ready' | 'read-only' | 'damaged' | 'newer-schema' | 'stopped';

/** What could not be read when somebody went on after damage. */
export interface LeftBehind {
  /** What was damaged, relative to the store's folder. It is kept there. */
  readonly file: string;
  /** Bytes of journals that nobody could read; null where that cannot be known, for a file is not there. */
  readonly bytes: number | null;
  /** When the last write that could be read was made; null where none is known. */
  readonly lastWriteAt: number | null;
}

export interface StoreStatus {
  readonly state: StoreState;
  /** Why it is not ready; null when it is. */
  readonly problem: ErrorData | null;
  /** Names of files that were found damaged and are kept. */
  readonly damagedFiles: readonly string[];
  /** What this window left behind when it went on after damage; null unless it has done so since it was opened. */
  readonly leftBehind: LeftBehind | null;
  readonly folder: string;
  readonly counts: { readonly sessions: number; readonly messages: number; readonly slices: number };
  /** Bytes of all files of the store. */
  readonly bytes: number;
  readonly generation: number;
  /** Wiped content that older files still hold, until a purge. */
  readonly purgeDue: boolean;
  /** Equal chain values mean equal content in two windows. */
  readonly chain: string;
  readonly sequence: number;
}

export interface PurgeReport {
  readonly generation: number;
  readonly filesRemoved: number;
  readonly bytesFreed: number;
}

/** What changed, by id, so that a view asks again for just that. An empty list with `everything` set means: ask for all. */
export interface StoreChange {
  readonly origin: 'this-window' | 'other-window';
  readonly everything: boolean;
  readonly sessions: readonly string[];
  readonly messages: readonly string[];
  readonly slices: readonly string[];
  readonly jobs: boolean;
  readonly agents: boolean;
  readonly status: boolean;
}
