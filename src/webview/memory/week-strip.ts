import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MemoryFilter, WeekView } from '../../shared/protocol/memory-views.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { currentLocale } from '../ui/locale.ts';
import { setVariable } from '../ui/style-variable.ts';
import { dayWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import { memoriesWords } from './slice-words.ts';
import { allWeeks, weekAfter } from './weeks.ts';

/**
 * How much was noted in each week, and a range to look at: a click chooses a week, a drag or Shift several; arrows move, Enter
 * chooses, Esc takes the range away. Tells `range-chosen` with `from` and `to`, or null for both.
 */
export class WeekStrip extends LightElement {
  static override properties = {
    ask: { attribute: false },
    filter: { attribute: false },
    now: { attribute: false },
    revision: { attribute: false },
    weeks: { state: true },
    active: { state: true },
  };

  declare ask: Ask;
  declare filter: MemoryFilter;
  declare now: number;
  /** Raised when memories have changed. */
  declare revision: number;
  declare private weeks: readonly WeekView[];
  declare private active: number;
  /** Where a range begins that is being drawn or extended. */
  #anchor = -1;
  #asked = 0;

  constructor() {
    super();
    this.weeks = [];
    this.active = -1;
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('revision') || (changed.has('filter') && differsBesidesRange(changed.get('filter'), this.filter))) void this.#count();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { weeks } = this;
    if (weeks.length === 0) return nothing;
    const highest = Math.max(...weeks.map(({ count }) => count));
    const months = new Intl.DateTimeFormat(currentLocale(), { month: 'short' });
    return html`<figure class="weeks">
      <div
        class="bars"
        role="listbox"
        aria-label=${l10n.t('Memories by week, as a filter')}
        aria-multiselectable="true"
        aria-activedescendant=${this.active >= 0 ? `week-${this.active}` : nothing}
        tabindex="0"
        @keydown=${this.#onKey}
        @focus=${() => { if (this.active < 0) this.active = weeks.length - 1; }}
        @pointerdown=${this.#onDown}
        @pointerover=${this.#onOver}
      >
        ${weeks.map((week, index) => html`<div
          class="bar ${this.#isIn(week) ? 'is-in' : ''} ${index === this.active ? 'is-active' : ''}"
          role="option"
          id="week-${index}"
          data-index=${index}
          aria-selected=${this.#isIn(week) ? 'true' : 'false'}
          aria-label=${l10n.t('Week of {0}: {1}', dayWords(week.start, this.now), memoriesWords(week.count))}
          title=${l10n.t('Week of {0}: {1}', dayWords(week.start, this.now), memoriesWords(week.count))}
          ${setVariable('--part', highest === 0 ? '0' : String(week.count / highest))}
        ></div>`)}
      </div>
      <div class="months" aria-hidden="true">
        ${weeks.map(({ start }, index) => html`<span>${isFirstOfMonth(weeks, index) ? months.format(start) : nothing}</span>`)}
      </div>
    </figure>`;
  }

  #isIn({ start }: WeekView): boolean {
    const { from, to } = this.filter;
    return (from !== null || to !== null) && weekAfter(start) > (from ?? -Infinity) && start < (to ?? Infinity);
  }

  /** Of all times: a range that is chosen is shown in the strip, not cut out of it. */
  async #count(): Promise<void> {
    const asked = ++this.#asked;
    const answer = await this.ask('weeks', { filter: { ...this.filter, from: null, to: null } });
    if (answer !== undefined && asked === this.#asked) this.weeks = allWeeks(answer.weeks, this.now);
  }

  #choose(from: number, to: number): void {
    const [first, last] = [this.weeks[Math.min(from, to)], this.weeks[Math.max(from, to)]];
    if (first === undefined || last === undefined) return;
    this.dispatchEvent(new CustomEvent('range-chosen', { detail: { from: first.start, to: weekAfter(last.start) } }));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.weeks.length - 1;
    const next = { ArrowRight: this.active + 1, ArrowLeft: this.active - 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      if (event.shiftKey && this.#anchor < 0) this.#anchor = this.active;
      if (!event.shiftKey) this.#anchor = -1;
      this.active = Math.max(0, Math.min(last, next));
      if (event.shiftKey) this.#choose(this.#anchor, this.active);
    } else if (event.key === 'Enter' || event.key === ' ') this.#choose(this.active, this.active);
    else if (event.key === 'Escape') this.dispatchEvent(new CustomEvent('range-chosen', { detail: { from: null, to: null } }));
    else return;
    event.preventDefault();
  };

  readonly #onDown = (event: PointerEvent): void => {
    const index = indexAt(event);
    if (index < 0) return;
    this.#anchor = event.shiftKey && this.active >= 0 ? this.active : index;
    this.active = index;
    this.#choose(this.#anchor, index);
  };

  readonly #onOver = (event: PointerEvent): void => {
    const index = indexAt(event);
    if (index < 0 || event.buttons !== 1 || this.#anchor < 0) return;
    this.active = index;
    this.#choose(this.#anchor, index);
  };
}

function differsBesidesRange(before: MemoryFilter | undefined, now: MemoryFilter): boolean {
  const rest = (filter: MemoryFilter): string => JSON.stringify({ ...filter, from: null, to: null });
  return before === undefined || rest(before) !== rest(now);
}

function isFirstOfMonth(weeks: readonly WeekView[], index: number): boolean {
  const month = (at: number | undefined): number => (at === undefined ? -1 : new Date(at).getMonth());
  return month(weeks[index]?.start) !== month(weeks[index - 1]?.start);
}

function indexAt(event: PointerEvent): number {
  const bar = event.target instanceof Element ? event.target.closest('[data-index]') : null;
  return Number(bar?.getAttribute('data-index') ?? -1);
}

customElements.define('hearth-weeks', WeekStrip);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-weeks': WeekStrip;
  }
}
