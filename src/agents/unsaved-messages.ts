import type { MessagePage, NewTurn, ReplyEnd, StartedTurn } from '../store/message-port.ts';
import type { Message, Session } from '../store/records.ts';
import { blankMessage } from './blank-message.ts';

/** A chat of which something is not saved yet, for whoever wants to keep it elsewhere. */
export interface UnsavedChat {
  readonly sessionId: string;
  /** Null where the store has the chat itself. */
  readonly session: Session | null;
  /** In the order in which they were begun. */
  readonly messages: readonly Message[];
}

/** What the store has not taken yet, as it will be there: laid over what the store answers. */
export class UnsavedMessages {
  readonly #messages = new Map<string, Message>();
  readonly #sessions = new Map<string, Session>();
  /** The newest of them in each chat, where the turn itself is not saved. */
  readonly #leaves = new Map<string, string>();

  get size(): number {
    return this.#messages.size;
  }

  get(id: string): Message | null {
    return this.#messages.get(id) ?? null;
  }

  leafOf(sessionId: string): string | null {
    return this.#leaves.get(sessionId) ?? null;
  }

  sessionOf(sessionId: string): Session | null {
    return this.#sessions.get(sessionId) ?? null;
  }

  chats(): readonly UnsavedChat[] {
    const chats = Map.groupBy(this.#messages.values(), ({ sessionId }) => sessionId);
    return [...chats].map(([sessionId, messages]) => ({ sessionId, session: this.sessionOf(sessionId), messages }));
  }

  /** @param parentId where the user's message goes */
  start({ sessionId, newSession, user, reply, at }: NewTurn, parentId: string | null): StartedTurn {
    const question = user === null ? null : this.put({ ...blankMessage(user.id, sessionId, at), parentId, text: user.text, attachments: user.attachments, finishedAt: at });
    const answer = this.put({
      ...blankMessage(reply.id, sessionId, at),
      parentId: reply.parentId,
      role: 'assistant',
      origin: reply.origin,
      status: 'streaming',
      model: reply.model,
    });
    this.#leaves.set(sessionId, answer.id);
    if (newSession !== undefined) this.#sessions.set(sessionId, blankSession(newSession, answer.id));
    return { user: question, reply: answer, newSession: this.sessionOf(sessionId) };
  }

  put(message: Message): Message {
    this.#messages.set(message.id, message);
    return message;
  }

  extend(message: Message, text: string, thinking: string): Message {
    return this.put({ ...message, text: message.text + text, thinking: message.thinking + thinking });
  }

  finish(message: Message, end: ReplyEnd): Message {
    const { status, thinkingMs, error, statistics, memoriesUsed, at } = end;
    const whole = this.extend(message, end.text, end.thinking);
    return this.put({ ...whole, status, thinkingMs, model: end.model ?? message.model, origin: end.origin ?? message.origin, error, statistics, memoriesUsed, finishedAt: at });
  }

  /** The turn is in the store, so the chat and the user's message are. */
  turnIsSaved({ sessionId, user, reply }: NewTurn): void {
    if (user !== null) this.#messages.delete(user.id);
    this.#sessions.delete(sessionId);
    if (this.#leaves.get(sessionId) === reply.id) this.#leaves.delete(sessionId);
  }

  chatIsSaved(sessionId: string): void {
    for (const message of [...this.#messages.values()]) if (message.sessionId === sessionId) this.#messages.delete(message.id);
  }

  isSaved(messageId: string): void {
    this.#messages.delete(messageId);
  }

  clear(): void {
    this.#messages.clear();
    this.#sessions.clear();
    this.#leaves.clear();
  }

  /** From the first one that is not saved to `leafId`, and what stands above it in the store. */
  pathTo(leafId: string | null): { readonly above: string | null; readonly path: readonly Message[] } {
    const path: Message[] = [];
    let above = leafId;
    for (let message = this.#messages.get(above ?? ''); message !== undefined; message = this.#messages.get(above ?? '')) {
      path.unshift(message);
      above = message.parentId;
    }
    return { above, path };
  }

  /** A page of the store, with what it does not know yet of these messages. */
  over(page: MessagePage): MessagePage {
    return { ...page, messages: page.messages.map((message) => this.#messages.get(message.id) ?? message) };
  }
}

function blankSession({ id, agentId, title, temporary, workspaceId, expiresAt, at }: NonNullable<NewTurn['newSession']>, leafId: string): Session {
  return { id, agentId, title, temporary, workspaceId, expiresAt, titleBy: 'none', status: 'active', createdAt: at, updatedAt: at, activeLeafId: leafId, messageCount: 2, version: 1 };
}
