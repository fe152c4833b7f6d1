import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { CapturedView } from '../../shared/protocol/chat-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { buttonRow } from '../ui/notice.ts';
import type { CaptureMode } from './capture-mode.ts';
import type { TurnContext } from './turn-context.ts';

/** Notes that the reader has put away, for as long as the page lives. */
const hidden = new Set<string>();

/** What was found in the reader's words: a question for each that is proposed, a line with undo for each that is held. */
export class CapturedFacts extends LightElement {
  static override properties = {
    captured: { attribute: false },
    context: { attribute: false },
  };

  declare captured: readonly CapturedView[];
  declare context: TurnContext;
  /** Chosen with the first fact; the extension hears of it together with the answer. */
  #mode: CaptureMode = 'ask';

  constructor() {
    super();
    this.captured = [];
  }

  protected override render(): TemplateResult {
    const shown = this.captured.filter(({ sliceId, state }) => state === 'proposed' || !hidden.has(sliceId));
    const firstProposed = shown.find(({ state }) => state === 'proposed');
    return html`${repeat(
      shown,
      ({ sliceId }) => sliceId,
      (fact) => (fact.state === 'proposed' ? this.#question(fact, fact === firstProposed) : this.#line(fact)),
    )}`;
  }

  #question(fact: CapturedView, isFirst: boolean): TemplateResult {
    const words = l10n.t('Shall I remember this? {0}', fact.text);
    const asksMode = this.context.captureMode === 'unset' && isFirst;
    return html`<div class="notice" role="group" aria-label=${words}>
      ${icon('ember', 'ember')}
      <div>
        <p>${words}</p>
        ${fact.contradicts ? html`<p class="quiet">${l10n.t('It does not fit with something you told me before. Both are kept, and marked.')}</p>` : nothing}
        ${buttonRow(
          [
            { label: l10n.t('Remember'), press: () => void this.#decide(fact, true, asksMode) },
            { label: l10n.t('Not this'), press: () => void this.#decide(fact, false, asksMode) },
          ],
          { primary: isFirst },
        )}
        ${asksMode ? this.#modes() : nothing}
      </div>
    </div>`;
  }

  #modes(): TemplateResult {
    void import('./capture-mode.ts');
    const onChange = ({ detail }: CustomEvent<CaptureMode>): void => {
      this.#mode = detail;
    };
    return html`<hearth-capture-mode @mode-change=${onChange}></hearth-capture-mode>`;
  }

  #line({ sliceId, text, state, contradicts }: CapturedView): TemplateResult {
    if (state === 'undone') return html`<p class="captured appear quiet">${l10n.t('Not remembered: {0}', text)}</p>`;
    const words = contradicts ? l10n.t('Remembered, though it does not fit with something else: {0}', text) : l10n.t('Remembered: {0}', text);
    return html`<div class="captured appear">
      ${icon('ember', 'ember')}
      <p>${words} ${this.context.isReadOnly ? nothing : linkButton(l10n.t('Undo'), () => void this.context.ask('undoCaptured', { sliceId }))}</p>
      ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: () => { this.#hide(sliceId); } })}
    </div>`;
  }

  #hide(sliceId: string): void {
    hidden.add(sliceId);
    this.requestUpdate();
  }

  async #decide({ sliceId }: CapturedView, remember: boolean, choseMode: boolean): Promise<void> {
    const answered = await this.context.ask('decideCaptured', { sliceId, remember, mode: choseMode ? this.#mode : null });
    if (answered !== undefined) this.context.announce(remember ? l10n.t('Remembered.') : l10n.t('Not remembered.'));
  }
}

customElements.define('hearth-captured', CapturedFacts);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-captured': CapturedFacts;
  }
}
