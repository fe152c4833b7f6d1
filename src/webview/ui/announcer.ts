import { html, type TemplateResult } from 'lit';
import { LightElement } from './light-element.ts';

/**
 * Says a sentence to screen readers, politely and once. The region is in the page from the beginning, because one that appears
 * together with its text is not read out.
 */
export class Announcer extends LightElement {
  static override properties = { words: { state: true } };

  declare private words: string;

  constructor() {
    super();
    this.words = '';
  }

  /** The same words twice are two announcements: an invisible mark makes the second one a change. */
  say(words: string): void {
    this.words = words === this.words ? `${words}\u00a0` : words;
  }

  protected override render(): TemplateResult {
    return html`<p class="sr-only" role="status">${this.words}</p>`;
  }
}

customElements.define('hearth-announcer', Announcer);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-announcer': Announcer;
  }
}
