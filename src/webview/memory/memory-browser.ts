import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { MemoryFilter, MemorySnapshot, SliceDetailView, SliceRow } from '../../shared/protocol/memory-views.ts';
import { errorText } from '../chat/error-text.ts';
import type { Channel } from '../ui/channel.ts';
import { icon, iconButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { buttonRow, noticeView } from '../ui/notice.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { markShown } from '../ui/view-marks.ts';
import type { StateBox } from '../ui/view-state.ts';
import type { Ask } from './ask.ts';
import { isOpen, noFilter, type BrowserState } from './browser-state.ts';
import { MemorySearch } from './memory-search.ts';
import type { DetailContext } from './slice-detail.ts';
import { memoriesWords } from './slice-words.ts';
import '../ui/announcer.ts';
import './filter-bar.ts';
import './slice-detail.ts';
import './slice-list.ts';

const minuteMs = 60_000;
/** How long after the last key a count is read out. */
const countPauseMs = 500;

export interface MemoryBrowserParts {
  readonly channel: Channel<MemoryProtocol>;
  readonly clock: Clock;
  readonly kept: StateBox<BrowserState>;
}

/** The memory browser as a whole: search and filters on top, what they bring below, and beside it the chosen memory in full. */
export class MemoryBrowser extends LightElement {
  static override properties = {
    snapshot: { state: true },
    state: { state: true },
    detail: { state: true },
    problem: { state: true },
    marked: { state: true },
    now: { state: true },
  };

  readonly #channel: Channel<MemoryProtocol>;
  readonly #clock: Clock;
  readonly #kept: StateBox<BrowserState>;
  readonly #search: MemorySearch;
  declare private snapshot: MemorySnapshot | undefined;
  declare private state: BrowserState;
  declare private detail: SliceDetailView | undefined;
  declare private problem: HearthlinkError | undefined;
  declare private marked: ReadonlySet<string>;
  declare private now: number;
  #revision = 0;
  #isShown = false;
  #minute: ReturnType<typeof setInterval> | undefined;
  #countPause: ReturnType<typeof setTimeout> | undefined;

  constructor({ channel, clock, kept }: MemoryBrowserParts) {
    super();
    this.#channel = channel;
    this.#clock = clock;
    this.#kept = kept;
    this.state = kept.load();
    this.marked = new Set();
    this.now = clock.now();
    this.#search = new MemorySearch(this.#ask, () => { this.#onFound(); });
    channel.on('snapshot', (snapshot) => { this.snapshot = snapshot; });
    channel.on('changed', ({ ids, everything }) => void this.#onChanged(ids, everything));
    channel.on('focusSearch', () => { this.#field?.focus(); });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#minute = setInterval(() => { this.now = this.#clock.now(); }, minuteMs);
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#minute);
  }

  async #begin(): Promise<void> {
    this.#search.look(this.state);
    const [snapshot] = await Promise.all([this.#ask('ready', {}), this.#showDetail(this.state.chosenId)]);
    this.snapshot = snapshot;
    if (document.activeElement === document.body) this.#field?.focus();
  }

  protected override updated(): void {
    if (this.#isShown || this.snapshot === undefined || this.#search.found === undefined) return;
    this.#isShown = true;
    markShown();
  }

  protected override render(): TemplateResult {
    const { snapshot } = this;
    return html`<main class="browser">
        <h1 class="sr-only">${l10n.t('Memory')}</h1>
        ${this.#head()}
        ${this.problem === undefined ? nothing : this.#problem(this.problem)}
        ${snapshot === undefined ? nothing : snapshot.total === 0 ? this.#empty(snapshot) : this.#panes(snapshot)}
      </main>
      <hearth-announcer></hearth-announcer>`;
  }

  #head(): TemplateResult {
    const { text, filter } = this.state;
    return html`<header class="browser-head">
      <div class="browser-search">
        <div class="field">
          ${icon('search')}
          <input
            type="search"
            aria-label=${l10n.t('Search memory')}
            placeholder=${l10n.t('Search memory')}
            .value=${text}
            @input=${this.#onInput}
            @keydown=${this.#onFieldKey}
          />
          ${text === '' ? nothing : iconButton({ icon: 'close', label: l10n.t('Clear search'), press: () => { this.#setText(''); this.#field?.focus(); } })}
        </div>
      </div>
      <hearth-memory-filters
        .filter=${filter}
        .agentName=${this.snapshot?.agent.name ?? ''}
        .hasWorkspace=${this.snapshot?.hasWorkspace ?? false}
        .now=${this.now}
        .status=${this.#countWords()}
        @filter-change=${({ detail }: CustomEvent<MemoryFilter>) => { this.#setFilter(detail); }}
      ></hearth-memory-filters>
    </header>`;
  }

  #problem(error: HearthlinkError): TemplateResult {
    const { title, detail, advice } = errorText(error.toData());
    return html`<div class="problem">
      ${noticeView({ icon: 'error', iconClass: 'bad', role: 'alert', title, detail, advice })}
      ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: () => { this.problem = undefined; } })}
    </div>`;
  }

  #empty({ agent }: MemorySnapshot): TemplateResult {
    return html`<section class="empty" aria-labelledby="empty-title">
      ${icon('hearth', 'ember')}
      <h2 id="empty-title">${l10n.t('Nothing here yet')}</h2>
      <p>${l10n.t('Talk with {0}, and what you say will be here to read, change or forget.', agent.name)}</p>
      ${buttonRow([{ label: l10n.t('Open chat'), press: () => void this.#ask('openChat', {}) }])}
    </section>`;
  }

  #panes(snapshot: MemorySnapshot): TemplateResult {
    const { found } = this.#search;
    if (found === undefined) return html`<div class="panes"></div>`;
    if (found.total === 0) return this.#nothingFound();
    return html`<div class="panes">
      <hearth-slices
        .source=${found}
        .revision=${this.#revision}
        .activeIndex=${this.#activeIndex}
        .marked=${this.marked}
        .now=${this.now}
        @slice-chosen=${({ detail }: CustomEvent<number>) => { this.#choose(found.at(detail)?.slice.id ?? null); }}
        @slice-opened=${() => this.querySelector('hearth-slice-detail')?.focus()}
        @slice-marked=${({ detail }: CustomEvent<{ index: number; only: boolean }>) => { this.#mark(found.at(detail.index)?.slice.id, detail.only); }}
        @forget-wanted=${() => void this.#forget(this.state.chosenId === null ? [] : [this.state.chosenId])}
      ></hearth-slices>
      ${this.detail === undefined
        ? html`<p class="detail detail-none quiet">${l10n.t('Choose a memory to see it in full.')}</p>`
        : html`<hearth-slice-detail .detail=${this.detail} .context=${this.#detailContext(snapshot)}></hearth-slice-detail>`}
    </div>`;
  }

  #nothingFound(): TemplateResult {
    const { text, filter } = this.state;
    return html`<section class="empty nothing-found">
      <p>${text.trim() === '' ? l10n.t('No memory passes these filters.') : l10n.t('Nothing like that. Try fewer words.')}</p>
      ${isOpen(filter) ? nothing : buttonRow([{ label: l10n.t('Remove the filters'), press: () => { this.#setFilter(noFilter); } }], { primary: false })}
    </section>`;
  }

  #detailContext({ agent, hasWorkspace, isReadOnly }: MemorySnapshot): DetailContext {
    return {
      ask: this.#ask,
      agentName: agent.name,
      hasWorkspace,
      isReadOnly,
      now: this.now,
      show: (id) => { this.#choose(id); },
      forget: (ids) => this.#forget(ids),
      undoForget: (ids) => this.#undoForget(ids),
      changed: (id, slice) => void this.#onEdited(id, slice),
    };
  }

  get #field(): HTMLInputElement | undefined {
    return this.find(HTMLInputElement, '.browser-search input');
  }

  get #activeIndex(): number {
    const { chosenId } = this.state;
    return chosenId === null ? -1 : (this.#search.found?.indexOf(chosenId) ?? -1);
  }

  #countWords(): string {
    const { found } = this.#search;
    const all = this.snapshot?.total ?? 0;
    if (found === undefined || all === 0) return '';
    return found.total === all ? memoriesWords(all) : l10n.t('{0} of {1}', numberWords(found.total), memoriesWords(all));
  }

  readonly #ask: Ask = async (method, parameters) => {
    try {
      return await this.#channel.request(method, parameters);
    } catch (error) {
      this.problem = HearthlinkError.from(error);
      return undefined;
    }
  };

  #onFound(): void {
    this.#revision++;
    this.requestUpdate();
    clearTimeout(this.#countPause);
    this.#countPause = setTimeout(() => { if (this.state.text !== '') this.#announce(this.#countWords()); }, countPauseMs);
  }

  readonly #onInput = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.#setText(event.target.value);
  };

  readonly #onFieldKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') this.querySelector('hearth-slices')?.focus();
    else if (event.key === 'Escape' && this.state.text !== '') this.#setText('');
    else return;
    event.preventDefault();
  };

  #setText(text: string): void {
    this.#setState({ text });
    this.#search.look(this.state);
  }

  #setFilter(filter: MemoryFilter): void {
    this.#setState({ filter });
    this.#search.look(this.state);
  }

  #setState(change: Partial<BrowserState>): void {
    this.state = { ...this.state, ...change };
    this.#kept.save(this.state);
  }

  #choose(id: string | null): void {
    if (id === null || id === this.state.chosenId) return;
    this.#setState({ chosenId: id });
    void this.#showDetail(id);
  }

  async #showDetail(id: string | null): Promise<void> {
    if (id === null) {
      this.detail = undefined;
      return;
    }
    const answer = await this.#ask('detail', { id });
    if (this.state.chosenId === id) this.detail = answer?.detail ?? undefined;
  }

  #mark(id: string | undefined, only: boolean): void {
    if (id === undefined) return;
    const marked = new Set(this.marked);
    if (marked.has(id) && !only) marked.delete(id);
    else marked.add(id);
    this.marked = marked;
  }

  async #forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0 || this.snapshot?.isReadOnly === true) return;
    const answer = await this.#ask('forget', { ids: [...ids] });
    if (answer === undefined) return;
    this.#put(answer.slices);
    this.#announce(l10n.t('Forgotten.'));
    await this.#showDetail(this.state.chosenId);
  }

  async #undoForget(ids: readonly string[]): Promise<void> {
    const answer = await this.#ask('undoForget', { ids: [...ids] });
    if (answer === undefined) return;
    this.#put(answer.slices);
    this.#announce(l10n.t('Kept.'));
    await this.#showDetail(this.state.chosenId);
  }

  async #onEdited(id: string, slice: SliceRow): Promise<void> {
    this.#put([slice]);
    if (slice.id !== id) {
      this.#setState({ chosenId: slice.id });
      this.#search.look(this.state);
    }
    await this.#showDetail(slice.id);
    this.#announce(l10n.t('Saved.'));
  }

  #put(slices: readonly SliceRow[]): void {
    for (const slice of slices) this.#search.found?.put(slice);
    this.#revision++;
    this.requestUpdate();
  }

  /** What is shown is asked for again; what is chosen stays chosen, and the list stays where it is. */
  async #onChanged(ids: readonly string[], everything: boolean): Promise<void> {
    this.#search.refresh(this.state);
    const { chosenId } = this.state;
    if (chosenId !== null && (everything || ids.includes(chosenId))) await this.#showDetail(chosenId);
  }

  #announce(words: string): void {
    this.querySelector('hearth-announcer')?.say(words);
  }
}

customElements.define('hearth-memory-browser', MemoryBrowser);
