import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { iconButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';

/** Where a message is written. It stands in the same place in every state of the view. */
export class Composer extends LightElement {
  static override properties = {
    text: { attribute: false },
    isReplying: { attribute: false },
    agentName: { attribute: false },
  };

  declare text: string;
  declare isReplying: boolean;
  declare agentName: string;

  constructor() {
    super();
    this.text = '';
    this.isReplying = false;
    this.agentName = '';
  }

  override focus(): void {
    this.find(HTMLTextAreaElement, 'textarea')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<form class="composer" aria-label=${l10n.t('Composer')} @submit=${this.#onSubmit}>
      <textarea
        class="composer-text"
        rows="1"
        aria-label=${l10n.t('Message to {0}', this.agentName)}
        placeholder=${l10n.t('Talk with {0}', this.agentName)}
        .value=${this.text}
        @input=${this.#onInput}
        @keydown=${this.#onKeyDown}
      ></textarea>
      <div class="composer-bar">
        <span class="gauge"></span>
        ${this.isReplying
          ? iconButton({ icon: 'debug-stop', label: l10n.t('Stop'), title: l10n.t('Stop (Esc)'), classes: 'is-strong', press: () => { this.#tell('stop'); } })
          : iconButton({ icon: 'arrow-up', label: l10n.t('Send'), title: l10n.t('Send (Enter)'), disabled: this.text.trim() === '', press: () => { this.#send(); } })}
      </div>
    </form>`;
  }

  #onSubmit(event: Event): void {
    event.preventDefault();
    this.#send();
  }

  #onInput(event: Event): void {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    this.text = event.target.value;
    this.#tell('draft-change');
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return; // the Enter that ends a composition belongs to the input method
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'Escape' && this.isReplying) {
      event.preventDefault();
      this.#tell('stop');
    }
  }

  #send(): void {
    if (this.text.trim() !== '') this.#tell('send');
  }

  #tell(event: string): void {
    this.dispatchEvent(new CustomEvent(event));
  }
}

customElements.define('hearth-composer', Composer);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-composer': Composer;
  }
}
