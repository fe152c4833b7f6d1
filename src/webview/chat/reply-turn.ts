import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import { icon, iconButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { clockWords, fullWords, machineTime } from '../ui/time-words.ts';
import type { Waiting } from './chat-state.ts';
import { emptyMarkdown, parseMarkdown, type ParsedMarkdown } from './markdown.ts';
import { markdownView } from './markdown-view.ts';
import type { TurnContext } from './turn-context.ts';

/** What the agent said: plain text on the ground. */
export class ReplyTurn extends LightElement {
  static override properties = {
    message: { attribute: false },
    context: { attribute: false },
    waiting: { attribute: false },
    isLast: { attribute: false },
  };

  declare message: MessageView;
  declare context: TurnContext;
  declare waiting: Waiting | null;
  declare isLast: boolean;
  #parsed: ParsedMarkdown = emptyMarkdown;

  protected override willUpdate(changed: Changed<this>): void {
    if (!changed.has('message')) return;
    const { text, status } = this.message;
    if (text === this.#parsed.source && changed.get('message')?.status === status) return;
    // A finished reply is read once as a whole: a link may be defined after it was used.
    this.#parsed = parseMarkdown(text, status === 'streaming' ? this.#parsed : emptyMarkdown);
  }

  protected override render(): TemplateResult {
    const { id, status, at } = this.message;
    const isStreaming = status === 'streaming';
    return html`
      <div class="reply-head">
        ${icon(this.context.isPrivate ? 'hearth-out' : 'hearth')}
        <h3 id="head-${id}">${this.context.agentName}<span class="sr-only">, ${clockWords(at)}</span></h3>
        <time class="quiet" datetime=${machineTime(at)} title=${fullWords(at)} aria-hidden="true">${clockWords(at)}</time>
      </div>
      <div class="reply-body ${isStreaming ? 'is-streaming' : ''}" id="body-${id}">${markdownView(this.#parsed.blocks, this.context.ask)}</div>
      ${isStreaming ? nothing : this.#foot()}
    `;
  }

  #foot(): TemplateResult {
    const { id, text } = this.message;
    const { ask } = this.context;
    return html`<div class="reply-foot" role="toolbar" aria-label=${l10n.t('Reply')}>
      ${iconButton({ icon: 'copy', label: l10n.t('Copy reply'), press: () => void ask('copy', { text }) })}
      ${iconButton({ icon: 'refresh', label: l10n.t('Answer again'), press: () => void ask('answerAgain', { messageId: id, model: null }) })}
    </div>`;
  }
}

customElements.define('hearth-reply', ReplyTurn);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-reply': ReplyTurn;
  }
}
