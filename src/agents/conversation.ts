import type { Event } from '../shared/events.ts';
import type { MessagePage } from '../store/port.ts';
import type { Message } from '../store/records.ts';
import type { Persona } from './persona.ts';
import type { OutgoingMessage, RunningTurn, TurnEvent } from './turn-events.ts';

/** A chat between a person and one agent: kept in the store, or private and in memory alone. */
export interface Conversation {
  readonly agent: Persona;
  /** True: neither recalls nor captures, and no message of it reaches the store. */
  readonly isPrivate: boolean;
  /** Null until the first message is stored. */
  readonly sessionId: string | null;
  readonly running: readonly RunningTurn[];
  readonly onDidHappen: Event<TurnEvent>;
  /** Resolves once the message and an empty reply are stored; the reply then comes by events. */
  send(message: OutgoingMessage): Promise<RunningTurn>;
  /** Answers the same question again as a sibling of `replyId`; both answers are kept. `model` null: the chosen one. */
  answerAgain(replyId: string, model: string | null): Promise<RunningTurn>;
  /** Shows another sibling: the newest leaf below it becomes the active one. */
  showBranch(messageId: string): Promise<void>;
  /** The active branch, oldest first. */
  page(query: { readonly beforeId?: string; readonly limit: number }): Promise<MessagePage>;
  get(messageId: string): Promise<Message | null>;
  /** Stops every running reply of this conversation in this window. */
  stop(): void;
}
