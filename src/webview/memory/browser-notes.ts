import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MemorySnapshot } from '../../shared/protocol/memory-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { buttonRow } from '../ui/notice.ts';
import type { Ask } from './ask.ts';
import { isOpen, type BrowserState } from './browser-state.ts';
import type { Done } from './memory-changes.ts';

/** What was done last, at the foot, with its way back. */
export function doneLine({ words, undo }: Done, hide: () => void): TemplateResult {
  return html`<div class="done-line">
    <span>${words}</span>
    ${undo === undefined ? nothing : linkButton(l10n.t('Undo'), () => void undo())}
    ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), classes: 'spread', press: hide })}
  </div>`;
}

/** An empty store. */
export function nothingYet({ agent }: MemorySnapshot, ask: Ask): TemplateResult {
  return html`<section class="empty" aria-labelledby="empty-title">
    ${icon('hearth', 'ember')}
    <h2 id="empty-title">${l10n.t('Nothing here yet')}</h2>
    <p>${l10n.t('Talk with {0}, and what you say will be here to read, change or forget.', agent.name)}</p>
    ${buttonRow([
      { label: l10n.t('Open chat'), press: () => void ask('openChat', {}) },
      { label: l10n.t('Import…'), press: () => void ask('importMemory', {}) },
    ])}
  </section>`;
}

/** A search, or filters, that nothing passes. */
export function nothingFound({ text, filter }: BrowserState, removeFilters: () => void): TemplateResult {
  return html`<section class="empty nothing-found">
    <p>${text.trim() === '' ? l10n.t('No memory passes these filters.') : l10n.t('Nothing like that. Try fewer words.')}</p>
    ${isOpen(filter) ? nothing : buttonRow([{ label: l10n.t('Remove the filters'), press: removeFilters }], { primary: false })}
  </section>`;
}
