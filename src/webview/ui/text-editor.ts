import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { LightElement } from './light-element.ts';
import { buttonRow } from './notice.ts';

/**
 * Words that are edited in the place where they stand: Enter or the first button gives them to `save`, Esc or the second gives up. It
 * takes the focus when it appears. Its owner takes it away when it tells `editing-ended`; what could not be saved stays in it.
 */
export class TextEditor extends LightElement {
  static override properties = {
    label: { attribute: false },
    text: { attribute: false },
    saveLabel: { attribute: false },
    save: { attribute: false },
    details: { attribute: false },
  };

  declare label: string;
  declare text: string;
  declare saveLabel: string;
  /** Given trimmed words, never none. Answers whether they were saved. */
  declare save: (text: string) => Promise<boolean>;
  /** What stands between the words and the buttons. */
  declare details: TemplateResult | typeof nothing;

  constructor() {
    super();
    this.details = nothing;
  }

  protected override firstUpdated(): void {
    const field = this.#field;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  protected override render(): TemplateResult {
    return html`<textarea class="text-area" rows="2" aria-label=${this.label} .value=${this.text} @keydown=${this.#onKey}></textarea>
      ${this.details}
      ${buttonRow([
        { label: this.saveLabel, press: () => void this.#save() },
        { label: l10n.t('Cancel'), press: () => { this.#end(); } },
      ])}`;
  }

  get #field(): HTMLTextAreaElement | undefined {
    return this.find(HTMLTextAreaElement, 'textarea');
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.#end();
    else if (event.key === 'Enter' && !event.shiftKey) void this.#save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  async #save(): Promise<void> {
    const text = this.#field?.value.trim() ?? '';
    if (text !== '' && (await this.save(text))) this.#end();
  }

  #end(): void {
    this.dispatchEvent(new CustomEvent('editing-ended'));
  }
}

customElements.define('hearth-text-editor', TextEditor);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-text-editor': TextEditor;
  }
}
