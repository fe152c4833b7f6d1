import type { ErrorData } from '../shared/errors.ts';
import type { Attachment, Message, MessageOrigin, MessageStatus, ReplyStatistics, Session } from './records.ts';
import type { NewSession } from './session-port.ts';

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
