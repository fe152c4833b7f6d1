import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import { icon } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { clockWords } from '../ui/time-words.ts';
import type { TurnContext } from './turn-context.ts';

/** What the reader said: a bubble on the right, with what was attached under it. */
export class RequestTurn extends LightElement {
  static override properties = {
    message: { attribute: false },
    context: { attribute: false },
    isLast: { attribute: false },
  };

  declare message: MessageView;
  declare context: TurnContext;
  declare isLast: boolean;

  protected override render(): TemplateResult {
    const { id, text, at } = this.message;
    return html`
      <h3 class="sr-only" id="head-${id}">${l10n.t('You, {0}', clockWords(at))}</h3>
      <div class="bubble" id="body-${id}"><p>${text}</p></div>
      ${this.#attachments()}
    `;
  }

  #attachments(): TemplateResult | typeof nothing {
    const { attachments } = this.message;
    if (attachments.length === 0) return nothing;
    return html`<ul class="chips" aria-label=${l10n.t('Attached')}>
      ${attachments.map(({ kind, label }) => html`<li class="chip">${icon(kind === 'problems' ? 'error' : kind)} <span class="one-line">${label}</span></li>`)}
    </ul>`;
  }
}

customElements.define('hearth-request', RequestTurn);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-request': RequestTurn;
  }
}
