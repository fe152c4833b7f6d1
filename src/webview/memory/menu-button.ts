import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { nextIndex } from '../ui/list-keys.ts';

export interface MenuOption {
  readonly value: string;
  readonly label: string;
  readonly isChecked?: boolean;
  readonly icon?: string;
}

/**
 * A button with a menu under it. `one`: a choice, told as `option-chosen` with its value, and the menu closes; `many`: each click
 * tells `option-chosen` and the menu stays; `do`: actions.
 */
export class MenuButton extends LightElement {
  static override properties = {
    label: { attribute: false },
    text: { attribute: false },
    look: { attribute: false },
    options: { attribute: false },
    choice: { attribute: false },
    disabled: { attribute: false },
    stop: { attribute: false },
    isOpen: { state: true },
  };

  /** The button's name; what is chosen stands behind it. */
  declare label: string;
  /** What the button shows; an icon where it is empty. */
  declare text: string;
  declare look: 'filter' | 'picker' | 'icon-button';
  declare options: readonly MenuOption[];
  declare choice: 'one' | 'many' | 'do';
  declare disabled: boolean;
  /** The button's own place in the order of Tab; -1 inside a toolbar that has another stop. */
  declare stop: number;
  declare private isOpen: boolean;

  constructor() {
    super();
    this.disabled = false;
    this.stop = 0;
    this.isOpen = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('focusout', this.#onFocusOut);
  }

  protected override render(): TemplateResult {
    const named = this.text === '' || this.text === this.label ? this.label : `${this.label}: ${this.text}`;
    return html`<button
        type="button"
        class=${this.look}
        aria-haspopup="menu"
        aria-expanded=${this.isOpen ? 'true' : 'false'}
        aria-label=${named}
        title=${this.look === 'icon-button' ? this.label : nothing}
        tabindex=${this.stop}
        ?disabled=${this.disabled}
        @click=${() => void this.#toggle()}
        @keydown=${this.#onButtonKey}
      >
        ${this.look === 'icon-button' ? icon('ellipsis') : html`<span class="one-line">${this.text}</span>${icon('chevron-down')}`}
      </button>
      ${this.isOpen ? this.#menu() : nothing}`;
  }

  #menu(): TemplateResult {
    const role = { one: 'menuitemradio', many: 'menuitemcheckbox', do: 'menuitem' }[this.choice];
    return html`<div class="popover menu" role="menu" aria-label=${this.label} @keydown=${this.#onMenuKey}>
      ${this.options.map(
        ({ value, label, isChecked = false, icon: name }) => html`<button
          type="button"
          class="option menu-item"
          role=${role}
          tabindex="-1"
          aria-checked=${this.choice === 'do' ? nothing : isChecked ? 'true' : 'false'}
          @click=${() => { this.#tell(value); }}
        >
          ${name === undefined ? html`<i class="menu-check codicon ${isChecked ? 'codicon-check' : ''}" aria-hidden="true"></i>` : icon(name)}${label}
        </button>`,
      )}
    </div>`;
  }

  get #button(): HTMLButtonElement | undefined {
    return this.find(HTMLButtonElement, 'button');
  }

  get #items(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>('.menu-item')];
  }

  async #toggle(): Promise<void> {
    this.isOpen = !this.isOpen;
    await this.updateComplete;
    if (!this.isOpen) return;
    const chosen = this.options.findIndex(({ isChecked }) => isChecked === true);
    this.#items[Math.max(0, chosen)]?.focus();
  }

  #tell(value: string): void {
    if (this.choice !== 'many') this.#close();
    this.dispatchEvent(new CustomEvent('option-chosen', { detail: value }));
  }

  #close(): void {
    this.isOpen = false;
    this.#button?.focus();
  }

  readonly #onButtonKey = (event: KeyboardEvent): void => {
    if (this.isOpen || event.key !== 'ArrowDown') return;
    event.preventDefault();
    event.stopPropagation();
    void this.#toggle();
  };

  readonly #onMenuKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const items = this.#items;
    const next = nextIndex(event.key, items.findIndex((item) => item === document.activeElement), items.length);
    if (next !== undefined) items[next]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.#close();
    else return;
    event.preventDefault();
  };

  readonly #onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.isOpen = false;
  };
}

customElements.define('hearth-menu-button', MenuButton);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-menu-button': MenuButton;
  }
}
