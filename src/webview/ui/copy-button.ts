import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { iconButton } from './icon.ts';
import { LightElement } from './light-element.ts';

const shownMs = 1500;

/** Copies, and shows for a moment that it did. */
export class CopyButton extends LightElement {
  static override properties = {
    label: { attribute: false },
    copy: { attribute: false },
    isDone: { state: true },
  };

  declare label: string;
  /** Resolves to undefined when it failed. */
  declare copy: () => Promise<object | undefined>;
  declare private isDone: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.isDone = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.isDone = false;
  }

  protected override render(): TemplateResult {
    return html`${iconButton({
      icon: this.isDone ? 'check' : 'copy',
      label: this.label,
      title: this.isDone ? l10n.t('Copied') : this.label,
      press: () => void this.#press(),
    })}`;
  }

  async #press(): Promise<void> {
    if ((await this.copy()) === undefined) return;
    this.isDone = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.isDone = false; }, shownMs);
  }
}

customElements.define('hearth-copy-button', CopyButton);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-copy-button': CopyButton;
  }
}
