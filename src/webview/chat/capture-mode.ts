import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { LightElement } from '../ui/light-element.ts';
import { provideRadios } from '../ui/toolkit-radios.ts';

provideRadios();

export type CaptureMode = 'ask' | 'automatic' | 'off';

/**
 * How facts are to be remembered from now on. Asked once, with the first fact ever found, so it comes as a chunk of its own. It tells
 * its owner `mode-change`, with the mode as detail.
 */
export class CaptureModeChoice extends LightElement {
  static override properties = { mode: { state: true } };

  declare mode: CaptureMode;

  constructor() {
    super();
    this.mode = 'ask';
  }

  protected override render(): TemplateResult {
    const choices: readonly { readonly mode: CaptureMode; readonly label: string }[] = [
      { mode: 'ask', label: l10n.t('Ask me') },
      { mode: 'automatic', label: l10n.t('Remember, and let me undo') },
      { mode: 'off', label: l10n.t('Only what I tell you to') },
    ];
    return html`<vscode-radio-group class="choices" orientation="vertical" aria-label=${l10n.t('From now on')} @change=${this.#onChange}>
      <label slot="label" class="quiet">${l10n.t('From now on')}</label>
      ${choices.map(({ mode, label }) => html`<vscode-radio name="capture" value=${mode} ?checked=${mode === this.mode}>${label}</vscode-radio>`)}
    </vscode-radio-group>`;
  }

  /** The group tells of a change itself and keeps that of its radios. */
  readonly #onChange = ({ target }: Event): void => {
    const value = target instanceof HTMLElement && 'value' in target ? target.value : undefined;
    if ((value !== 'ask' && value !== 'automatic' && value !== 'off') || value === this.mode) return;
    this.mode = value;
    this.dispatchEvent(new CustomEvent<CaptureMode>('mode-change', { detail: value }));
  };
}

customElements.define('hearth-capture-mode', CaptureModeChoice);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-capture-mode': CaptureModeChoice;
  }
}
