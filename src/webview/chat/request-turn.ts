import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { AttachmentView, MessageView, SecretView } from '../../shared/protocol/chat-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { clockWords } from '../ui/time-words.ts';
import { siblingSwitch } from './sibling-switch.ts';
import type { TurnContext } from './turn-context.ts';
import { unsavedMark } from './unsaved-mark.ts';
import '../ui/copy-button.ts';
import '../ui/text-editor.ts';

/** What the reader said: a bubble on the right, with what was attached under it. It can be worded anew as a branch. */
export class RequestTurn extends LightElement {
  static override properties = {
    message: { attribute: false },
    context: { attribute: false },
    isLast: { attribute: false },
    isEditing: { state: true },
  };

  declare message: MessageView;
  declare context: TurnContext;
  declare isLast: boolean;
  declare private isEditing: boolean;

  constructor() {
    super();
    this.isEditing = false;
  }

  protected override render(): TemplateResult {
    const { id, text, at } = this.message;
    return html`
      <h3 class="sr-only" id="head-${id}">${l10n.t('You, {0}', clockWords(at))}</h3>
      ${this.isEditing ? this.#editor() : html`<div class="bubble" id="body-${id}"><p>${text}</p></div>`}
      ${attachmentList(this.message.attachments)} ${unsavedMark(this.message)} ${this.#secrets()} ${this.isEditing ? nothing : this.#foot()}
    `;
  }

  #editor(): TemplateResult {
    return html`<hearth-text-editor
      .label=${l10n.t('Your message')}
      .text=${this.message.text}
      .saveLabel=${l10n.t('Send')}
      .save=${this.#resend}
      @editing-ended=${() => void this.#stopEditing()}
    ></hearth-text-editor>`;
  }

  #foot(): TemplateResult {
    const { text } = this.message;
    const { ask, isReadOnly, takesMessages } = this.context;
    return html`<div class="turn-foot" role="toolbar" aria-label=${l10n.t('Message')}>
      <hearth-copy-button .label=${l10n.t('Copy message')} .copy=${() => ask('copy', { text })}></hearth-copy-button>
      ${isReadOnly || !takesMessages ? nothing : iconButton({ icon: 'edit', label: l10n.t('Edit and send again'), press: () => { this.isEditing = true; } })}
      ${siblingSwitch(this.message, ask)}
    </div>`;
  }

  /** Offers to blank what looks like a secret; it is kept out of memory in any case. */
  #secrets(): TemplateResult | typeof nothing {
    const { secrets } = this.message;
    const last = secrets.at(-1); // blanked from the end, so that the places of the others stay right
    if (last === undefined || this.context.isReadOnly) return nothing;
    const { id } = this.message;
    const blank = (): void => void this.context.ask('blankSecret', { messageId: id, start: last.start, end: last.end });
    return html`<p class="secret-offer quiet">
      ${icon('key')}<span>${secretWords(last.kind)} ${linkButton(l10n.t('Blank it here too'), blank)}</span>
    </p>`;
  }

  async #stopEditing(): Promise<void> {
    this.isEditing = false;
    await this.updateComplete;
    const row = this.closest('li');
    if (row instanceof HTMLElement) row.focus({ preventScroll: true });
  }

  readonly #resend = async (text: string): Promise<boolean> =>
    (await this.context.ask('send', { text, editOf: this.message.id })) !== undefined;
}

/** Attachments by name; a picture of what kind each is stands before it. */
function attachmentList(attachments: readonly AttachmentView[]): TemplateResult | typeof nothing {
  if (attachments.length === 0) return nothing;
  return html`<ul class="chips" aria-label=${l10n.t('Attached')}>
    ${attachments.map(({ kind, label }) => html`<li class="chip">${icon(attachmentIcon(kind))}<span class="one-line" title=${label}>${label}</span></li>`)}
  </ul>`;
}

export function attachmentIcon(kind: AttachmentView['kind']): string {
  switch (kind) {
    case 'selection':
      return 'selection';
    case 'file':
      return 'file';
    case 'problems':
      return 'error';
  }
}

function secretWords(kind: SecretView['kind']): string {
  switch (kind) {
    case 'key':
      return l10n.t('This holds what looks like a key. It stays out of memory.');
    case 'token':
      return l10n.t('This holds what looks like a token. It stays out of memory.');
    case 'password':
      return l10n.t('This holds what looks like a password. It stays out of memory.');
    case 'card':
      return l10n.t('This holds what looks like a card number. It stays out of memory.');
  }
}

customElements.define('hearth-request', RequestTurn);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-request': RequestTurn;
  }
}
