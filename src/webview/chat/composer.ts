import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import * as l10n from '@vscode/l10n';
import type { AttachmentView, ChatSnapshot, ConnectionView } from '../../shared/protocol/chat-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { nextIndex } from '../ui/list-keys.ts';
import { numberWords, tokenWords } from '../ui/quantity-words.ts';
import type { Ask } from './ask.ts';
import { emptyDraft, type Draft } from './drafts.ts';
import { attachmentIcon } from './request-turn.ts';
import { completed, completionsOf, type SlashCommand } from './slash-commands.ts';
import './model-picker.ts';

/**
 * Where a message is written: what is attached, the text, and what it will be sent to. It stands in the same place in every
 * state of the view. It tells its owner `draft-change` with the draft, `send` and `stop`.
 */
export class Composer extends LightElement {
  static override properties = {
    draft: { attribute: false },
    agentName: { attribute: false },
    attachments: { attribute: false },
    connection: { attribute: false },
    contextUse: { attribute: false },
    isReplying: { attribute: false },
    isReadOnly: { attribute: false },
    ask: { attribute: false },
    active: { state: true },
    isClosed: { state: true },
  };

  declare draft: Draft;
  declare agentName: string;
  declare attachments: readonly AttachmentView[];
  declare connection: ConnectionView;
  declare contextUse: ChatSnapshot['context'];
  declare isReplying: boolean;
  declare isReadOnly: boolean;
  declare ask: Ask;
  /** The chosen entry of the list of commands, and whether that list was put away. */
  declare private active: number;
  declare private isClosed: boolean;

  constructor() {
    super();
    this.draft = emptyDraft;
    this.active = 0;
    this.isClosed = false;
  }

  override focus(): void {
    const field = this.#field;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  /** Opens the list of models. */
  async showModels(): Promise<void> {
    await this.querySelector('hearth-model-picker')?.open();
  }

  get #field(): HTMLTextAreaElement | undefined {
    return this.find(HTMLTextAreaElement, 'textarea');
  }

  get #completions(): readonly SlashCommand[] {
    return this.isClosed || this.draft.isHeld ? [] : completionsOf(this.draft.text);
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('draft') && changed.get('draft')?.text !== this.draft.text) this.active = 0;
  }

  protected override render(): TemplateResult {
    const completions = this.#completions;
    const isRecall = this.connection.state === 'offline';
    return html`${this.#commandList(completions)}
      <form class="composer" aria-label=${l10n.t('Composer')} @submit=${this.#onSubmit}>
        ${this.#chips()} ${this.#heldLine()}
        <textarea
          class="composer-text"
          rows="1"
          aria-label=${isRecall ? l10n.t('Question to your memory') : l10n.t('Message to {0}', this.agentName)}
          aria-autocomplete="list"
          aria-controls=${completions.length > 0 ? 'slash-commands' : nothing}
          aria-activedescendant=${completions.length > 0 ? `slash-${String(this.active)}` : nothing}
          placeholder=${this.#placeholder(isRecall)}
          ?readonly=${this.isReadOnly}
          .value=${live(this.draft.text)}
          @input=${this.#onInput}
          @keydown=${this.#onKeyDown}
        ></textarea>
        <div class="composer-bar">
          ${iconButton({ icon: 'attach', label: l10n.t('Attach'), disabled: this.isReadOnly, press: () => void this.ask('attach', {}) })}
          <hearth-model-picker .connection=${this.connection} .ask=${this.ask}></hearth-model-picker>
          ${this.#gauge()} ${this.isReplying ? this.#stopButton() : this.#sendButton(isRecall)}
        </div>
      </form>`;
  }

  #placeholder(isRecall: boolean): string {
    if (this.isReadOnly) return l10n.t('Nothing can be written now');
    if (this.isReplying) return l10n.t('Write the next message');
    return isRecall ? l10n.t('Ask your memory') : l10n.t('Talk with {0}', this.agentName);
  }

  #chips(): TemplateResult | typeof nothing {
    if (this.attachments.length === 0) return nothing;
    return html`<ul class="chips" aria-label=${l10n.t('Attached')}>
      ${this.attachments.map(
        ({ id, kind, label, tokens }) => html`<li class="chip">
          ${icon(attachmentIcon(kind))}<span class="one-line" title=${label}>${label}</span>
          <span class="chip-size" title=${l10n.t('{0} tokens', numberWords(tokens))}>${tokenWords(tokens, { exact: false })}</span>
          ${iconButton({ icon: 'close', label: l10n.t('Remove {0}', label), press: () => void this.ask('detach', { id }) })}
        </li>`,
      )}
    </ul>`;
  }

  /** A message that waits for somebody to send it to. */
  #heldLine(): TemplateResult | typeof nothing {
    if (!this.draft.isHeld) return nothing;
    const words = this.isReplying ? l10n.t('Sent when this reply has ended.') : l10n.t('Sent when the model is here.');
    return html`<p class="held quiet" role="status">${icon('watch')}<span>${words} ${linkButton(l10n.t('Not yet'), () => { this.#change({ ...this.draft, isHeld: false }); })}</span></p>`;
  }

  /** How full the context of a model is; without one it says nothing. */
  #gauge(): TemplateResult {
    const { state } = this.connection;
    if (this.contextUse === null || state === 'offline' || state === 'no-model') return html`<span class="gauge"></span>`;
    const { usedTokens, sizeTokens } = this.contextUse;
    const words = l10n.t('{0} of {1} tokens in use', numberWords(usedTokens), numberWords(sizeTokens));
    const short = l10n.t('{0} of {1}', tokenWords(usedTokens, { exact: false }), tokenWords(sizeTokens, { exact: true }));
    return html`<span class="gauge" title=${words}><span aria-hidden="true">${short}</span><span class="sr-only">${words}</span></span>`;
  }

  #stopButton(): TemplateResult {
    return iconButton({ icon: 'stop-square', label: l10n.t('Stop'), title: l10n.t('Stop (Esc)'), classes: 'is-strong', press: () => { this.#tell('stop'); } });
  }

  #sendButton(isRecall: boolean): TemplateResult {
    const label = isRecall ? l10n.t('Search memory') : l10n.t('Send');
    const isEmpty = this.draft.text.trim() === '';
    return iconButton({
      icon: isRecall ? 'search' : 'arrow-up',
      label,
      title: isRecall ? label : l10n.t('Send (Enter)'),
      disabled: isEmpty || this.isReadOnly || this.draft.isHeld,
      classes: isEmpty ? '' : 'is-strong',
      press: () => { this.#send(); },
    });
  }

  #commandList(commands: readonly SlashCommand[]): TemplateResult | typeof nothing {
    if (commands.length === 0) return nothing;
    return html`<ul class="popover slash-commands" role="listbox" id="slash-commands" aria-label=${l10n.t('Commands')}>
      ${commands.map(
        (command, index) => html`<li
          class="option ${index === this.active ? 'is-active' : ''}"
          role="option"
          id="slash-${index}"
          aria-selected=${index === this.active ? 'true' : 'false'}
          @mousedown=${(event: Event) => { event.preventDefault(); this.#complete(command); }}
        >
          <span>${command.name}</span> <span class="quiet">${command.does()}</span>
        </li>`,
      )}
    </ul>`;
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#send();
  };

  readonly #onInput = (): void => {
    this.isClosed = false;
    this.#change({ text: this.#field?.value ?? '', isHeld: false });
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return; // the Enter that ends a composition belongs to the input method
    if (this.#onListKey(event.key) || this.#onOwnKey(event)) event.preventDefault();
  };

  #onListKey(key: string): boolean {
    const completions = this.#completions;
    const next = key === 'Home' || key === 'End' ? undefined : nextIndex(key, this.active, completions.length);
    const chosen = completions[this.active];
    if (next !== undefined) this.active = next;
    else if (chosen === undefined) return false;
    else if (key === 'Enter' || key === 'Tab') this.#complete(chosen);
    else if (key === 'Escape') this.isClosed = true;
    else return false;
    return true;
  }

  #onOwnKey({ key, shiftKey }: KeyboardEvent): boolean {
    if (key === 'Enter' && !shiftKey) this.#send();
    else if (key === 'Escape' && this.isReplying) this.#tell('stop');
    else return false;
    return true;
  }

  #complete(command: SlashCommand): void {
    this.#change({ text: completed(command), isHeld: false });
  }

  #send(): void {
    if (this.draft.text.trim() !== '' && !this.isReadOnly && !this.draft.isHeld) this.#tell('send');
  }

  #change(draft: Draft): void {
    this.draft = draft;
    this.dispatchEvent(new CustomEvent<Draft>('draft-change', { detail: draft }));
  }

  #tell(event: 'send' | 'stop'): void {
    this.dispatchEvent(new CustomEvent(event));
  }
}

customElements.define('hearth-composer', Composer);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-composer': Composer;
  }
}
