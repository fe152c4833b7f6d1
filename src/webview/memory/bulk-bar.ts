import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { SliceRow } from '../../shared/protocol/memory-views.ts';
import { linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { counted } from '../ui/locale.ts';
import { buttonRow } from '../ui/notice.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { provideButtons } from '../ui/toolkit.ts';
import type { MenuOption } from './menu-button.ts';
import { isChangedBy, type BulkChange } from './bulk-change.ts';
import { importanceLevels, importanceWord, kindWord, memoriesWords, scopes, scopeWords } from './slice-words.ts';
import '../ui/text-editor.ts';
import './menu-button.ts';

provideButtons();

/** A preview names this many; the rest is counted. */
const namedInPreview = 5;

/**
 * Actions on the memories that are marked. Each is shown first, with what it would change, and done only then. Tells
 * `change-decided` with a `BulkChange`, and `marks-cleared`.
 */
export class BulkBar extends LightElement {
  static override properties = {
    marked: { attribute: false },
    agentName: { attribute: false },
    hasWorkspace: { attribute: false },
    isReadOnly: { attribute: false },
    merge: { attribute: false },
    planned: { state: true },
  };

  declare marked: readonly SliceRow[];
  declare agentName: string;
  declare hasWorkspace: boolean;
  declare isReadOnly: boolean;
  /** Answers whether the merge was saved. */
  declare merge: (text: string) => Promise<boolean>;
  declare private planned: Exclude<BulkChange, { type: 'merge' }> | 'merge' | undefined;

  /** Only when a preview comes up: what is drawn again while one reads or writes in it takes no focus. */
  protected override updated(changed: PropertyValues): void {
    if (changed.has('planned')) this.find(HTMLElement, '.bulk-preview vscode-button')?.focus();
  }

  protected override render(): TemplateResult {
    const count = this.marked.length;
    return html`<div class="bulk" role="group" aria-label=${l10n.t('Chosen memories')}>
      <div class="bulk-actions">
        <span>${counted(count, l10n.t('{0} chosen', numberWords(count)), l10n.t('{0} chosen', numberWords(count)))}</span>
        ${this.planned === undefined && !this.isReadOnly ? this.#actions() : nothing}
        ${linkButton(l10n.t('Choose none'), () => { this.planned = undefined; this.dispatchEvent(new CustomEvent('marks-cleared')); })}
      </div>
      ${this.planned === undefined ? nothing : this.planned === 'merge' ? this.#mergeEditor() : this.#preview(this.planned)}
    </div>`;
  }

  #actions(): TemplateResult {
    const allPinned = this.marked.every(({ pinned }) => pinned);
    const rate = importanceLevels.map((value): MenuOption => ({ value, label: importanceWord(value) }));
    const move = scopes
      .filter((scope) => scope !== 'other-workspace' && (scope !== 'workspace' || this.hasWorkspace))
      .map((value): MenuOption => ({ value, label: scopeWords(value, this.agentName) }));
    return html`${linkButton(l10n.t('Forget'), () => { this.planned = { type: 'forget' }; })}
      ${linkButton(allPinned ? l10n.t('Unpin') : l10n.t('Pin'), () => { this.planned = { type: 'pin', pinned: !allPinned }; })}
      ${this.#menu(l10n.t('Importance'), rate, (value) => {
        const importance = importanceLevels.find((level) => level === value);
        if (importance !== undefined) this.planned = { type: 'rate', importance };
      })}
      ${this.#menu(l10n.t('Scope'), move, (value) => {
        const scope = scopes.find((one) => one === value);
        if (scope !== undefined) this.planned = { type: 'move', scope };
      })}
      ${this.marked.length < 2 ? nothing : linkButton(l10n.t('Merge'), () => { this.planned = 'merge'; })}`;
  }

  #menu(label: string, options: readonly MenuOption[], choose: (value: string) => void): TemplateResult {
    return html`<hearth-menu-button
      .label=${label}
      .text=${label}
      .look=${'picker'}
      .options=${options}
      .choice=${'do'}
      @option-chosen=${({ detail }: CustomEvent<string>) => { choose(detail); }}
    ></hearth-menu-button>`;
  }

  #preview(change: Exclude<BulkChange, { type: 'merge' }>): TemplateResult {
    const affected = this.marked.filter((slice) => isChangedBy(slice, change));
    const rest = affected.length - namedInPreview;
    const same = this.marked.length - affected.length;
    return html`<div class="bulk-preview">
      <p>${this.#sentence(change, affected.length)}</p>
      <ul>
        ${affected.slice(0, namedInPreview).map((slice) => html`<li class="one-line quiet">${kindWord(slice.kind)}: ${slice.text}</li>`)}
        ${rest <= 0 ? nothing : html`<li class="quiet">${l10n.t('and {0} more', numberWords(rest))}</li>`}
      </ul>
      ${same === 0 ? nothing : html`<p class="quiet">${l10n.t('{0} of the chosen are so already.', numberWords(same))}</p>`}
      ${buttonRow([
        { label: verbOf(change), press: () => { this.#decide(change); } },
        { label: l10n.t('Cancel'), press: () => { this.planned = undefined; } },
      ])}
    </div>`;
  }

  #sentence(change: Exclude<BulkChange, { type: 'merge' }>, count: number): string {
    const memories = memoriesWords(count);
    switch (change.type) {
      case 'forget':
        return l10n.t('{0} will be forgotten. You can bring them back for a minute.', memories);
      case 'pin':
        return change.pinned ? l10n.t('{0} will be pinned.', memories) : l10n.t('{0} will no longer be pinned.', memories);
      case 'rate':
        return l10n.t('{0} will have this importance: {1}.', memories, importanceWord(change.importance));
      case 'move':
        return l10n.t('{0} will belong here: {1}.', memories, scopeWords(change.scope, this.agentName));
    }
  }

  #mergeEditor(): TemplateResult {
    return html`<div class="bulk-preview">
      <p>${l10n.t('{0} become one, in your words. What they said stays in its history.', memoriesWords(this.marked.length))}</p>
      <hearth-text-editor
        .label=${l10n.t('Merged memory')}
        .text=${this.marked.map(({ text }) => text).join('\n')}
        .saveLabel=${l10n.t('Merge')}
        .save=${this.merge}
        @editing-ended=${() => { this.planned = undefined; }}
      ></hearth-text-editor>
    </div>`;
  }

  #decide(change: BulkChange): void {
    this.planned = undefined;
    this.dispatchEvent(new CustomEvent('change-decided', { detail: change }));
  }
}

function verbOf(change: BulkChange): string {
  switch (change.type) {
    case 'forget':
      return l10n.t('Forget');
    case 'pin':
      return change.pinned ? l10n.t('Pin') : l10n.t('Unpin');
    case 'rate':
      return l10n.t('Change');
    case 'move':
      return l10n.t('Move');
    case 'merge':
      return l10n.t('Merge');
  }
}

customElements.define('hearth-bulk-bar', BulkBar);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-bulk-bar': BulkBar;
  }
}
