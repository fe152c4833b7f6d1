import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { StatisticsView } from '../../shared/protocol/memory-views.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { counted } from '../ui/locale.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { momentWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import { kinds, kindWord, memoriesWords, sourceKindWords, sources } from './slice-words.ts';

/** What memory holds, counted: a sentence first, then the numbers behind it. */
export class MemoryStatistics extends LightElement {
  static override properties = {
    ask: { attribute: false },
    agentName: { attribute: false },
    now: { attribute: false },
    revision: { attribute: false },
    counts: { state: true },
  };

  declare ask: Ask;
  declare agentName: string;
  declare now: number;
  /** Raised when memories have changed. */
  declare revision: number;
  declare private counts: StatisticsView | undefined;

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('revision')) void this.#count();
  }

  protected override render(): TemplateResult {
    const { counts } = this;
    if (counts === undefined) return html``;
    return html`<div class="queue" tabindex="0" role="region" aria-labelledby="statistics-title">
      <div class="review statistics">
        <h2 id="statistics-title">${this.#sentence(counts)}</h2>
        ${table(l10n.t('Kind'), kinds.map((kind) => [kindWord(kind), counts.byKind[kind]]))}
        ${table(l10n.t('Scope'), [
          [l10n.t('Shared by all agents'), counts.byScope.shared],
          [l10n.t('{0} only', this.agentName), counts.byScope.agent],
          [l10n.t('Of a workspace'), counts.byScope.workspace],
        ])}
        ${table(l10n.t('Source'), sources.map((source) => [sourceKindWords(source), counts.bySource[source]]))}
        ${table(l10n.t('Standing'), [
          [l10n.t('Pinned'), counts.pinned],
          [l10n.t('Replaced'), counts.replaced],
          [l10n.t('Archived'), counts.archived],
          [l10n.t('Pairs that do not fit'), counts.contradictions],
          [l10n.t('Waiting for review'), counts.proposed],
          [l10n.t('Forgotten, not wiped yet'), counts.forgotten],
        ])}
        ${table(l10n.t('Use'), [
          [l10n.t('Memories that a reply has used'), counts.used],
          [l10n.t('Replies that used memories'), counts.replies],
        ])}
      </div>
    </div>`;
  }

  #sentence({ total, oldest, newest }: StatisticsView): string {
    if (oldest === null || newest === null) return l10n.t('Nothing is remembered yet.');
    const facts = memoriesWords(total);
    return counted(total, l10n.t('{0}, from {1}.', facts, momentWords(oldest, this.now)), l10n.t('{0}, from {1} to {2}.', facts, momentWords(oldest, this.now), momentWords(newest, this.now)));
  }

  async #count(): Promise<void> {
    this.counts = (await this.ask('statistics', {})) ?? this.counts;
  }
}

function table(caption: string, rows: readonly (readonly [string, number])[]): TemplateResult {
  return html`<table>
    <caption>${caption}</caption>
    <tbody>
      ${rows.map(([name, count]) => html`<tr><th scope="row">${name}</th><td>${numberWords(count)}</td></tr>`)}
    </tbody>
  </table>`;
}

customElements.define('hearth-memory-statistics', MemoryStatistics);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-memory-statistics': MemoryStatistics;
  }
}
