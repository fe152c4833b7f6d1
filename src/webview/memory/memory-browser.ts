import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { MemoryFilter, MemorySnapshot, SliceDetailView, SliceRow } from '../../shared/protocol/memory-views.ts';
import type { Channel } from '../ui/channel.ts';
import { LightElement } from '../ui/light-element.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { problemNote } from '../ui/problem-note.ts';
import { markShown } from '../ui/view-marks.ts';
import type { StateBox } from '../ui/view-state.ts';
import type { Ask } from './ask.ts';
import { browserBody, type BrowserBody } from './browser-body.ts';
import { browserHead } from './browser-head.ts';
import { doneLine } from './browser-notes.ts';
import { noFilter, type BrowserState, type BrowserView } from './browser-state.ts';
import { MemoryChanges, type Done } from './memory-changes.ts';
import { loadView, titleOf } from './memory-views.ts';
import { MemorySearch } from './memory-search.ts';
import type { DetailContext } from './slice-detail.ts';
import { memoriesWords } from './slice-words.ts';
import '../ui/announcer.ts';

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
    done: { state: true },
    marked: { state: true },
    activeIndex: { state: true },
    revision: { state: true },
    now: { state: true },
  };

  readonly #channel: Channel<MemoryProtocol>;
  readonly #clock: Clock;
  readonly #kept: StateBox<BrowserState>;
  readonly #search: MemorySearch;
  readonly #changes: MemoryChanges;
  declare private snapshot: MemorySnapshot | undefined;
  declare private state: BrowserState;
  declare private detail: SliceDetailView | undefined;
  declare private problem: HearthlinkError | undefined;
  /** What was done last, with its way back. */
  declare private done: Done | undefined;
  /** By id, for an action on several. */
  declare private marked: ReadonlyMap<string, SliceRow>;
  /** The row that has the selection; it may still be on its way. */
  declare private activeIndex: number;
  /** Raised when rows have come, or memories have changed. */
  declare private revision: number;
  declare private now: number;
  #isShown = false;
  #toTop = false;
  #minute: ReturnType<typeof setInterval> | undefined;
  #countPause: ReturnType<typeof setTimeout> | undefined;

  constructor({ channel, clock, kept }: MemoryBrowserParts) {
    super();
    this.#channel = channel;
    this.#clock = clock;
    this.#kept = kept;
    this.state = kept.load();
    this.marked = new Map();
    this.activeIndex = -1;
    this.revision = 0;
    this.now = clock.now();
    this.#search = new MemorySearch(this.#ask, () => { this.#onFound(); });
    this.#changes = new MemoryChanges(this.#ask, {
      onChanged: (slices) => { this.#put(slices); },
      onReplaced: (slices) => { this.#onReplaced(slices); },
      onDone: (done) => {
        this.done = done;
        this.#announce(done.words);
      },
    });
    channel.on('search', ({ text }) => { this.#look({ view: 'list', text, filter: noFilter }); });
    channel.on('snapshot', (snapshot) => { this.snapshot = snapshot; });
    channel.on('changed', ({ ids, everything }) => void this.#onChangedElsewhere(ids, everything));
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
    const [snapshot] = await Promise.all([this.#ask('ready', {}), this.#loadDetail(this.state.chosenId), loadView(this.state.view)]);
    // A newer one may have come while the rest was loaded.
    this.snapshot ??= snapshot;
    if (document.activeElement === document.body) this.#field?.focus();
  }

  protected override updated(): void {
    if (this.#toTop) this.querySelector('hearth-slices')?.toTop();
    this.#toTop = false;
    if (this.#isShown || this.snapshot === undefined || this.#search.found === undefined) return;
    this.#isShown = true;
    markShown();
  }

  protected override render(): TemplateResult {
    const { snapshot, state, now } = this;
    return html`<main class="browser">
        <h1 class="sr-only">${titleOf(state.view)}</h1>
        ${browserHead({
          state,
          snapshot,
          now,
          status: this.#countWords(),
          onText: (text) => { this.#setText(text); },
          onFieldKey: this.#onFieldKey,
          onView: (view) => void this.#show(view),
          onFilter: (filter) => { this.#setFilter(filter); },
        })}
        ${this.problem === undefined ? nothing : problemNote(this.problem.toData(), () => { this.problem = undefined; })} ${snapshot === undefined ? nothing : browserBody(this.#body(snapshot))}
        ${this.done === undefined ? nothing : doneLine(this.done, () => { this.done = undefined; })}
      </main>
      <hearth-announcer></hearth-announcer>`;
  }

  #body(snapshot: MemorySnapshot): BrowserBody {
    const { marked } = this;
    const { found } = this.#search;
    const unmark = (): void => { this.marked = new Map(); };
    return {
      state: this.state,
      snapshot,
      found,
      detail: this.detail,
      detailContext: this.#detailContext(snapshot),
      activeIndex: this.activeIndex,
      marked,
      revision: this.revision,
      now: this.now,
      ask: this.#ask,
      announce: this.#announce,
      onSnapshot: (known) => { this.snapshot = known; },
      onAbout: (name) => { this.#showAbout(name); },
      onAlone: (id) => { this.#showAlone(id); },
      onFilter: (filter) => { this.#setFilter(filter); },
      onRow: (index) => { this.#chooseRow(index); },
      onOpened: () => this.querySelector('hearth-slice-detail')?.focus(),
      onMark: ({ index, only }) => { this.#mark(found?.at(index)?.slice, only); },
      onForget: () => {
        // As it is now: a key may come before what another one chose has been drawn.
        const { chosenId } = this.state;
        if (chosenId !== null && !snapshot.isReadOnly) void this.#changes.forget([chosenId]);
      },
      merge: async (text) => {
        const isMerged = await this.#changes.merge([...marked.values()], text);
        if (isMerged) unmark();
        return isMerged;
      },
      onChange: (change) => void this.#changes.changeAll([...marked.values()], change).then(unmark),
      onMarksCleared: () => {
        unmark();
        this.querySelector('hearth-slices')?.focus();
      },
    };
  }

  #detailContext({ agent, hasWorkspace, isReadOnly }: MemorySnapshot): DetailContext {
    return {
      ask: this.#ask,
      agentName: agent.name,
      hasWorkspace,
      isReadOnly,
      now: this.now,
      changes: this.#changes,
      show: (id) => { this.#choose(id); },
      changed: (id, slice) => { this.#onEdited(id, slice); },
    };
  }

  get #field(): HTMLInputElement | undefined {
    return this.find(HTMLInputElement, '.browser-search input');
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

  /** Rows have come, or a whole new list has. */
  #onFound(): void {
    this.revision++;
    const awaited = this.#search.found?.at(this.activeIndex)?.slice.id;
    if (!this.#isAwaited) this.activeIndex = this.state.chosenId === null ? -1 : (this.#search.found?.indexOf(this.state.chosenId) ?? -1);
    else if (awaited !== undefined) this.#choose(awaited);
    clearTimeout(this.#countPause);
    this.#countPause = setTimeout(() => { if (this.state.text !== '') this.#announce(this.#countWords()); }, countPauseMs);
  }

  /** The selection went to a row that was not there yet. */
  #isAwaited = false;

  #chooseRow(index: number): void {
    const id = this.#search.found?.at(index)?.slice.id;
    this.activeIndex = index;
    this.#isAwaited = id === undefined;
    if (id !== undefined) this.#choose(id);
  }

  readonly #onFieldKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') this.querySelector('hearth-slices')?.focus();
    else if (event.key === 'Escape' && this.state.text !== '') this.#setText('');
    else return;
    event.preventDefault();
  };

  /** Searching is for lists: from another view it leads back to one. */
  #setText(text: string): void {
    const { view } = this.state;
    this.#look({ text, view: view === 'timeline' ? view : 'list' });
    this.#field?.focus();
  }

  #setFilter(filter: MemoryFilter): void {
    this.#look({ filter });
  }

  #look(change: Partial<BrowserState>): void {
    this.#setState(change);
    this.#toTop = true;
    this.#isAwaited = false;
    this.#search.look(this.state);
  }

  #setState(change: Partial<BrowserState>): void {
    this.state = { ...this.state, ...change };
    this.#kept.save(this.state);
  }

  async #show(view: BrowserView): Promise<void> {
    await loadView(view);
    this.#setState({ view });
  }

  #showAbout(name: string): void {
    this.#look({ view: 'list', text: '', filter: { ...noFilter, about: name } });
  }

  #showAlone(id: string): void {
    this.#look({ view: 'list', text: '', filter: noFilter });
    this.#choose(id);
  }

  #choose(id: string): void {
    this.#isAwaited = false;
    if (id === this.state.chosenId) return;
    this.#setState({ chosenId: id });
    const index = this.#search.found?.indexOf(id) ?? -1;
    this.activeIndex = index;
    void this.#loadDetail(id);
  }

  async #loadDetail(id: string | null): Promise<void> {
    if (id === null) return;
    const answer = await this.#ask('detail', { id });
    if (this.state.chosenId === id) this.detail = answer?.detail ?? undefined;
  }

  /** @param only never takes a mark off */
  #mark(slice: SliceRow | undefined, only: boolean): void {
    if (slice === undefined) return;
    void import('./bulk-bar.ts');
    const marked = new Map(this.marked);
    if (marked.has(slice.id) && !only) marked.delete(slice.id);
    else marked.set(slice.id, slice);
    this.marked = marked;
  }

  /** Of something said, a correction is another memory: the list has to be asked for again. */
  #onEdited(id: string, slice: SliceRow): void {
    if (slice.id === id) this.#put([slice]);
    else this.#onReplaced([slice]);
    this.#announce(l10n.t('Saved.'));
  }

  #onReplaced(slices: readonly SliceRow[]): void {
    const [first] = slices;
    if (first !== undefined) this.#setState({ chosenId: first.id });
    this.#refresh();
    void this.#loadDetail(this.state.chosenId);
  }

  #put(slices: readonly SliceRow[]): void {
    for (const slice of slices) this.#search.found?.put(slice);
    this.revision++;
    if (slices.some(({ id }) => id === this.state.chosenId)) void this.#loadDetail(this.state.chosenId);
  }

  /** What is shown is asked for again; what is chosen stays chosen, and the list stays where it is. */
  async #onChangedElsewhere(ids: readonly string[], everything: boolean): Promise<void> {
    this.#refresh();
    const { chosenId } = this.state;
    if (chosenId !== null && (everything || ids.includes(chosenId))) await this.#loadDetail(chosenId);
  }

  #refresh(): void {
    this.#search.refresh(() => ({ ...this.state, near: this.querySelector('hearth-slices')?.firstInSight ?? 0 }));
  }

  readonly #announce = (words: string): void => {
    this.querySelector('hearth-announcer')?.say(words);
  };
}

customElements.define('hearth-memory-browser', MemoryBrowser);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-memory-browser': MemoryBrowser;
  }
}
