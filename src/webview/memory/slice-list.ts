import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { SliceRow } from '../../shared/protocol/memory-views.ts';
import { icon } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { setVariable } from '../ui/style-variable.ts';
import { sliceRowView } from './slice-row.ts';
import { timelineRowView } from './timeline-row.ts';
import type { ListedSlice, SliceSource } from './slice-source.ts';

/** Pixels of a row, as the style sheet has them: two lines in the list, one in the timeline. */
const rowHeights = { list: 40, timeline: 26 } as const;
/** Rows drawn beyond either edge, so that a quick scroll shows no gap. */
const margin = 20;

/**
 * The list of memories, of any length: only what is in sight is drawn. One tab stop; arrows, Page, Home and End move, Enter goes on
 * to the detail, Space marks for an action on several. Tells `slice-chosen` with an index, `slice-opened`, `slice-marked` with an
 * index, and `forget-wanted`.
 */
export class SliceList extends LightElement {
  static override properties = {
    layout: { attribute: false },
    source: { attribute: false },
    revision: { attribute: false },
    activeIndex: { attribute: false },
    marked: { attribute: false },
    now: { attribute: false },
    range: { state: true },
  };

  declare layout: keyof typeof rowHeights;
  declare source: SliceSource;
  /** Raised when rows of the source have come or changed. */
  declare revision: number;
  declare activeIndex: number;
  /** Those that are marked for an action on several, by id. */
  declare marked: ReadonlyMap<string, SliceRow>;
  declare now: number;
  declare private range: { readonly first: number; readonly end: number };
  readonly #resizes = new ResizeObserver(() => { this.#measure(); });

  constructor() {
    super();
    this.layout = 'list';
    this.activeIndex = -1;
    this.range = { first: 0, end: 40 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  override focus(): void {
    this.#box?.focus();
  }

  /** The row at the upper edge. */
  get firstInSight(): number {
    return Math.floor((this.#box?.scrollTop ?? 0) / this.#rowHeight);
  }

  toTop(): void {
    const box = this.#box;
    if (box !== undefined) box.scrollTop = 0;
  }

  protected override willUpdate(): void {
    this.source.want(this.range.first, this.range.end);
  }

  protected override updated(changed: Changed<this>): void {
    if (changed.has('source') || changed.has('layout')) this.#measure();
    if (changed.has('activeIndex') || changed.has('layout')) this.#reveal(this.activeIndex);
  }

  protected override render(): TemplateResult {
    const { total } = this.source;
    const end = Math.min(this.range.end, total);
    const first = Math.min(this.range.first, end);
    const indexes = Array.from({ length: end - first }, (_, i) => first + i);
    const isActiveDrawn = this.activeIndex >= first && this.activeIndex < end;
    return html`<div
      class="slices is-${this.layout}"
      role="listbox"
      aria-label=${l10n.t('Memories')}
      aria-multiselectable="true"
      aria-activedescendant=${isActiveDrawn ? idOf(this.activeIndex) : nothing}
      tabindex="0"
      @scroll=${this.#measure}
      @keydown=${this.#onKey}
      @focus=${() => { if (this.activeIndex < 0 && total > 0) this.#choose(0); }}
      @click=${this.#onClick}
    >
      <div class="slices-space" role="presentation" ${setVariable('--rows', String(total))} ${setVariable('--first', String(first))}>
        ${repeat(indexes, (index) => this.source.at(index)?.slice.id ?? index, (index) => this.#row(index, total))}
      </div>
    </div>`;
  }

  #row(index: number, total: number): TemplateResult {
    const listed = this.source.at(index);
    const isActive = index === this.activeIndex;
    const isMarked = listed !== undefined && this.marked.has(listed.slice.id);
    return html`<div
      class="${this.layout === 'list' ? 'slice' : 'stop'} ${isActive ? 'is-selected' : ''} ${isMarked ? 'is-marked' : ''} ${listed?.slice.replaced === true ? 'is-replaced' : ''}"
      role="option"
      id=${idOf(index)}
      data-index=${index}
      aria-selected=${isActive || isMarked ? 'true' : 'false'}
      aria-setsize=${total}
      aria-posinset=${index + 1}
    >
      ${listed === undefined ? html`<span class="one-line quiet">…</span>` : this.#content(listed, index, isMarked)}
    </div>`;
  }

  #content(listed: ListedSlice, index: number, isMarked: boolean): TemplateResult {
    const mark = isMarked ? icon('check') : null;
    if (this.layout === 'list') return sliceRowView(listed, { now: this.now, mark });
    return timelineRowView(listed, { now: this.now, mark, before: this.source.at(index - 1)?.slice.at ?? null });
  }

  get #rowHeight(): number {
    return rowHeights[this.layout];
  }

  get #box(): HTMLElement | undefined {
    return this.find(HTMLElement, '.slices');
  }

  readonly #measure = (): void => {
    const box = this.#box;
    if (box === undefined) return;
    const first = Math.max(0, Math.floor(box.scrollTop / this.#rowHeight) - margin);
    const end = Math.ceil((box.scrollTop + box.clientHeight) / this.#rowHeight) + margin;
    if (first !== this.range.first || end !== this.range.end) this.range = { first, end };
  };

  #reveal(index: number): void {
    const box = this.#box;
    if (box === undefined || index < 0) return;
    const top = index * this.#rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + this.#rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + this.#rowHeight - box.clientHeight;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { total } = this.source;
    const page = Math.max(1, Math.floor((this.#box?.clientHeight ?? this.#rowHeight) / this.#rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -total, End: total };
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step !== undefined && total > 0) {
      if (event.shiftKey && event.key.startsWith('Arrow')) this.#mark(this.activeIndex, true);
      this.#choose(Math.max(0, Math.min(total - 1, this.activeIndex + step)));
      if (event.shiftKey && event.key.startsWith('Arrow')) this.#mark(this.activeIndex + step, true);
    } else if (event.key === 'Enter') this.dispatchEvent(new CustomEvent('slice-opened'));
    else if (event.key === ' ') this.#mark(this.activeIndex, false);
    else if (event.key === 'Delete') this.dispatchEvent(new CustomEvent('forget-wanted'));
    else return;
    event.preventDefault();
  };

  readonly #onClick = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const index = Number(row?.getAttribute('data-index') ?? -1);
    if (index < 0) return;
    if (event.ctrlKey || event.metaKey) this.#mark(index, false);
    else if (event.shiftKey && this.activeIndex >= 0) {
      const [from, to] = [Math.min(index, this.activeIndex), Math.max(index, this.activeIndex)];
      for (let one = from; one <= to; one++) this.#mark(one, true);
    } else this.#choose(index);
  };

  #choose(index: number): void {
    this.dispatchEvent(new CustomEvent('slice-chosen', { detail: index }));
  }

  /** @param only never takes a mark off */
  #mark(index: number, only: boolean): void {
    if (index >= 0 && index < this.source.total) this.dispatchEvent(new CustomEvent('slice-marked', { detail: { index, only } }));
  }
}

function idOf(index: number): string {
  return `slice-${String(index)}`;
}

customElements.define('hearth-slices', SliceList);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-slices': SliceList;
  }
}
