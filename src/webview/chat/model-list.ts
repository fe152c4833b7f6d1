import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { ModelView } from '../../shared/protocol/chat-views.ts';
import { icon } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { nextIndex } from '../ui/list-keys.ts';
import { byteWords, tokenWords } from '../ui/quantity-words.ts';
import { provideDividers } from '../ui/toolkit.ts';

provideDividers();

/** The models there are, with size, context and abilities. It tells its owner `model-chosen` with a name, and `pull-wanted`. */
export class ModelList extends LightElement {
  static override properties = {
    models: { attribute: false },
    active: { state: true },
  };

  declare models: readonly ModelView[];
  declare private active: number;

  constructor() {
    super();
    this.models = [];
    this.active = 0;
  }

  override focus(): void {
    (this.find(HTMLUListElement, '[role="listbox"]') ?? this.find(HTMLButtonElement, 'button'))?.focus();
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('models')) this.active = Math.max(0, this.models.findIndex(({ chosen }) => chosen));
  }

  protected override render(): TemplateResult {
    return html`<div class="popover models">
      ${this.models.length === 0 ? html`<p class="quiet option">${l10n.t('No model is installed yet.')}</p>` : this.#options()}
      <vscode-divider></vscode-divider>
      <button type="button" class="option menu-item" @click=${() => { this.dispatchEvent(new CustomEvent('pull-wanted')); }}>
        ${icon('download')}${l10n.t('Pull another model…')}
      </button>
    </div>`;
  }

  #options(): TemplateResult {
    return html`<ul role="listbox" tabindex="0" aria-label=${l10n.t('Model')} aria-activedescendant="model-${this.active}" @keydown=${this.#onKey}>
      ${this.models.map(
        (model, index) => html`<li
          class="option model ${index === this.active ? 'is-active' : ''}"
          role="option"
          id="model-${index}"
          aria-selected=${model.chosen ? 'true' : 'false'}
          @click=${() => { this.#choose(model); }}
        >
          ${model.chosen ? icon('check') : html`<span></span>`}
          <span class="one-line">${model.name}</span>
          <span class="quiet">${stateWords(model)}</span>
          <span class="quiet model-facts">${factWords(model)}</span>
        </li>`,
      )}
    </ul>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const next = nextIndex(event.key, this.active, this.models.length);
    const chosen = this.models[this.active];
    if (next !== undefined) this.active = next;
    else if ((event.key === 'Enter' || event.key === ' ') && chosen !== undefined) this.#choose(chosen);
    else return;
    event.preventDefault();
  };

  #choose({ name }: ModelView): void {
    this.dispatchEvent(new CustomEvent<string>('model-chosen', { detail: name }));
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

customElements.define('hearth-model-list', ModelList);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-model-list': ModelList;
  }
}
