import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import * as l10n from '@vscode/l10n';
import type { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { Channel } from '../ui/channel.ts';
import { linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { markShown } from '../ui/view-marks.ts';
import type { StateBox } from '../ui/view-state.ts';
import { bannersView } from './banners.ts';
import { ChatConnection } from './chat-connection.ts';
import { isUnreadable, streamingReply, withMemory, type ChatState } from './chat-state.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { emptyDraft, type Draft, type Drafts } from './drafts.ts';
import { ModelOffer } from './model-offer.ts';
import { problemNotice, type Problem } from './problem-notice.ts';
import { pullNotice } from './pull-view.ts';
import { takesMessages } from './session-status.ts';
import { sameOrNew, type TurnContext } from './turn-context.ts';
import { welcomeView } from './welcome.ts';
import '../ui/announcer.ts';
import './composer.ts';
import './transcript.ts';

const minuteMs = 60_000;

export interface ChatAppParts {
  readonly channel: Channel<ChatProtocol>;
  readonly clock: Clock;
  readonly drafts: StateBox<Drafts>;
}

/** The chat view as a whole. It is drawn at most once a frame, however much the extension tells it. */
export class ChatApp extends LightElement {
  static override properties = {
    isListing: { state: true },
    isPinned: { state: true },
    problem: { state: true },
    now: { state: true },
  };

  readonly #clock: Clock;
  readonly #drafts: DraftKeeper;
  readonly #connection: ChatConnection;
  readonly #offer: ModelOffer;
  /** The list of chats is shown instead of the chat. */
  declare private isListing: boolean;
  declare private isPinned: boolean;
  declare private problem: Problem | undefined;
  declare private now: number;
  #isShown = false;
  #openedChats = 0;
  #context: TurnContext | undefined;
  #minute: ReturnType<typeof setInterval> | undefined;

  constructor({ channel, clock, drafts }: ChatAppParts) {
    super();
    this.#clock = clock;
    this.#drafts = new DraftKeeper(drafts);
    this.#offer = new ModelOffer(channel, () => { this.requestUpdate(); });
    this.isListing = false;
    this.isPinned = true;
    this.now = clock.now();
    this.#connection = new ChatConnection(this, channel, {
      onProblem: (error, method) => { this.#showProblem(error, method); },
      onFinished: (sentences) => { for (const sentence of sentences) this.#announce(sentence); },
      onOpened: () => { this.#onOpened(); },
      onStored: (sessionId) => { this.#drafts.move(sessionId); },
    });
    this.#listen(channel);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#minute = setInterval(() => { this.now = this.#clock.now(); }, minuteMs);
    window.addEventListener('focus', this.#onWindowFocus);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#minute);
    window.removeEventListener('focus', this.#onWindowFocus);
  }

  /** Waits for the next frame: any number of deltas in between are drawn together. */
  protected override async scheduleUpdate(): Promise<void> {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override updated(): void {
    const { chat } = this.#connection;
    if (chat === undefined) return;
    if (!this.#isShown) void this.#markShown();
    if (this.#draft.isHeld && !this.#mustHold(chat)) void this.#send();
    void this.#offer.look(chat);
  }

  async #markShown(): Promise<void> {
    this.#isShown = true;
    await this.#transcriptElement?.updateComplete;
    markShown();
  }

  protected override render(): TemplateResult {
    const { chat } = this.#connection;
    return html`<main class="chat">${chat === undefined ? this.#beginning() : this.#chat(chat)}</main><hearth-announcer></hearth-announcer>`;
  }

  #beginning(): TemplateResult {
    return html`<h1 class="sr-only">${l10n.t('Chat')}</h1>
      <div class="composer-area">${this.#problemView()}</div>`;
  }

  #chat(chat: ChatState): TemplateResult {
    const { ask } = this.#connection;
    // While the store is locked nothing that was read from it stays in sight: no titles either.
    const isListing = this.isListing && chat.store.state !== 'locked';
    return html`${bannersView(chat, ask)}
      ${isListing
        ? html`<h1 class="sr-only">${l10n.t('Chats')}</h1>
            <hearth-sessions
              .ask=${ask}
              .announce=${this.#announce}
              .openId=${chat.session?.id ?? null}
              .now=${this.now}
              @sessions-closed=${() => void this.#list(false)}
            ></hearth-sessions>`
        : html`<h1 class="sr-only">${chat.private ? l10n.t('Private chat with {0}', chat.agent.name) : l10n.t('Chat with {0}', chat.agent.name)}</h1>`}
      <div class="chat-pane" ?hidden=${isListing}>
        ${chat.messages.length === 0 ? this.#emptyChat(chat) : this.#transcript(chat)}
        <div class="composer-area">${this.#belowLine(chat)} ${this.#pull(chat)} ${this.#problemView()} ${this.#composer(chat)}</div>
      </div>`;
  }

  #emptyChat(chat: ChatState): TemplateResult | typeof nothing {
    if (chat.store.state === 'starting') return html`<div class="welcome"><p class="quiet late">${l10n.t('Opening your memory.')}</p></div>`;
    return welcomeView({ chat, ask: this.#connection.ask, suggest: (text) => { this.#suggest(text); } });
  }

  #transcript(chat: ChatState): unknown {
    return keyed(
      this.#openedChats,
      html`<hearth-transcript
        .messages=${chat.messages}
        .hasMore=${chat.hasMore}
        .total=${chat.total}
        .waiting=${chat.waiting}
        .context=${this.#turnContext(chat)}
        .loadOlder=${this.#connection.loadOlder}
        @composer-wanted=${() => { this.#focusComposer(); }}
        @pinned-change=${() => { this.isPinned = this.#transcriptElement?.isPinned ?? true; }}
      ></hearth-transcript>`,
    );
  }

  /** Says that a reply is being written out of sight. */
  #belowLine(chat: ChatState): TemplateResult | typeof nothing {
    if (this.isPinned || streamingReply(chat) === undefined) return nothing;
    return html`<p class="below quiet">${l10n.t('{0} is writing below.', chat.agent.name)} ${linkButton(l10n.t('Go there'), () => { this.#transcriptElement?.toEnd(); })}</p>`;
  }

  /** An empty chat without a model shows the pull in its middle. */
  #pull({ pull, messages, connection }: ChatState): TemplateResult | typeof nothing {
    const isShownAbove = messages.length === 0 && connection.state === 'no-model';
    return pull === null || isShownAbove ? nothing : pullNotice(pull, this.#connection.ask);
  }

  #problemView(): TemplateResult | typeof nothing {
    if (this.problem === undefined) return nothing;
    return problemNotice(this.problem, this.#connection.ask, () => { this.problem = undefined; });
  }

  #composer(chat: ChatState): TemplateResult {
    return html`<hearth-composer
      .draft=${this.#draft}
      .agentName=${chat.agent.name}
      .attachments=${chat.attachments}
      .connection=${chat.connection}
      .contextUse=${chat.context}
      .isReplying=${streamingReply(chat) !== undefined}
      .isReadOnly=${isUnreadable(chat.store) || !takesMessages(chat.session)}
      .ask=${this.#connection.ask}
      @draft-change=${({ detail }: CustomEvent<Draft>) => { this.#setDraft(detail); }}
      @send=${() => void this.#send()}
      @stop=${() => void this.#connection.ask('stop', {})}
    ></hearth-composer>`;
  }

  #turnContext(chat: ChatState): TurnContext {
    this.#context = sameOrNew(this.#context, {
      ask: this.#connection.ask,
      changeMemory: this.#changeMemory,
      showMemory: this.#showMemory,
      announce: this.#announce,
      agentName: chat.agent.name,
      isPrivate: chat.private,
      isReadOnly: isReadOnly(chat),
      takesMessages: takesMessages(chat.session),
      otherModel: this.#offer.model,
      captureMode: chat.captureMode,
      showTokensPerSecond: chat.showTokensPerSecond,
      clock: this.#clock,
      now: this.now,
    });
    return this.#context;
  }

  readonly #changeMemory: TurnContext['changeMemory'] = async (request, id) => {
    const changed = await this.#connection.ask(request, { id });
    if (changed === undefined) return;
    this.#showMemory(changed.memory);
    this.#announce(request === 'forgetMemory' ? l10n.t('Forgotten.') : l10n.t('Kept.'));
  };

  readonly #showMemory: TurnContext['showMemory'] = (memory) => {
    this.#connection.change((chat) => withMemory(chat, memory));
  };

  readonly #announce = (words: string): void => {
    this.querySelector('hearth-announcer')?.say(words);
  };

  #listen(channel: Channel<ChatProtocol>): void {
    channel.on('focusComposer', () => { this.#toComposer(); });
    channel.on('showSessions', () => void this.#list(true));
    channel.on('showModels', () => void this.#showModels());
    channel.on('draft', ({ text }) => { this.#suggest(text); });
    channel.on('notice', ({ error }) => { this.problem = { error }; });
    channel.on('reveal', ({ messageId }) => void this.#reveal(messageId));
    channel.on('sessionsChanged', () => void this.querySelector('hearth-sessions')?.refresh());
  }

  #showProblem(error: HearthlinkError, method: string): void {
    const again = (): void => {
      this.problem = undefined;
      if (method === 'ready') void this.#connection.refresh();
      else if (method === 'send') void this.#send();
    };
    this.problem = { error: error.toData(), ...(method === 'ready' || method === 'send' ? { tryAgain: again } : {}) };
  }

  #onOpened(): void {
    this.#openedChats++;
    this.isPinned = true;
    this.problem = undefined;
    this.#drafts.forgetPrivate();
  }

  get #transcriptElement(): HTMLElementTagNameMap['hearth-transcript'] | undefined {
    return this.querySelector('hearth-transcript') ?? undefined;
  }

  get #composerElement(): HTMLElementTagNameMap['hearth-composer'] | undefined {
    return this.querySelector('hearth-composer') ?? undefined;
  }

  get #draft(): Draft {
    const { chat } = this.#connection;
    return chat === undefined ? emptyDraft : this.#drafts.of(chat);
  }

  #setDraft(draft: Draft): void {
    const { chat } = this.#connection;
    if (chat === undefined) return;
    this.#drafts.set(chat, draft);
    this.requestUpdate();
  }

  /** Without a model, or while a reply is being written, a message waits with its draft. */
  #mustHold(chat: ChatState): boolean {
    return streamingReply(chat) !== undefined || chat.connection.state === 'no-model';
  }

  async #send(): Promise<void> {
    const { chat } = this.#connection;
    const draft = this.#draft;
    if (chat === undefined || draft.text.trim() === '') return;
    if (this.#mustHold(chat)) {
      this.#setDraft({ ...draft, isHeld: true });
      return;
    }
    this.problem = undefined;
    this.#setDraft(emptyDraft);
    this.#transcriptElement?.toEnd();
    const sent = await this.#connection.ask('send', { text: draft.text, editOf: null });
    if (sent === undefined && this.#draft.text === '') this.#setDraft({ ...draft, isHeld: false });
  }

  /** Puts words into the composer, behind what is there, and the caret behind them. */
  #suggest(words: string): void {
    const { text } = this.#draft;
    this.#setDraft({ text: text === '' ? words : `${text}\n${words}`, isHeld: false });
    this.#toComposer();
  }

  /** Also from the list of chats, which a command such as "New chat" leaves. */
  #toComposer(): void {
    if (this.isListing) void this.#list(false);
    else this.#focusComposer();
  }

  #focusComposer(): void {
    void this.updateComplete.then(() => { this.#composerElement?.focus(); });
  }

  readonly #onWindowFocus = (): void => {
    if (document.activeElement === document.body && !this.isListing) this.#focusComposer();
  };

  async #showModels(): Promise<void> {
    await this.#list(false);
    await this.updateComplete;
    await this.#composerElement?.showModels();
  }

  /** The list comes as a chunk of its own, with the first time it is wanted. */
  async #list(isListing: boolean): Promise<void> {
    if (isListing) await import('./session-list.ts');
    if (this.isListing === isListing) return;
    this.isListing = isListing;
    if (!isListing) this.#focusComposer();
  }

  /** Pages back until the message is there, then brings it into sight. */
  async #reveal(messageId: string): Promise<void> {
    const indexNow = (): number => this.#connection.chat?.messages.findIndex(({ id }) => id === messageId) ?? -1;
    while (indexNow() === -1 && this.#connection.chat?.hasMore === true) {
      if (!(await this.#connection.loadOlder())) return;
    }
    await this.updateComplete;
    this.#transcriptElement?.reveal(indexNow());
  }
}

function isReadOnly({ store }: ChatState): boolean {
  return store.state !== 'ready' && store.state !== 'starting';
}

customElements.define('hearth-chat', ChatApp);
