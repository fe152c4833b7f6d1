import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import { iconButton } from '../ui/icon.ts';
import type { Ask } from './ask.ts';

/** "2 of 2" with a way to the others, where a question has several answers or wordings. */
export function siblingSwitch({ id, role, siblings }: MessageView, ask: Ask): TemplateResult | typeof nothing {
  if (siblings.length < 2) return nothing;
  const position = siblings.indexOf(id);
  const [earlier, later] = [siblings[position - 1], siblings[position + 1]];
  const isAnswer = role === 'assistant';
  const show = (messageId: string | undefined): void => {
    if (messageId !== undefined) void ask('showBranch', { messageId });
  };
  return html`<span class="toolbar">
    ${iconButton({
      icon: 'chevron-left',
      label: isAnswer ? l10n.t('Earlier answer') : l10n.t('Earlier wording'),
      disabled: earlier === undefined,
      press: () => { show(earlier); },
    })}
    <span class="quiet">${l10n.t('{0} of {1}', position + 1, siblings.length)}</span>
    ${iconButton({
      icon: 'chevron-right',
      label: isAnswer ? l10n.t('Next answer') : l10n.t('Next wording'),
      disabled: later === undefined,
      press: () => { show(later); },
    })}
  </span>`;
}
