import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { HearthlinkError } from '../../shared/errors.ts';
import type { MethodName, ParametersOf, ResultOf } from '../../shared/protocol/channel.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { SessionView } from '../../shared/protocol/chat-views.ts';
import type { Channel } from '../ui/channel.ts';
import { announcementsOf } from './announcements.ts';
import {
  fromSnapshot,
  withCaptured,
  withDelta,
  withMemory,
  withMessages,
  withOlder,
  type ChatState,
  type Delta,
} from './chat-state.ts';

/** What the owner of the connection hears of. */
export interface ChatListener {
  /** A request failed, and with it what the reader wanted. */
  onProblem(error: HearthlinkError, method: MethodName<ChatProtocol>): void;
  /** Replies were finished; each is to be said once. */
  onFinished(sentences: readonly string[]): void;
  /** Another chat is shown now, or the first one. */
  onOpened(): void;
  /** The open chat was stored for the first time and has an id now. */
  onStored(sessionId: string): void;
}

/** Keeps what the extension said about the open chat, up to date by its events, and asks it for things. */
export class ChatConnection implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #channel: Channel<ChatProtocol>;
  readonly #listener: ChatListener;
  #chat: ChatState | undefined;
  #refreshing = false;
  /** What came while a snapshot was under way: it may have been made before or after. */
  #meanwhile: Delta[] = [];

  constructor(host: ReactiveControllerHost, channel: Channel<ChatProtocol>, listener: ChatListener) {
    this.#host = host;
    this.#channel = channel;
    this.#listener = listener;
    host.addController(this);
    this.#listen();
  }

  /** Undefined until the extension has answered for the first time. */
  get chat(): ChatState | undefined {
    return this.#chat;
  }

  hostConnected(): void {
    void this.refresh();
  }

  /** Asks for everything anew: at the beginning, and when an event was missed. */
  async refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    const snapshot = await this.ask('ready', {});
    this.#refreshing = false;
    const meanwhile = this.#meanwhile;
    this.#meanwhile = [];
    if (snapshot === undefined) return;
    this.#open(fromSnapshot(snapshot));
    for (const delta of meanwhile) if (delta.text !== '') this.#grow(delta); // thinking has no place to be put at
  }

  /** Like a request of the channel, but a failure is told to the listener and becomes `undefined`. */
  readonly ask = async <M extends MethodName<ChatProtocol>>(
    method: M,
    parameters: ParametersOf<ChatProtocol, M>,
  ): Promise<ResultOf<ChatProtocol, M> | undefined> => {
    try {
      return await this.#channel.request(method, parameters);
    } catch (error) {
      const problem = HearthlinkError.from(error);
      if (problem.code !== 'cancelled') this.#listener.onProblem(problem, method);
      return undefined;
    }
  };

  /** Puts the page before the first message in front; false when it could not be fetched. */
  readonly loadOlder = async (): Promise<boolean> => {
    const first = this.#chat?.messages[0];
    if (first === undefined) return true;
    const page = await this.ask('older', { beforeId: first.id });
    if (page === undefined) return false;
    // Another chat may have been opened in the meantime.
    this.change((chat) => (chat.messages[0]?.id === first.id ? withOlder(chat, page.messages, page.hasMore) : chat));
    return true;
  };

  /** Changes what is known, as when an answer says how a memory is now. */
  change(step: (chat: ChatState) => ChatState): void {
    if (this.#chat === undefined) return;
    this.#chat = step(this.#chat);
    this.#host.requestUpdate();
  }

  #open(chat: ChatState): void {
    const before = this.#chat;
    this.#chat = chat;
    if (before !== undefined && isStoredNow(before, chat)) this.#listener.onStored(chat.session.id);
    else if (before === undefined || before.session?.id !== chat.session?.id || before.private !== chat.private) this.#listener.onOpened();
    this.#host.requestUpdate();
  }

  #listen(): void {
    const channel = this.#channel;
    channel.on('snapshot', (snapshot) => { this.#open(fromSnapshot(snapshot)); });
    channel.on('messages', ({ messages, total }) => {
      const { messages: before = [], agent } = this.#chat ?? {};
      this.change((chat) => withMessages(chat, messages, total));
      this.#listener.onFinished(announcementsOf(before, messages, agent?.name ?? ''));
    });
    channel.on('delta', (delta) => { this.#grow(delta); });
    channel.on('waiting', (waiting) => { this.change((chat) => ({ ...chat, waiting })); });
    channel.on('session', ({ session }) => {
      const before = this.#chat;
      this.change((chat) => ({ ...chat, session }));
      if (before?.session === null && session !== null) this.#listener.onStored(session.id);
    });
    channel.on('connection', ({ connection }) => { this.change((chat) => ({ ...chat, connection })); });
    channel.on('pull', ({ pull }) => { this.change((chat) => ({ ...chat, pull })); });
    channel.on('attachments', ({ attachments }) => { this.change((chat) => ({ ...chat, attachments })); });
    channel.on('context', (context) => { this.change((chat) => ({ ...chat, context })); });
    channel.on('memory', ({ memory }) => { this.change((chat) => withMemory(chat, memory)); });
    channel.on('captured', ({ messageId, captured }) => { this.change((chat) => withCaptured(chat, messageId, captured)); });
    channel.on('captureMode', ({ mode }) => { this.change((chat) => ({ ...chat, captureMode: mode })); });
    channel.on('editor', ({ editor }) => { this.change((chat) => ({ ...chat, editor })); });
    channel.on('store', (store) => { this.change((chat) => ({ ...chat, store })); });
  }

  #grow(delta: Delta): void {
    if (this.#refreshing) this.#meanwhile.push(delta);
    const grown = this.#chat === undefined ? undefined : withDelta(this.#chat, delta);
    if (grown === undefined) void this.refresh();
    else this.change(() => grown);
  }
}

/** The chat that had no id yet, with the same messages, and not another one that was opened. */
function isStoredNow(before: ChatState, after: ChatState): after is ChatState & { readonly session: SessionView } {
  const first = before.messages[0];
  return before.session === null && after.session !== null && !before.private && first !== undefined && after.messages[0]?.id === first.id;
}
