import { html, nothing, type TemplateResult } from 'lit';
import type { Clock } from '../../shared/ports.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import type { Waiting } from './chat-state.ts';
import { saidAfterMs, waitingWords } from './waiting-words.ts';

/** Why a reply has not begun, with seconds that count by themselves. Silent to screen readers, as all that streams. */
export class WaitingLine extends LightElement {
  static override properties = {
    waiting: { attribute: false },
    clock: { attribute: false },
  };

  declare waiting: Waiting | null;
  declare clock: Clock;
  /** When the wait began, by the view's clock. */
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.waiting = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#since = 0;
  }

  protected override willUpdate(changed: Changed<this>): void {
    const now = this.clock.now();
    if (this.#since === 0) this.#since = now;
    if (changed.has('waiting') && this.waiting !== null) this.#since = Math.min(this.#since, now - this.waiting.seconds * 1000);
  }

  protected override render(): TemplateResult | typeof nothing {
    const words = waitingWords(this.clock.now() - this.#since, this.waiting);
    if (words === undefined) return nothing;
    return html`<p class="quiet">${words}</p>
      ${this.waiting?.phase === 'loading' ? html`<div class="progress is-endless" aria-hidden="true"><span></span></div>` : nothing}`;
  }

  protected override updated(): void {
    const waited = this.clock.now() - this.#since;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.requestUpdate(); }, waited < saidAfterMs ? saidAfterMs - waited : 1000 - (waited % 1000));
  }
}

customElements.define('hearth-waiting', WaitingLine);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-waiting': WaitingLine;
  }
}
