import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MemoryFilter } from '../../shared/protocol/memory-views.ts';
import { iconButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { dayWords, startOfDay } from '../ui/time-words.ts';
import type { MenuOption } from './menu-button.ts';
import {
  importanceLevels,
  importanceWord,
  kinds,
  kindWord,
  scopes,
  scopeWords,
  sourceKindWords,
  sources,
  speakers,
  speakerWords,
} from './slice-words.ts';
import './menu-button.ts';

const dayMs = 86_400_000;

/** A group of the filter in which several may be chosen. */
type Group = 'kinds' | 'scopes' | 'speakers' | 'sources' | 'importance';

/** The filters above the list: one tab stop, arrow keys from one to the next. Tells `filter-change` with the filter as it is then. */
export class FilterBar extends LightElement {
  static override properties = {
    filter: { attribute: false },
    agentName: { attribute: false },
    hasWorkspace: { attribute: false },
    now: { attribute: false },
    status: { attribute: false },
    stopIndex: { state: true },
  };

  declare filter: MemoryFilter;
  declare agentName: string;
  declare hasWorkspace: boolean;
  declare now: number;
  /** What stands at the end: how many there are. */
  declare status: string;
  declare private stopIndex: number;

  constructor() {
    super();
    this.stopIndex = 0;
  }

  protected override render(): TemplateResult {
    const { filter, agentName } = this;
    return html`<div class="filters">
      <div class="filter-set" role="toolbar" aria-label=${l10n.t('Filters')} @keydown=${this.#onKey} @focusin=${this.#onFocus}>
        ${this.#menu('kinds', l10n.t('Kind'), kinds, kindWord)}
        ${this.#menu('scopes', l10n.t('Scope'), scopes.filter((scope) => scope !== 'workspace' || this.hasWorkspace), (scope) => scopeWords(scope, agentName))}
        ${this.#menu('speakers', l10n.t('Agent'), speakers, (speaker) => speakerWords(speaker, agentName))}
        ${this.#when()} ${this.#menu('sources', l10n.t('Source'), sources, sourceKindWords)}
        ${this.#menu('importance', l10n.t('Importance'), importanceLevels, importanceWord)}
        ${this.#toggle('pinned', l10n.t('Pinned'))} ${this.#toggle('replaced', l10n.t('Replaced'))} ${this.#toggle('archived', l10n.t('Archived'))}
        ${filter.about === '' ? nothing : this.#set(l10n.t('With “{0}”', filter.about), () => { this.#change({ about: '' }); })}
      </div>
      <span class="quiet filter-status">${this.status}</span>
    </div>`;
  }

  protected override updated(): void {
    // The menus draw their buttons after this.
    void Promise.all([...this.querySelectorAll('hearth-menu-button')].map((menu) => menu.updateComplete)).then(() => { this.#placeStop(); });
  }

  /** One tab stop: the button that had the focus last. */
  #placeStop(): void {
    const buttons = this.#buttons;
    const stop = Math.min(this.stopIndex, buttons.length - 1);
    buttons.forEach((button, index) => { button.tabIndex = index === stop ? 0 : -1; });
  }

  #menu<G extends Group>(group: G, label: string, values: readonly MemoryFilter[G][number][], wordOf: (value: MemoryFilter[G][number]) => string): TemplateResult {
    const chosen: readonly string[] = this.filter[group];
    const options = values.map((value): MenuOption => ({ value, label: wordOf(value), isChecked: chosen.includes(value) }));
    const text = chosen.length === 0 ? label : options.filter(({ isChecked }) => isChecked).map((option) => option.label).join(', ');
    const menu = html`<hearth-menu-button
      .label=${label}
      .text=${text}
      .look=${'filter'}
      .options=${options}
      .choice=${'many'}
      .stop=${-1}
      @option-chosen=${({ detail }: CustomEvent<string>) => { this.#change({ [group]: toggled(values, chosen, detail) }); }}
    ></hearth-menu-button>`;
    return chosen.length === 0 ? menu : html`<span class="filter-chosen">${menu}${this.#remove(label, () => { this.#change({ [group]: [] }); })}</span>`;
  }

  #when(): TemplateResult {
    const { from, to } = this.filter;
    const today = startOfDay(this.now);
    const since: readonly { readonly value: string; readonly label: string; readonly at: number }[] = [
      { value: 'today', label: l10n.t('Today'), at: today },
      { value: 'week', label: l10n.t('The last 7 days'), at: startOfDay(today - 6 * dayMs) },
      { value: 'month', label: l10n.t('The last 30 days'), at: startOfDay(today - 29 * dayMs) },
      { value: 'year', label: l10n.t('This year'), at: new Date(new Date(this.now).getFullYear(), 0, 1).getTime() },
    ];
    const chosen = to === null ? since.find(({ at }) => at === from) : undefined;
    const isSet = from !== null || to !== null;
    const label = l10n.t('When');
    const menu = html`<hearth-menu-button
      .label=${label}
      .text=${isSet ? (chosen?.label ?? this.#rangeWords(from, to)) : label}
      .look=${'filter'}
      .options=${since.map((option): MenuOption => ({ ...option, isChecked: option === chosen }))}
      .choice=${'one'}
      .stop=${-1}
      @option-chosen=${({ detail }: CustomEvent<string>) => { this.#change({ from: since.find(({ value }) => value === detail)?.at ?? null, to: null }); }}
    ></hearth-menu-button>`;
    return isSet ? html`<span class="filter-chosen">${menu}${this.#remove(label, () => { this.#change({ from: null, to: null }); })}</span>` : menu;
  }

  #rangeWords(from: number | null, to: number | null): string {
    if (from === null) return to === null ? '' : l10n.t('before {0}', dayWords(to, this.now));
    return to === null ? l10n.t('since {0}', dayWords(from, this.now)) : l10n.t('{0} to {1}', dayWords(from, this.now), dayWords(to - dayMs, this.now));
  }

  #toggle(name: 'pinned' | 'replaced' | 'archived', label: string): TemplateResult {
    const isOn = this.filter[name];
    return html`<button type="button" class="filter is-toggle" aria-pressed=${isOn ? 'true' : 'false'} tabindex="-1" @click=${() => { this.#change({ [name]: !isOn }); }}>
      ${label}
    </button>`;
  }

  #set(words: string, remove: () => void): TemplateResult {
    return html`<span class="filter-chosen"><span class="filter">${words}</span>${this.#remove(words, remove)}</span>`;
  }

  #remove(label: string, press: () => void): TemplateResult {
    return iconButton({ icon: 'close', label: l10n.t('Remove the filter {0}', label), press });
  }

  #change(change: Partial<MemoryFilter>): void {
    this.dispatchEvent(new CustomEvent('filter-change', { detail: { ...this.filter, ...change } }));
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>('.filter-set button:not(.menu-item)')];
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const index = this.#buttons.findIndex((button) => button === event.target);
    if (index >= 0) this.stopIndex = index;
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const buttons = this.#buttons;
    const index = buttons.findIndex((button) => button === document.activeElement);
    if (index < 0) return;
    event.preventDefault();
    buttons[(index + step + buttons.length) % buttons.length]?.focus();
  };
}

/** The chosen ones in the order of `values`, with one put in or taken out. */
function toggled<T extends string>(values: readonly T[], chosen: readonly string[], value: string): T[] {
  return values.filter((one) => (one === value ? !chosen.includes(one) : chosen.includes(one)));
}

customElements.define('hearth-memory-filters', FilterBar);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-memory-filters': FilterBar;
  }
}
