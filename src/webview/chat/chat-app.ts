import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { EventData, MethodName, ParametersOf, ResultOf } from '../../shared/protocol/channel.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { Channel } from '../ui/channel.ts';
import { LightElement } from '../ui/light-element.ts';
import { fromSnapshot, streamingReply, withDelta, withMessages, withOlder, type ChatState } from './chat-state.ts';
import type { TurnContext } from './turn-context.ts';
import './composer.ts';
import './transcript.ts';

/** The chat view as a whole: it talks with the extension, keeps what it was told, and draws it at most once a frame. */
export class ChatApp extends LightElement {
  static override properties = {
    chat: { state: true },
    draft: { state: true },
  };

  readonly #channel: Channel<ChatProtocol>;
  readonly #clock: Clock;
  declare private chat: ChatState | undefined;
  declare private draft: string;
  #context: TurnContext | undefined;

  constructor(channel: Channel<ChatProtocol>, clock: Clock) {
    super();
    this.#channel = channel;
    this.#clock = clock;
    this.chat = undefined;
    this.draft = '';
    this.#listen();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#refresh();
  }

  protected override async scheduleUpdate(): Promise<void> {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  #listen(): void {
    const channel = this.#channel;
    channel.on('snapshot', (snapshot) => { this.chat = fromSnapshot(snapshot); });
    channel.on('messages', ({ messages, total }) => { this.#change((chat) => withMessages(chat, messages, total)); });
    channel.on('delta', (delta) => { this.#grow(delta); });
    channel.on('waiting', (waiting) => { this.#change((chat) => ({ ...chat, waiting })); });
  }

  #change(step: (chat: ChatState) => ChatState): void {
    if (this.chat !== undefined) this.chat = step(this.chat);
  }

  #grow(delta: EventData<ChatProtocol, 'delta'>): void {
    if (this.chat === undefined) return;
    const grown = withDelta(this.chat, delta);
    if (grown === undefined) void this.#refresh();
    else this.chat = grown;
  }

  async #refresh(): Promise<void> {
    const snapshot = await this.#ask('ready', {});
    if (snapshot !== undefined) this.chat = fromSnapshot(snapshot);
  }

  readonly #ask = async <M extends MethodName<ChatProtocol>>(
    method: M,
    parameters: ParametersOf<ChatProtocol, M>,
  ): Promise<ResultOf<ChatProtocol, M> | undefined> => {
    try {
      return await this.#channel.request(method, parameters);
    } catch (error) {
      this.#show(HearthlinkError.from(error));
      return undefined;
    }
  };

  #show(error: HearthlinkError): void {
    this.dispatchEvent(new CustomEvent('problem', { detail: error }));
  }

  protected override render(): TemplateResult {
    const { chat } = this;
    if (chat === undefined) return html`<main class="chat"><h1 class="sr-only">${l10n.t('Chat')}</h1></main>`;
    return html`<main class="chat">
      <h1 class="sr-only">${l10n.t('Chat with {0}', chat.agent.name)}</h1>
      <hearth-transcript
        .messages=${chat.messages}
        .hasMore=${chat.hasMore}
        .total=${chat.total}
        .waiting=${chat.waiting}
        .context=${this.#turnContext(chat)}
        .loadOlder=${this.#loadOlder}
        @composer-wanted=${() => { this.#focusComposer(); }}
      ></hearth-transcript>
      <div class="composer-area">
        <hearth-composer
          .agentName=${chat.agent.name}
          .isReplying=${streamingReply(chat) !== undefined}
          .text=${this.draft}
          @send=${this.#send}
          @stop=${() => void this.#ask('stop', {})}
        ></hearth-composer>
      </div>
    </main>${nothing}`;
  }

  #turnContext(chat: ChatState): TurnContext {
    this.#context ??= {
      ask: this.#ask,
      agentName: chat.agent.name,
      isPrivate: chat.private,
      captureMode: chat.captureMode,
      showTokensPerSecond: chat.showTokensPerSecond,
      now: this.#clock.now(),
    };
    return this.#context;
  }

  readonly #loadOlder = async (): Promise<boolean> => {
    const beforeId = this.chat?.messages[0]?.id;
    if (beforeId === undefined) return true;
    const page = await this.#ask('older', { beforeId });
    if (page === undefined) return false;
    this.#change((chat) => withOlder(chat, page.messages, page.hasMore));
    return true;
  };

  #focusComposer(): void {
    this.querySelector('hearth-composer')?.focus();
  }

  async #send(): Promise<void> {
    const composer = this.querySelector('hearth-composer');
    if (composer === null) return;
    const text = composer.text;
    composer.text = '';
    this.querySelector('hearth-transcript')?.toEnd();
    const sent = await this.#ask('send', { text, editOf: null });
    if (sent === undefined && composer.text === '') composer.text = text;
  }
}

customElements.define('hearth-chat', ChatApp);
