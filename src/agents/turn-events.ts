import type { ErrorData } from '../shared/errors.ts';
import type { Attachment, Message, Session } from '../store/records.ts';

/** What the person sends. */
export interface OutgoingMessage {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** The user message that this one replaces, as a branch beside it; null: it goes to the end. */
  readonly editOf: string | null;
}

/** A reply that is being made. */
export interface RunningTurn {
  readonly replyId: string;
  /** Aborts the generation at the server; what was written is kept. Does nothing once the reply has ended. */
  stop(): void;
  /**
   * The reply as it was stored at last: complete, stopped, or failed with its error in it. Rejects only when the store
   * could not take it.
   */
  readonly finished: Promise<Message>;
}

/** What happens in a conversation, in this order for each turn: started, waiting and delta (any number), finished. */
export type TurnEvent =
  | {
      readonly type: 'started';
      /** Set when this turn's message made the session. */
      readonly newSession: Session | null;
      /** Null when an answer is made again. */
      readonly user: Message | null;
      readonly reply: Message;
    }
  /** No token yet; comes about once a second. */
  | {
      readonly type: 'waiting';
      readonly messageId: string;
      readonly model: string;
      readonly phase: 'queued' | 'loading' | 'reading';
      readonly seconds: number;
      readonly lastLoadSeconds: number | null;
    }
  | {
      readonly type: 'delta';
      readonly messageId: string;
      readonly text: string;
      readonly thinking: string;
      /** UTF-16 length of the reply's text before this delta. */
      readonly length: number;
    }
  | {
      readonly type: 'finished';
      readonly reply: Message;
      /** How full the context was; null where no prompt was made or read. */
      readonly context: ContextUse | null;
    }
  /** The store could not take the end of the reply: what had been acknowledged is there, the rest was only shown. */
  | { readonly type: 'not-stored'; readonly messageId: string; readonly error: ErrorData };

export interface ContextUse {
  readonly usedTokens: number;
  readonly sizeTokens: number;
}
