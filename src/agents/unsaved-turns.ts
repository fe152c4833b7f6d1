import { HearthlinkError, type ErrorCode, type ErrorData } from '../shared/errors.ts';
import { Emitter, type Disposable, type Event } from '../shared/events.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import { retryPauseMs } from '../shared/retry-pauses.ts';
import type { MessagePage, MessageRepository, NewTurn, ReplyEnd, StartedTurn } from '../store/message-port.ts';
import type { Store } from '../store/port.ts';
import type { Message, Session } from '../store/records.ts';
import { replyLeaseMs } from './reply-writer.ts';
import { UnsavedMessages, type UnsavedChat } from './unsaved-messages.ts';

export interface UnsavedTurnsParts {
  readonly messages: MessageRepository;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** What a conversation asks of messages. */
export type ConversationMessages = Pick<MessageRepository, 'startTurn' | 'appendReply' | 'finishReply' | 'get' | 'page' | 'path'>;

export interface UnsavedState {
  /** How many messages are in memory alone. */
  readonly messages: number;
  /** Why; null where there are none. */
  readonly error: ErrorData | null;
}

/** The disk may take later what it refuses now. Of damage, and of a newer store, a person has to decide. */
const refusalsOfTheDisk: readonly ErrorCode[] = ['store-full', 'store-read-only', 'store-stopped', 'store-not-known-saved', 'store-timeout'];

function isOfTheDisk(error: unknown): error is HearthlinkError {
  return HearthlinkError.is(error, ...refusalsOfTheDisk);
}

interface UnsavedCall {
  /** May be sent again: the store knows by the ids what it has. */
  readonly send: () => Promise<unknown>;
  readonly onSaved: () => void;
}

/** What a chat is to be sent, in its order, and why it was not taken. */
interface WaitingChat {
  readonly calls: UnsavedCall[];
  reason: HearthlinkError;
}

type Chunk = Parameters<MessageRepository['appendReply']>[0];

/**
 * Messages for conversations, which go on while the disk refuses to be written: a turn that the store does not take is kept in
 * memory, and is offered to the store again, in its order, after 1, 5 and 30 seconds and then every minute. A call that resolves
 * has therefore been saved or kept; `isUnsaved` tells which, and nothing that is only kept is shown without saying so.
 */
export class UnsavedTurns implements ConversationMessages, Disposable {
  readonly #parts: UnsavedTurnsParts;
  readonly #kept = new UnsavedMessages();
  readonly #waiting = new Map<string, WaitingChat>();
  readonly #afterSaving = new Map<string, () => Promise<void>>();
  readonly #changes: Emitter<UnsavedState>;
  /** What was said last by the disk, or, where it takes what it is given, by the store. */
  #error: HearthlinkError | null = null;
  #refusals = 0;
  #cancel: () => void = () => undefined;
  #trying: Promise<void> | null = null;

  constructor(parts: UnsavedTurnsParts) {
    this.#parts = parts;
    this.#changes = new Emitter((error) => { parts.log.error('A listener failed.', { code: HearthlinkError.from(error).code }); });
  }

  get state(): UnsavedState {
    return { messages: this.#kept.size, error: this.#error?.toData() ?? null };
  }

  readonly onDidChange: Event<UnsavedState> = (listener) => this.#changes.event(listener);

  isUnsaved(messageId: string): boolean {
    return this.#kept.get(messageId) !== null;
  }

  /** A chat whose first message is not saved yet. */
  session(id: string): Session | null {
    return this.#kept.sessionOf(id);
  }

  chats(): readonly UnsavedChat[] {
    return this.#kept.chats();
  }

  /** Runs at once, or when the reply is saved that is not yet. */
  async whenSaved(replyId: string, run: () => Promise<void>): Promise<void> {
    if (this.isUnsaved(replyId)) this.#afterSaving.set(replyId, run);
    else await run();
  }

  /** Offers everything to the store now. Resolves when that was done, whatever came of it. */
  tryNow(): Promise<void> {
    this.#cancel();
    this.#trying ??= this.#try().finally(() => {
      this.#trying = null;
      this.#changes.fire(this.state);
    });
    return this.#trying;
  }

  /** Drops whatever is not saved, for good: the store that it was meant for is erased. */
  forget(): void {
    this.#cancel();
    // A round that is under way holds these lists.
    for (const { calls } of this.#waiting.values()) calls.length = 0;
    this.#waiting.clear();
    this.#afterSaving.clear();
    this.#kept.clear();
    this.#error = null;
    this.#refusals = 0;
    this.#changes.fire(this.state);
  }

  dispose(): void {
    this.#cancel();
    this.#changes.dispose();
  }

  async startTurn(turn: NewTurn): Promise<StartedTurn> {
    const send = (): Promise<StartedTurn> => this.#parts.messages.startTurn({ ...turn, leaseUntil: this.#parts.clock.now() + replyLeaseMs });
    const attempt = await this.#attempt(turn.sessionId, () => this.#parts.messages.startTurn(turn));
    if ('result' in attempt) return attempt.result;
    // This chat does not wait for the disk: more of it would only be lost with the window.
    if (!refusalsOfTheDisk.includes(attempt.error.code)) throw attempt.error;
    const parentId = turn.user?.atActiveLeaf === true ? await this.#activeLeaf(turn) : (turn.user?.parentId ?? null);
    const started = this.#kept.start(turn, parentId);
    this.#keep(turn.sessionId, attempt.error, { send, onSaved: () => { this.#kept.turnIsSaved(turn); } });
    return started;
  }

  async appendReply(chunk: Chunk): Promise<void> {
    const { messageId, text, thinking } = chunk;
    const sessionId = this.#kept.get(messageId)?.sessionId ?? null;
    const attempt = await this.#attempt(sessionId, () => this.#parts.messages.appendReply(chunk));
    if ('result' in attempt) return;
    const message = await this.#copyOf(messageId, attempt.error);
    this.#kept.extend(message, text, thinking);
    const send = (): Promise<void> => this.#parts.messages.appendReply({ ...chunk, leaseUntil: this.#parts.clock.now() + replyLeaseMs });
    this.#keep(message.sessionId, attempt.error, { send, onSaved: () => undefined });
  }

  async finishReply(end: ReplyEnd): Promise<Message> {
    const { messageId } = end;
    const sessionId = this.#kept.get(messageId)?.sessionId ?? null;
    const attempt = await this.#attempt(sessionId, () => this.#parts.messages.finishReply(end));
    if ('result' in attempt) {
      this.#kept.isSaved(messageId);
      return attempt.result;
    }
    const message = this.#kept.finish(await this.#copyOf(messageId, attempt.error), end);
    const onSaved = (): void => {
      this.#kept.isSaved(messageId);
      void this.#followUp(messageId);
    };
    this.#keep(message.sessionId, attempt.error, { send: () => this.#parts.messages.finishReply(end), onSaved });
    return message;
  }

  async get(id: string): Promise<Message | null> {
    return this.#kept.get(id) ?? this.#parts.messages.get(id);
  }

  async path({ leafId, limit }: { readonly leafId: string; readonly limit: number }): Promise<readonly Message[]> {
    const { above, path } = this.#kept.pathTo(leafId);
    const stored = above === null ? [] : await this.#readable(() => this.#parts.messages.path({ leafId: above, limit }), []);
    return [...stored, ...path].slice(-limit);
  }

  async page(query: { readonly sessionId: string; readonly beforeId?: string; readonly limit: number }): Promise<MessagePage> {
    const { sessionId, beforeId, limit } = query;
    const leafId = this.#kept.leafOf(sessionId);
    const isOlder = beforeId !== undefined && !this.isUnsaved(beforeId);
    if (leafId === null || isOlder) return this.#kept.over(await this.#parts.messages.page(query));
    const { above, path } = this.#kept.pathTo(leafId);
    const all = [...(above === null ? [] : await this.path({ leafId: above, limit })), ...path];
    const end = beforeId === undefined ? all.length : all.findIndex(({ id }) => id === beforeId);
    const messages = all.slice(Math.max(0, end - limit), end);
    const total = above === null ? 0 : await this.#readable(async () => (await this.#parts.messages.page({ sessionId, limit: 1 })).total, 0);
    return { messages, hasMore: total > messages.length, total: total + path.length };
  }

  /** What is read while the store cannot be: what is known here. Only to be asked where something of it is shown besides. */
  async #readable<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!isOfTheDisk(error)) throw error;
      return otherwise;
    }
  }

  /** Sends a call, unless others of the same chat wait: these go first. Answers why it has to wait too. */
  async #attempt<T>(sessionId: string | null, send: () => Promise<T>): Promise<{ readonly result: T } | { readonly error: HearthlinkError }> {
    const waiting = sessionId === null ? undefined : this.#waiting.get(sessionId);
    if (waiting !== undefined && waiting.calls.length > 0) return { error: waiting.reason };
    try {
      return { result: await send() };
    } catch (error) {
      if (!isOfTheDisk(error)) throw error;
      return { error };
    }
  }

  async #activeLeaf({ sessionId, newSession }: NewTurn): Promise<string | null> {
    const unsaved = this.#kept.leafOf(sessionId);
    if (unsaved !== null || newSession !== undefined) return unsaved;
    return (await this.#parts.messages.page({ sessionId, limit: 1 })).messages.at(-1)?.id ?? null;
  }

  /** The message that is to be gone on with. Where it cannot be read, nothing can be kept of what belongs to it. */
  async #copyOf(messageId: string, refusal: HearthlinkError): Promise<Message> {
    const known = this.#kept.get(messageId) ?? (await this.#readable(() => this.#parts.messages.get(messageId), null));
    if (known === null) throw refusal;
    return known;
  }

  #keep(sessionId: string, error: HearthlinkError, call: UnsavedCall): void {
    const waiting = this.#waiting.get(sessionId);
    if (waiting === undefined) this.#waiting.set(sessionId, { calls: [call], reason: error });
    else waiting.calls.push(call);
    if (this.#error === null || (isOfTheDisk(error) && !isOfTheDisk(this.#error))) {
      this.#parts.log.warn('What is said is kept in memory until it can be written.', { code: error.code });
      this.#planNextTry(error);
    }
    this.#changes.fire(this.state);
  }

  #planNextTry(error: HearthlinkError): void {
    this.#error = error;
    this.#refusals++;
    this.#cancel();
    this.#cancel = this.#parts.timers.after(retryPauseMs(this.#refusals), () => void this.tryNow());
  }

  /** One chat after the other; the first refusal of the disk ends the round. */
  async #try(): Promise<void> {
    let failure: HearthlinkError | null = null;
    for (const [sessionId, waiting] of this.#waiting) {
      const refusal = await this.#sendAll(waiting.calls);
      if (refusal === null && waiting.calls.length === 0) this.#chatIsSaved(sessionId);
      waiting.reason = refusal ?? waiting.reason;
      failure = refusal ?? failure;
      if (isOfTheDisk(failure)) break;
    }
    const isForgotten = this.#waiting.size === 0;
    if (failure !== null && !isForgotten) {
      this.#planNextTry(failure);
      return;
    }
    if (this.#error !== null) this.#parts.log.info('Everything that was kept in memory is saved.');
    this.#error = null;
    this.#refusals = 0;
  }

  /** A reply that still streams goes on in the store. */
  #chatIsSaved(sessionId: string): void {
    this.#waiting.delete(sessionId);
    this.#kept.chatIsSaved(sessionId);
  }

  async #sendAll(calls: UnsavedCall[]): Promise<HearthlinkError | null> {
    for (let call = calls[0]; call !== undefined; call = calls[0]) {
      try {
        await call.send();
      } catch (error) {
        return HearthlinkError.from(error);
      }
      calls.shift();
      call.onSaved();
    }
    return null;
  }

  async #followUp(replyId: string): Promise<void> {
    const run = this.#afterSaving.get(replyId);
    this.#afterSaving.delete(replyId);
    try {
      await run?.();
    } catch (error) {
      this.#parts.log.warn('What follows a turn could not be planned.', { code: HearthlinkError.from(error).code });
    }
  }
}

/** The store for conversations: its messages go through `unsaved`, everything else is as it was. */
export function keepingUnsaved<Kept extends Store>(store: Kept, unsaved: UnsavedTurns): Kept {
  const messages: ConversationMessages = {
    startTurn: (turn) => unsaved.startTurn(turn),
    appendReply: (chunk) => unsaved.appendReply(chunk),
    finishReply: (end) => unsaved.finishReply(end),
    get: (id) => unsaved.get(id),
    page: (query) => unsaved.page(query),
    path: (query) => unsaved.path(query),
  };
  return { ...store, messages: { ...store.messages, ...messages } };
}
