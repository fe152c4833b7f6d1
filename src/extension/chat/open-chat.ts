import type { Conversation } from '../../agents/conversation.ts';
import type { ContextUse, TurnEvent } from '../../agents/turn-events.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Disposable } from '../../shared/events.ts';
import type { Clock, Log } from '../../shared/ports.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { EventData, EventName } from '../../shared/protocol/channel.ts';
import type { MessageView, SessionView } from '../../shared/protocol/chat-views.ts';
import type { MessageRepository } from '../../store/message-port.ts';
import type { StoreChange } from '../../store/port.ts';
import type { Message, Session } from '../../store/records.ts';
import type { SessionRepository } from '../../store/session-port.ts';
import { capturedFrom, capturedView, messageViews, sessionView, type ViewContext } from './message-views.ts';

/** How many messages a view gets at first, and with each request for older ones. */
export const pageSize = 200;

/** Sends an event to the view, wherever it is; lost when there is none. */
export type SendEvent = <E extends EventName<ChatProtocol>>(name: E, data: EventData<ChatProtocol, E>) => void;

export interface OpenChatParts extends ViewContext {
  readonly store: ViewContext['store'] & {
    readonly messages: Pick<MessageRepository, 'page'>;
    readonly sessions: Pick<SessionRepository, 'get' | 'activate'>;
  };
  readonly log: Log;
  readonly clock: Clock;
  readonly send: SendEvent;
  /** Makes the object that talks: for a stored chat, a new one (`sessionId` null), or a private one. */
  open(chat: ChatKind): Conversation;
  /** Composes a snapshot and sends it: what changed cannot be told in parts. */
  sendSnapshot(): Promise<void>;
  /** A reply ended; the badge and the walkthrough want to know. */
  onReplyFinished(reply: Message): void;
  /** A chat that is not saved yet; null for any other. */
  unsavedSession(id: string): Session | null;
  /** Another chat is open now: what to come back to after a reload. */
  onDidOpen(sessionId: string | null): void;
}

export interface ChatKind {
  readonly sessionId: string | null;
  readonly private: boolean;
  readonly temporary: boolean;
}

/** What a snapshot holds of the open chat. */
export interface OpenChatView {
  readonly session: SessionView | null;
  readonly private: boolean;
  readonly temporary: boolean;
  readonly messages: MessageView[];
  readonly hasMore: boolean;
  readonly total: number;
  readonly context: ContextUse | null;
}

/**
 * The chat that this window shows: turns what happens in it, here and in other windows, into events for the view. It goes on
 * while no view looks.
 */
export class OpenChat implements Disposable {
  readonly #parts: OpenChatParts;
  #kind: ChatKind;
  #conversation: Conversation;
  #subscription: Disposable;
  #context: ContextUse | null = null;
  /** Ids on the active branch as the view has them, so that a change is told by parts where that is possible. */
  #shown: readonly string[] = [];
  #total = 0;

  constructor(parts: OpenChatParts, kind: ChatKind) {
    this.#parts = parts;
    this.#kind = kind;
    this.#conversation = parts.open(kind);
    this.#subscription = this.#conversation.onDidHappen((event) => void this.#tell(event));
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  get sessionId(): string | null {
    return this.#conversation.sessionId;
  }

  get isPrivate(): boolean {
    return this.#kind.private;
  }

  /** Shows another chat and tells the view. A reply that is running in the one before goes on and is stored. */
  async show(kind: ChatKind): Promise<void> {
    this.#subscription.dispose();
    // What a private chat holds is nowhere else, so its reply ends with it.
    if (this.#kind.private) this.#conversation.stop();
    this.#kind = kind;
    this.#conversation = this.#parts.open(kind);
    this.#subscription = this.#conversation.onDidHappen((event) => void this.#tell(event));
    this.#context = null;
    this.#parts.onDidOpen(kind.private ? null : kind.sessionId);
    await this.refresh();
  }

  /** Opens a stored chat; with `messageId`, on the branch that holds it. */
  async open(sessionId: string, messageId: string | null): Promise<void> {
    if (messageId !== null) {
      const page = await this.#parts.store.messages.page({ sessionId, limit: pageSize });
      const shown = page.messages.some(({ id }) => id === messageId);
      if (!shown) await this.#parts.store.sessions.activate({ id: sessionId, leafId: messageId, at: this.#parts.clock.now() });
    }
    await this.show({ sessionId, private: false, temporary: false });
    if (messageId !== null) this.#parts.send('reveal', { messageId });
  }

  refresh(): Promise<void> {
    return this.#parts.sendSnapshot();
  }

  get send(): SendEvent {
    return this.#parts.send;
  }

  /** Messages that are shown and not stored; they are gone with the next snapshot. */
  showAside(messages: MessageView[]): void {
    this.#parts.send('messages', { messages, total: this.#total });
  }

  async view(): Promise<OpenChatView> {
    const page = await this.#conversation.page({ limit: pageSize });
    this.#shown = page.messages.map(({ id }) => id);
    this.#total = page.total;
    return {
      session: await this.#sessionView(),
      private: this.#kind.private,
      temporary: this.#kind.temporary,
      messages: await messageViews(this.#parts, page.messages),
      hasMore: page.hasMore,
      total: page.total,
      context: this.#context,
    };
  }

  async older(beforeId: string): Promise<{ messages: MessageView[]; hasMore: boolean }> {
    const page = await this.#conversation.page({ beforeId, limit: pageSize });
    this.#shown = [...page.messages.map(({ id }) => id), ...this.#shown];
    return { messages: await messageViews(this.#parts, page.messages), hasMore: page.hasMore };
  }

  /** Follows a change of the store, by this window or another. */
  async follow(change: StoreChange): Promise<void> {
    const { sessionId } = this;
    if (change.everything) return this.refresh();
    if (sessionId === null || this.#kind.private) return;
    if (change.sessions.includes(sessionId)) this.#parts.send('session', { session: await this.#sessionView() });
    const running = new Set(this.#conversation.running.map(({ replyId }) => replyId));
    const changed = change.messages.filter((id) => !running.has(id));
    if (changed.length > 0) await this.#followMessages(changed);
    if (change.slices.length > 0) await this.#followSlices(change.slices);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #followMessages(changed: readonly string[]): Promise<void> {
    const page = await this.#conversation.page({ limit: pageSize });
    const ids = page.messages.map(({ id }) => id);
    const added = ids.filter((id) => !this.#shown.includes(id));
    const kept = ids.filter((id) => this.#shown.includes(id));
    const sameBranch = kept.length > 0 && added.every((id) => ids.indexOf(id) >= kept.length) && this.#shown.at(-1) === kept.at(-1);
    if (!sameBranch) {
      if (added.length > 0 || kept.length < Math.min(this.#shown.length, ids.length)) await this.refresh();
      return;
    }
    this.#shown = [...this.#shown, ...added];
    this.#total = page.total;
    const touched = page.messages.filter(({ id }) => added.includes(id) || changed.includes(id));
    if (touched.length > 0) this.#parts.send('messages', { messages: await messageViews(this.#parts, touched), total: page.total });
  }

  /** Memories that were edited or forgotten, and facts that were found, reach the replies that show them. */
  async #followSlices(ids: readonly string[]): Promise<void> {
    const slices = await this.#parts.store.slices.get(ids);
    const sources = new Set(slices.flatMap(({ provenance }) => (provenance.type === 'message' ? [provenance.messageId] : [])));
    const page = await this.#conversation.page({ limit: 20 });
    for (const reply of page.messages) {
      if (reply.role !== 'assistant' || reply.parentId === null || !sources.has(reply.parentId)) continue;
      const found = await capturedFrom(this.#parts.store, [reply.parentId]);
      this.#parts.send('captured', { messageId: reply.id, captured: found.map(capturedView) });
    }
  }

  async #tell(event: TurnEvent): Promise<void> {
    const { send, log } = this.#parts;
    try {
      switch (event.type) {
        case 'started': {
          const messages = event.user === null ? [event.reply] : [event.user, event.reply];
          if (event.newSession !== null) this.#parts.onDidOpen(event.newSession.id);
          const isBranch = event.user === null || event.user.siblings.length > 1;
          if (isBranch) {
            await this.refresh();
            return;
          }
          this.#shown = [...this.#shown, ...messages.map(({ id }) => id)];
          this.#total += messages.length;
          send('messages', { messages: await messageViews(this.#parts, messages), total: this.#total });
          return;
        }
        case 'waiting':
          send('waiting', event);
          return;
        case 'delta':
          send('delta', event);
          return;
        case 'finished':
          this.#context = event.context ?? this.#context;
          if (event.context !== null) send('context', event.context);
          send('messages', { messages: await messageViews(this.#parts, [event.reply]), total: this.#total });
          this.#parts.onReplyFinished(event.reply);
          return;
        case 'not-stored':
          send('notice', { error: event.error });
          return;
      }
    } catch (error) {
      log.error('a turn could not be shown', { event: event.type, code: HearthlinkError.from(error).code });
    }
  }

  async #sessionView(): Promise<SessionView | null> {
    const { sessionId } = this;
    if (this.#kind.private || sessionId === null) return null;
    const session = this.#parts.unsavedSession(sessionId) ?? (await this.#parts.store.sessions.get(sessionId));
    return session === null ? null : sessionView(session);
  }
}
