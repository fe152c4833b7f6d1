import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MemoryView, MessageView } from '../../shared/protocol/chat-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { counted } from '../ui/locale.ts';
import { noticeView } from '../ui/notice.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { clockWords, fullWords, machineTime } from '../ui/time-words.ts';
import type { Waiting } from './chat-state.ts';
import { errorText } from '../ui/error-text.ts';
import { emptyMarkdown, growingBlocks, parseMarkdown, type ParsedMarkdown } from './markdown.ts';
import { markdownView } from './markdown-view.ts';
import { foldView, memoriesView } from './memory-list.ts';
import { remedyActions } from './remedy-actions.ts';
import { siblingSwitch } from './sibling-switch.ts';
import type { TurnContext } from './turn-context.ts';
import { unsavedMark } from './unsaved-mark.ts';
import '../ui/copy-button.ts';
import './captured-facts.ts';
import './waiting-line.ts';

/** What the agent said, and all that belongs to it: thinking, memories, what was captured, what went wrong. */
export class ReplyTurn extends LightElement {
  static override properties = {
    message: { attribute: false },
    context: { attribute: false },
    waiting: { attribute: false },
    isLast: { attribute: false },
    remembered: { state: true },
  };

  declare message: MessageView;
  declare context: TurnContext;
  declare waiting: Waiting | null;
  declare isLast: boolean;
  /** What was kept of this reply by its own button, with undo while it is shown. */
  declare private remembered: MemoryView | undefined;
  #parsed: ParsedMarkdown = emptyMarkdown;

  protected override willUpdate(changed: Changed<this>): void {
    if (!changed.has('message')) return;
    const { text, status } = this.message;
    if (text === this.#parsed.source && changed.get('message')?.status === status) return;
    // A finished reply is read once as a whole: a link may be defined after it was used.
    this.#parsed = parseMarkdown(text, status === 'streaming' ? this.#parsed : emptyMarkdown);
  }

  protected override render(): TemplateResult {
    const { id, status, text } = this.message;
    const isStreaming = status === 'streaming';
    return html`
      ${this.#head()} ${this.#thinking()} ${this.#waiting()}
      <div class="reply-body ${isStreaming && text !== '' ? 'is-streaming' : ''}" id="body-${id}">
        ${this.#lead()} ${markdownView(isStreaming ? growingBlocks(this.#parsed) : this.#parsed.blocks, this.context.ask)}
      </div>
      ${this.#ending()} ${unsavedMark(this.message)} ${memoriesView(this.message, this.context)} ${this.#omitted()}
      ${this.message.captured.length === 0 ? nothing : html`<hearth-captured .captured=${this.message.captured} .context=${this.context}></hearth-captured>`}
      ${this.#rememberedLine()} ${isStreaming ? nothing : this.#foot()}
    `;
  }

  #head(): TemplateResult {
    const { id, at, origin } = this.message;
    const hearth = this.context.isPrivate ? 'hearth-out' : 'hearth';
    return html`<div class="reply-head">
      ${origin === 'recall' ? icon('ember', 'ember') : icon(origin === 'command' ? 'info' : hearth)}
      <h3 id="head-${id}">${this.#speaker()}<span class="sr-only">, ${clockWords(at)}</span></h3>
      <time class="quiet" datetime=${machineTime(at)} title=${fullWords(at)} aria-hidden="true">${clockWords(at)}</time>
    </div>`;
  }

  #speaker(): string {
    switch (this.message.origin) {
      case 'recall':
        return l10n.t('From memory');
      case 'command':
        return 'Hearthlink';
      default:
        return this.context.agentName;
    }
  }

  #thinking(): TemplateResult | typeof nothing {
    const { id, thinking, thinkingMs, text, status } = this.message;
    if (thinking === '') return nothing;
    const isThinking = status === 'streaming' && text === '';
    const seconds = thinkingMs === null ? null : Math.max(1, Math.round(thinkingMs / 1000));
    const summary = isThinking ? l10n.t('Thinking') : seconds === null ? l10n.t('Thought') : l10n.t('Thought for {0} s', seconds);
    return foldView(id, 'thinking', html`${summary}${isThinking ? html`<span class="caret breathe" aria-hidden="true"></span>` : nothing}`, html`<p class="fold-body">${thinking.trim()}</p>`);
  }

  #waiting(): TemplateResult | typeof nothing {
    const { status, text, thinking } = this.message;
    if (status !== 'streaming' || text !== '' || thinking !== '') return nothing;
    return html`<hearth-waiting .waiting=${this.waiting} .clock=${this.context.clock}></hearth-waiting>`;
  }

  /** Where no model spoke, that is said before anything else. */
  #lead(): TemplateResult | typeof nothing {
    if (this.message.origin !== 'recall' || this.message.status === 'streaming') return nothing;
    return this.message.memories.length === 0
      ? html`<p>${l10n.t('No model spoke, and nothing like this was said or kept. Try fewer words.')}</p>`
      : html`<p>${l10n.t('No model spoke. These come closest among what was said or kept:')}</p>`;
  }

  #ending(): TemplateResult | typeof nothing {
    const { status, text, error, origin } = this.message;
    const broke = status === 'cut-off' || status === 'failed';
    return html`
      ${status === 'stopped' ? html`<p class="quiet">${text === '' ? l10n.t('Stopped before the first word.') : l10n.t('Stopped here. What was written is kept.')}</p>` : nothing}
      ${broke && text !== '' ? html`<p class="quiet">${l10n.t('Cut off here. What was written is kept.')}</p>` : nothing}
      ${broke && text === '' && error === null ? html`<p class="quiet">${l10n.t('Cut off before the first word.')}</p>` : nothing}
      ${error === null || origin === 'recall' || error.code === 'cancelled' ? nothing : this.#error(error)}
    `;
  }

  #error(error: NonNullable<MessageView['error']>): TemplateResult {
    const { title, detail, advice } = errorText(error);
    const { otherModel } = this.context;
    const isReadOnly = this.context.isReadOnly || !this.context.takesMessages;
    const again = (model: string | null): void => void this.context.ask('answerAgain', { messageId: this.message.id, model });
    const actions = remedyActions(error, {
      ask: this.context.ask,
      ...(isReadOnly ? {} : { tryAgain: () => { again(null); } }),
      useModel: otherModel === null || isReadOnly ? undefined : { name: otherModel, press: () => { again(otherModel); } },
    });
    return noticeView({ icon: 'error', iconClass: 'bad', role: this.isLast ? 'alert' : 'group', title, detail, advice, actions });
  }

  /** What did not fit into the model's context. */
  #omitted(): TemplateResult | typeof nothing {
    const { messages, attachments, memories } = this.message.omitted;
    const parts = [
      messages === 0 ? [] : counted(messages, l10n.t('{0} earlier message', messages), l10n.t('{0} earlier messages', messages)),
      attachments === 0 ? [] : counted(attachments, l10n.t('{0} attachment', attachments), l10n.t('{0} attachments', attachments)),
      memories === 0 ? [] : counted(memories, l10n.t('{0} memory', memories), l10n.t('{0} memories', memories)),
    ].flat();
    if (parts.length === 0) return nothing;
    return html`<p class="quiet">${l10n.t('Left out, because it did not fit: {0}.', parts.join(', '))}</p>`;
  }

  #rememberedLine(): TemplateResult | typeof nothing {
    const { remembered } = this;
    if (remembered === undefined) return nothing;
    const undo = async (): Promise<void> => {
      if ((await this.context.ask('forgetMemory', { id: remembered.id })) !== undefined) this.remembered = undefined;
    };
    return html`<div class="captured appear">
      ${icon('ember', 'ember')}
      <p>${l10n.t('Remembered: {0}', remembered.text)} ${linkButton(l10n.t('Undo'), () => void undo())}</p>
      ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: () => { this.remembered = undefined; } })}
    </div>`;
  }

  #foot(): TemplateResult {
    const { id, text, origin } = this.message;
    const { ask, isPrivate, isReadOnly, takesMessages } = this.context;
    const canKeep = origin !== 'command' && !isReadOnly;
    return html`<div class="turn-foot ${this.isLast ? 'is-shown' : ''}" role="toolbar" aria-label=${l10n.t('Reply')}>
      ${text === '' ? nothing : html`<hearth-copy-button .label=${l10n.t('Copy reply')} .copy=${() => ask('copy', { text })}></hearth-copy-button>`}
      ${canKeep && takesMessages ? iconButton({ icon: 'refresh', label: l10n.t('Answer again'), press: () => void ask('answerAgain', { messageId: id, model: null }) }) : nothing}
      ${canKeep && !isPrivate && text !== '' ? iconButton({ icon: 'bookmark', label: l10n.t('Remember this'), press: () => void this.#remember() }) : nothing}
      <span class="spread"></span>
      ${this.#speed()} ${siblingSwitch(this.message, ask)}
    </div>`;
  }

  #speed(): TemplateResult | typeof nothing {
    const { tokensPerSecond, model } = this.message;
    if (!this.context.showTokensPerSecond || tokensPerSecond === null) return nothing;
    const speed = numberWords(tokensPerSecond < 10 ? Math.round(tokensPerSecond * 10) / 10 : Math.round(tokensPerSecond));
    return html`<span class="quiet" title=${model ?? ''}>${l10n.t('{0} tokens/s', speed)}</span>`;
  }

  async #remember(): Promise<void> {
    const kept = await this.context.ask('remember', { messageId: this.message.id, text: this.#selectedText() });
    if (kept === undefined) return;
    this.remembered = kept.memory;
    this.context.announce(l10n.t('Remembered.'));
  }

  /** What the reader has selected inside this reply, to be kept instead of the whole. */
  #selectedText(): string | null {
    const selection = document.getSelection();
    const body = this.find(HTMLDivElement, '.reply-body');
    if (selection === null || body === undefined || !body.contains(selection.anchorNode) || !body.contains(selection.focusNode)) return null;
    const text = selection.toString().trim();
    return text === '' ? null : text;
  }
}

customElements.define('hearth-reply', ReplyTurn);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-reply': ReplyTurn;
  }
}
