import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { ConnectionView, ModelView } from '../../shared/protocol/chat-views.ts';
import { icon } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import type { Ask } from './ask.ts';

/** The model in use, and on request the list of those there are, above the composer. */
export class ModelPicker extends LightElement {
  static override properties = {
    connection: { attribute: false },
    ask: { attribute: false },
    models: { state: true },
  };

  declare connection: ConnectionView;
  declare ask: Ask;
  /** Undefined while the list is closed. */
  declare private models: readonly ModelView[] | undefined;

  constructor() {
    super();
    this.models = undefined;
    this.addEventListener('focusout', (event) => {
      if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.models = undefined;
    });
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.models === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    });
  }

  /** Asks for the models, then shows them with the keyboard in the list. */
  async open(): Promise<void> {
    const [listed] = await Promise.all([this.ask('listModels', {}), import('./model-list.ts')]);
    if (listed === undefined) return;
    this.models = listed.models;
    await this.updateComplete;
    const list = this.querySelector('hearth-model-list');
    await list?.updateComplete;
    list?.focus();
  }

  protected override render(): TemplateResult {
    const name = this.#name();
    const isOpen = this.models !== undefined;
    return html`${this.#list()}
      <button
        type="button"
        class="picker"
        aria-haspopup="listbox"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-label=${this.connection.state === 'unknown' ? name : l10n.t('Model: {0}', name)}
        title=${name}
        @click=${() => { if (isOpen) this.#close(); else void this.open(); }}
      >
        ${this.#mark()}<span class="one-line">${name}</span>${icon('chevron-down')}
      </button>`;
  }

  #name(): string {
    switch (this.connection.state) {
      case 'ready':
        return this.connection.model;
      case 'unknown':
        return l10n.t('Model');
      default:
        return l10n.t('No model');
    }
  }

  #mark(): TemplateResult | typeof nothing {
    if (this.connection.state === 'offline') return icon('plug');
    return this.connection.state === 'no-model' ? icon('download') : nothing;
  }

  #list(): TemplateResult | typeof nothing {
    if (this.models === undefined) return nothing;
    return html`<hearth-model-list
      .models=${this.models}
      @model-chosen=${({ detail }: CustomEvent<string>) => { this.#close(); void this.ask('chooseModel', { name: detail }); }}
      @pull-wanted=${() => { this.#close(); void this.ask('pullModel', { model: null }); }}
    ></hearth-model-list>`;
  }

  #close(): void {
    this.models = undefined;
    this.find(HTMLButtonElement, '.picker')?.focus();
  }
}

customElements.define('hearth-model-picker', ModelPicker);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-model-picker': ModelPicker;
  }
}
