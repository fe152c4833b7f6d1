import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { dayWords, startOfDay } from '../ui/time-words.ts';
import type { Waiting } from './chat-state.ts';
import type { TurnContext } from './turn-context.ts';
import { estimatedHeight } from './turn-height.ts';
import { TurnNavigation } from './turn-navigation.ts';
import { offsetOf, windowAt, type Window } from './windowing.ts';
import './reply-turn.ts';
import './request-turn.ts';

/** So close to its end, in pixels, a transcript that is scrolled down counts as being at its end. */
const endZone = 24;
/** With so few rows left above the window, the page before is asked for. */
const rowsBeforeAsking = 40;

interface Anchor {
  readonly id: string;
  /** Pixels from the upper edge of the viewport to that of the row; negative when the row begins above. */
  readonly offset: number;
}

/**
 * The messages of a chat, of which only those near the viewport are in the page. It stays at its end while the reader is there;
 * else what is being read stays where it is, whatever is added or measured above and below.
 */
export class Transcript extends LightElement {
  static override properties = {
    messages: { attribute: false },
    hasMore: { attribute: false },
    total: { attribute: false },
    waiting: { attribute: false },
    context: { attribute: false },
    loadOlder: { attribute: false },
  };

  declare messages: readonly MessageView[];
  declare hasMore: boolean;
  declare total: number;
  declare waiting: Waiting | null;
  declare context: TurnContext;
  /** Fetches the page before; false when that failed. */
  declare loadOlder: () => Promise<boolean>;

  readonly #navigation = new TurnNavigation(this);
  readonly #resized = new ResizeObserver(() => { this.#settle(); });
  readonly #observed = new Set<Element>();
  #heights: number[] = [];
  #measured = new Map<string, number>();
  #window: Window = { first: 0, end: 0, before: 0, after: 0 };
  #isPinned = true;
  #lastTop = 0;
  #anchor: Anchor | undefined;
  #askedBefore: string | undefined;

  constructor() {
    super();
    this.messages = [];
    this.hasMore = false;
    this.total = 0;
    this.waiting = null;
    this.addEventListener('scroll', () => { this.#onScroll(); }, { passive: true });
  }

  /** True while the end is in view, and is kept there. */
  get isPinned(): boolean {
    return this.#isPinned;
  }

  get list(): HTMLOListElement | undefined {
    return this.find(HTMLOListElement, 'ol.transcript');
  }

  /** Goes to the last message and stays there. */
  toEnd(): void {
    this.#setPinned(true);
    this.requestUpdate();
  }

  /** Brings a message to the upper part of the viewport, if it is among those that were loaded. */
  reveal(index: number): void {
    const message = this.messages[index];
    if (message === undefined) return;
    this.#setPinned(false);
    this.#anchor = { id: message.id, offset: 8 };
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#observed.clear();
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('messages') || this.#heights.length !== this.messages.length) this.#takeHeights(changed.get('messages'));
    this.#window = this.#wantedWindow();
  }

  protected override render(): TemplateResult {
    const { first, end } = this.#window;
    const drawn = this.messages.slice(first, end);
    return html`
      <ol class="transcript" tabindex="0" aria-label=${l10n.t('Messages')} @click=${this.#onClick}>
        ${repeat(drawn, ({ id }) => id, (message, index) => this.#row(message, first + index))}
      </ol>
    `;
  }

  protected override updated(): void {
    const list = this.list;
    if (list === undefined) return;
    this.#observe(list);
    this.#settle();
    this.#navigation.afterUpdate();
    void this.#askForOlder();
  }

  /** Rows that left the page are let go of. */
  #observe(list: HTMLOListElement): void {
    for (const row of this.#observed) {
      if (row.isConnected) continue;
      this.#resized.unobserve(row);
      this.#observed.delete(row);
    }
    for (const row of list.children) {
      if (this.#observed.has(row)) continue;
      this.#resized.observe(row);
      this.#observed.add(row);
    }
  }

  #row(message: MessageView, index: number): TemplateResult {
    const earlier = this.messages[index - 1];
    const beginsDay = earlier === undefined ? !this.hasMore : startOfDay(earlier.at) !== startOfDay(message.at);
    const isLast = index === this.messages.length - 1;
    const position = this.total - this.messages.length + index + 1;
    const day = dayWords(message.at, this.context.now);
    return html`${beginsDay ? html`<li class="day"><h2>${day}</h2></li>` : nothing}
      <li
        class="turn"
        tabindex="-1"
        data-id=${message.id}
        aria-setsize=${this.total}
        aria-posinset=${position}
        aria-labelledby="head-${message.id} body-${message.id}"
        aria-busy=${message.status === 'streaming' ? 'true' : nothing}
      >
        ${index === this.#window.first && !beginsDay ? html`<h2 class="sr-only">${day}</h2>` : nothing}
        ${message.role === 'user'
          ? html`<hearth-request .message=${message} .context=${this.context} .isLast=${isLast}></hearth-request>`
          : html`<hearth-reply
              .message=${message}
              .context=${this.context}
              .waiting=${this.waiting?.messageId === message.id ? this.waiting : null}
              .isLast=${isLast}
            ></hearth-reply>`}
      </li>`;
  }

  #takeHeights(before: readonly MessageView[] | undefined): void {
    const sameRows =
      before?.length === this.messages.length && before[0]?.id === this.messages[0]?.id && before.at(-1)?.id === this.messages.at(-1)?.id;
    if (sameRows && this.#heights.length === this.messages.length) return;
    const width = this.clientWidth === 0 ? 300 : this.clientWidth;
    this.#heights = this.messages.map((message) => this.#measured.get(message.id) ?? estimatedHeight(message, width));
  }

  #wantedWindow(): Window {
    const viewport = this.list === undefined ? window.innerHeight : this.clientHeight;
    return windowAt(this.#heights, this.#wantedTop(), viewport, viewport);
  }

  #wantedTop(): number {
    if (this.#isPinned) return Number.POSITIVE_INFINITY;
    const anchored = this.#anchor === undefined ? -1 : this.messages.findIndex(({ id }) => id === this.#anchor?.id);
    if (this.#anchor !== undefined && anchored !== -1) return offsetOf(this.#heights, anchored) - this.#anchor.offset;
    return this.scrollTop;
  }

  /** Measures what is drawn, gives the rest its space, and puts the viewport back to where the reader was. */
  #settle(): void {
    const list = this.list;
    if (list === undefined || this.clientHeight === 0) return; // not on show
    this.#measure(list);
    const { first, end } = this.#window;
    const before = offsetOf(this.#heights, first);
    const after = offsetOf(this.#heights, this.#heights.length) - offsetOf(this.#heights, end);
    list.style.setProperty('--before', `${before}px`);
    list.style.setProperty('--after', `${after}px`);
    if (this.#isPinned) this.scrollTop = this.scrollHeight;
    else this.#restore();
    if (this.#pixelsToEnd <= 1) this.#setPinned(true);
    this.#lastTop = this.scrollTop;
    const wanted = this.#wantedWindow();
    if (wanted.first < first || wanted.end > end) this.requestUpdate();
  }

  #measure(list: HTMLOListElement): void {
    let pixels = 0;
    let index = this.#window.first;
    for (const row of list.children) {
      pixels += row.getBoundingClientRect().height;
      if (!(row instanceof HTMLElement) || row.dataset['id'] === undefined) continue;
      this.#measured.set(row.dataset['id'], pixels);
      this.#heights[index] = pixels;
      pixels = 0;
      index++;
    }
  }

  #restore(): void {
    const row = this.#anchor === undefined ? undefined : this.rowOf(this.#anchor.id);
    if (row !== undefined && this.#anchor !== undefined) {
      const moved = row.getBoundingClientRect().top - this.getBoundingClientRect().top - this.#anchor.offset;
      if (Math.abs(moved) >= 1) this.scrollTop += moved;
    }
    this.#dropAnchor();
  }

  /** The first turn in sight is what the reader reads. */
  #dropAnchor(): void {
    const edge = this.getBoundingClientRect().top;
    const turns = [...this.querySelectorAll<HTMLElement>('li.turn')];
    const read = turns.find((turn) => turn.getBoundingClientRect().bottom > edge);
    const offset = read === undefined ? 0 : read.getBoundingClientRect().top - edge;
    const id = read?.dataset['id'];
    this.#anchor = id === undefined || offset > this.clientHeight ? undefined : { id, offset };
  }

  rowOf(id: string): HTMLLIElement | undefined {
    return this.find(HTMLLIElement, `li.turn[data-id="${CSS.escape(id)}"]`);
  }

  #onScroll(): void {
    if (this.clientHeight === 0) return;
    const toEnd = this.#pixelsToEnd;
    if (toEnd <= 1) this.#setPinned(true);
    else if (this.scrollTop < this.#lastTop) this.#setPinned(false);
    else if (toEnd <= endZone) this.#setPinned(true);
    this.#lastTop = this.scrollTop;
    if (!this.#isPinned) this.#dropAnchor();
    const wanted = this.#wantedWindow();
    if (wanted.first < this.#window.first || wanted.end > this.#window.end) this.requestUpdate();
    void this.#askForOlder();
  }

  /** A fold that is about to open grows downwards, away from the pointer, also at the end. */
  #onClick(event: Event): void {
    if (!this.#isPinned || !(event.target instanceof Element) || event.target.closest('summary') === null) return;
    this.#setPinned(false);
    this.#dropAnchor();
  }

  get #pixelsToEnd(): number {
    return this.scrollHeight - this.clientHeight - this.scrollTop;
  }

  #setPinned(pinned: boolean): void {
    if (this.#isPinned === pinned) return;
    this.#isPinned = pinned;
    if (pinned) this.#anchor = undefined;
    this.dispatchEvent(new CustomEvent('pinned-change', { bubbles: true }));
  }

  async #askForOlder(): Promise<void> {
    const oldest = this.messages[0];
    if (!this.hasMore || oldest === undefined || this.#window.first > rowsBeforeAsking || this.#askedBefore === oldest.id) return;
    this.#askedBefore = oldest.id;
    if (!(await this.loadOlder())) this.#askedBefore = undefined; // the next scroll tries again
  }
}

customElements.define('hearth-transcript', Transcript);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-transcript': Transcript;
  }
}
