import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { ConnectionView, ModelView } from '../../shared/protocol/chat-views.ts';
import { icon } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { nextIndex } from '../ui/list-keys.ts';
import { byteWords, tokenWords } from '../ui/quantity-words.ts';
import { provideDividers } from '../ui/toolkit.ts';
import type { Ask } from './ask.ts';

provideDividers();

/** The model in use, and on request the list of those there are, above the composer. */
export class ModelPicker extends LightElement {
  static override properties = {
    connection: { attribute: false },
    ask: { attribute: false },
    models: { state: true },
    active: { state: true },
  };

  declare connection: ConnectionView;
  declare ask: Ask;
  /** Undefined while the list is closed. */
  declare private models: readonly ModelView[] | undefined;
  declare private active: number;

  constructor() {
    super();
    this.models = undefined;
    this.active = 0;
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
    const listed = await this.ask('listModels', {});
    if (listed === undefined) return;
    this.models = listed.models;
    this.active = Math.max(0, listed.models.findIndex(({ chosen }) => chosen));
    await this.updateComplete;
    const list = this.find(HTMLUListElement, '[role="listbox"]');
    (list ?? this.find(HTMLButtonElement, '.popover button'))?.focus();
  }

  protected override render(): TemplateResult {
    const name = this.connection.state === 'ready' ? this.connection.model : l10n.t('No model');
    const isOpen = this.models !== undefined;
    return html`${this.#list()}
      <button
        type="button"
        class="picker"
        aria-haspopup="listbox"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-label=${l10n.t('Model: {0}', name)}
        title=${name}
        @click=${() => { if (isOpen) this.#close(); else void this.open(); }}
      >
        ${this.#mark()}<span class="one-line">${name}</span>${icon('chevron-down')}
      </button>`;
  }

  #mark(): TemplateResult | typeof nothing {
    if (this.connection.state === 'offline') return icon('plug');
    return this.connection.state === 'no-model' ? icon('cloud-download') : nothing;
  }

  #list(): TemplateResult | typeof nothing {
    const { models } = this;
    if (models === undefined) return nothing;
    return html`<div class="popover models">
      ${models.length === 0 ? html`<p class="quiet option">${l10n.t('No model is installed yet.')}</p>` : this.#options(models)}
      <vscode-divider></vscode-divider>
      <button type="button" class="option menu-item" @click=${() => void this.#pull()}>${icon('cloud-download')}${l10n.t('Pull another model…')}</button>
    </div>`;
  }

  #options(models: readonly ModelView[]): TemplateResult {
    return html`<ul role="listbox" tabindex="0" aria-label=${l10n.t('Model')} aria-activedescendant="model-${this.active}" @keydown=${this.#onListKey}>
      ${models.map(
        (model, index) => html`<li
          class="option model ${index === this.active ? 'is-active' : ''}"
          role="option"
          id="model-${index}"
          aria-selected=${model.chosen ? 'true' : 'false'}
          @click=${() => void this.#choose(model)}
        >
          ${model.chosen ? icon('check') : html`<span></span>`}
          <span class="one-line">${model.name}</span>
          <span class="quiet">${stateWords(model)}</span>
          <span class="quiet model-facts">${factWords(model)}</span>
        </li>`,
      )}
    </ul>`;
  }

  readonly #onListKey = (event: KeyboardEvent): void => {
    const models = this.models ?? [];
    const next = nextIndex(event.key, this.active, models.length);
    const chosen = models[this.active];
    if (next !== undefined) this.active = next;
    else if ((event.key === 'Enter' || event.key === ' ') && chosen !== undefined) void this.#choose(chosen);
    else return;
    event.preventDefault();
  };

  async #choose({ name }: ModelView): Promise<void> {
    this.#close();
    await this.ask('chooseModel', { name });
  }

  async #pull(): Promise<void> {
    this.#close();
    await this.ask('pullModel', { model: null });
  }

  #close(): void {
    this.models = undefined;
    this.find(HTMLButtonElement, '.picker')?.focus();
  }
}

function stateWords({ loaded, needsBytes }: ModelView): string {
  if (loaded) return l10n.t('In memory');
  return needsBytes === null ? '' : l10n.t('Needs {0}', byteWords(needsBytes));
}

function factWords({ bytes, contextLength, abilities }: ModelView): string {
  const names = abilities.flatMap((ability) => abilityWords(ability) ?? []);
  return [
    byteWords(bytes),
    ...(contextLength === null ? [] : [l10n.t('context {0}', tokenWords(contextLength, { exact: true }))]),
    ...(names.length === 0 ? [] : [names.join(', ')]),
  ].join(' · ');
}

/** Every model in the list can chat, so that is not said. */
function abilityWords(ability: ModelView['abilities'][number]): string | undefined {
  switch (ability) {
    case 'tools':
      return l10n.t('tools');
    case 'thinking':
      return l10n.t('thinking');
    case 'pictures':
      return l10n.t('pictures');
    case 'chat':
    case 'embedding':
      return undefined;
  }
}

customElements.define('hearth-model-picker', ModelPicker);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-model-picker': ModelPicker;
  }
}
