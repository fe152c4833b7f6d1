import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MemoryFilter, MemorySnapshot } from '../../shared/protocol/memory-views.ts';
import { icon, iconButton } from '../ui/icon.ts';
import type { BrowserState, BrowserView } from './browser-state.ts';
import './filter-bar.ts';
import './menu-button.ts';

export interface BrowserHead {
  readonly state: BrowserState;
  /** Undefined until it has come. */
  readonly snapshot: MemorySnapshot | undefined;
  readonly now: number;
  /** How many there are, in words. */
  readonly status: string;
  readonly onText: (text: string) => void;
  readonly onFieldKey: (event: KeyboardEvent) => void;
  readonly onView: (view: BrowserView) => void;
  readonly onFilter: (filter: MemoryFilter) => void;
}

/** What stands above everything: search, views, review and more; below them the filters, where there is something to filter. */
export function browserHead(head: BrowserHead): TemplateResult {
  const { state, snapshot, onView } = head;
  const isFiltered = state.view === 'list' || state.view === 'timeline';
  return html`<header class="browser-head">
    <div class="browser-search">
      ${searchField(head)}
      <div class="switch" role="group" aria-label=${l10n.t('View')}>
        ${viewButton(head, 'list', 'list-flat', l10n.t('List'))} ${viewButton(head, 'timeline', 'history', l10n.t('Timeline'))}
        ${viewButton(head, 'graph', 'type-hierarchy', l10n.t('Graph'))}
      </div>
      <button type="button" class="review-button" aria-pressed=${state.view === 'review' ? 'true' : 'false'} @click=${() => { onView('review'); }}>
        ${l10n.t('Review')} ${(snapshot?.toReview ?? 0) === 0 ? nothing : html`<span class="badge">${snapshot?.toReview}</span>`}
      </button>
      <hearth-menu-button
        .label=${l10n.t('More')}
        .text=${''}
        .look=${'icon-button'}
        .options=${[{ value: 'statistics', label: l10n.t('Statistics'), icon: 'graph' }]}
        .choice=${'do'}
        class="is-last"
        @option-chosen=${() => { onView('statistics'); }}
      ></hearth-menu-button>
    </div>
    ${isFiltered && (snapshot?.total ?? 0) > 0 ? filters(head) : nothing}
  </header>`;
}

function searchField({ state: { text }, onText, onFieldKey }: BrowserHead): TemplateResult {
  return html`<div class="field">
    ${icon('search')}
    <input
      type="search"
      aria-label=${l10n.t('Search memory')}
      placeholder=${l10n.t('Search memory')}
      .value=${text}
      @input=${(event: Event) => { if (event.target instanceof HTMLInputElement) onText(event.target.value); }}
      @keydown=${onFieldKey}
    />
    ${text === '' ? nothing : iconButton({ icon: 'close', label: l10n.t('Clear search'), press: () => { onText(''); } })}
  </div>`;
}

function viewButton({ state, onView }: BrowserHead, view: BrowserView, name: string, label: string): TemplateResult {
  return html`<button type="button" aria-pressed=${state.view === view ? 'true' : 'false'} @click=${() => { onView(view); }}>${icon(name)}<span>${label}</span></button>`;
}

function filters({ state, snapshot, now, status, onFilter }: BrowserHead): TemplateResult {
  return html`<hearth-memory-filters
    .filter=${state.filter}
    .agentName=${snapshot?.agent.name ?? ''}
    .hasWorkspace=${snapshot?.hasWorkspace ?? false}
    .now=${now}
    .status=${status}
    @filter-change=${({ detail }: CustomEvent<MemoryFilter>) => { onFilter(detail); }}
  ></hearth-memory-filters>`;
}
