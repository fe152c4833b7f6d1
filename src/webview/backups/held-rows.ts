import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { HeldMessage, HeldThing } from '../../shared/protocol/backups-contents.ts';
import { icon } from '../ui/icon.ts';

/** A chat's title, or what a memory says. */
export function thingWords({ kind, words }: Pick<HeldThing, 'kind' | 'words'>): string {
  return kind === 'chat' && words === '' ? l10n.t('New chat') : words;
}

/** Whether it is here as well, in a sign and in words. */
export function heldState({ kind, state }: Pick<HeldThing, 'kind' | 'state'>, isBroughtBack: boolean): TemplateResult {
  if (isBroughtBack) {
    const words = state === 'differs' && kind === 'chat' ? l10n.t('Brought back beside it') : l10n.t('Brought back');
    return html`<span class="state">${icon('check', 'good')}${words}</span>`;
  }
  switch (state) {
    case 'missing':
      return html`<span class="state">${icon('circle-outline')}${l10n.t('Not here')}</span>`;
    case 'differs':
      return html`<span class="state">${icon('diff-modified')}${kind === 'chat' ? l10n.t('Went another way') : l10n.t('Says something else')}</span>`;
    case 'here':
      return html`<span class="state quiet">${icon('check')}${l10n.t('Here as well')}</span>`;
  }
}

/** The end of a chat, so that one can tell which it is. Plain text: nothing in a backup is run or loaded. */
export function heldMessages({ messages, hasMore }: { readonly messages: readonly HeldMessage[] | undefined; readonly hasMore: boolean }): TemplateResult {
  if (messages === undefined) return html`<tr class="held-messages"><td colspan="4" class="quiet">${l10n.t('Reading…')}</td></tr>`;
  return html`<tr class="held-messages">
    <td colspan="4">
      ${hasMore ? html`<p class="quiet">${l10n.t('The end of it:')}</p>` : nothing}
      <dl>
        ${messages.map(({ role, text }) => html`<dt>${role === 'user' ? l10n.t('You') : l10n.t('Reply')}</dt><dd>${text}</dd>`)}
      </dl>
    </td>
  </tr>`;
}
