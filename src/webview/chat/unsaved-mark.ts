import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import { icon } from '../ui/icon.ts';

/** Says of a message that it is in memory alone. */
export function unsavedMark({ unsaved, status }: MessageView): TemplateResult | typeof nothing {
  if (unsaved !== true || status === 'streaming') return nothing;
  return html`<p class="unsaved-mark quiet">${icon('warning', 'warn')}<span>${l10n.t('Not saved yet')}</span></p>`;
}
