import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import { iconButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import type { Ask } from './ask.ts';
import { languageName } from './language-names.ts';

type Highlight = (text: string, language: string) => DocumentFragment | undefined;

/** The highlighter comes as a chunk of its own, with the first block that names a language. */
let highlight: Highlight | undefined;

/** Above this, a growing block is coloured only when it pauses. */
const longText = 20_000;
const pauseMs = 150;

/**
 * A block of code in a reply, with its language, insert-at-cursor and copy. Code is only ever shown, never run. While the
 * block is being written, its finished lines keep their colours and the line at the end is plain, so nothing flickers.
 */
export class CodeBlock extends LightElement {
  static override properties = {
    text: { attribute: false },
    language: { attribute: false },
    ask: { attribute: false },
    coloured: { state: true },
  };

  declare text: string;
  declare language: string;
  declare ask: Ask;
  declare private coloured: { readonly text: string; readonly nodes: DocumentFragment } | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.text = '';
    this.language = '';
    this.coloured = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#pause);
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (!changed.has('text') && !changed.has('language')) return;
    if (this.coloured !== undefined && (changed.has('language') || !this.text.startsWith(this.coloured.text))) this.coloured = undefined;
    clearTimeout(this.#pause);
    if (this.coloured === undefined) {
      void this.#colour();
      return;
    }
    const tail = this.text.slice(this.coloured.text.length);
    if (tail.includes('\n') && this.text.length < longText) void this.#colour();
    else if (tail !== '') this.#pause = setTimeout(() => void this.#colour(), pauseMs);
  }

  protected override render(): TemplateResult {
    const name = languageName(this.language);
    const rest = this.coloured === undefined ? this.text : this.text.slice(this.coloured.text.length);
    return html`<figure class="code">
      <figcaption class="code-head">
        <span class="quiet">${name}</span>
        <span class="spread"></span>
        ${iconButton({ icon: 'insert', label: l10n.t('Insert at cursor'), press: () => void this.ask('insertAtCursor', { text: this.text }) })}
        ${iconButton({ icon: 'copy', label: l10n.t('Copy code'), press: () => void this.ask('copy', { text: this.text }) })}
      </figcaption>
      <pre tabindex="0" role="group" aria-label=${name === '' ? l10n.t('Code') : l10n.t('{0} code', name)}>${this.coloured?.nodes}${rest}</pre>
    </figure>`;
  }

  async #colour(): Promise<void> {
    if (this.language === '' || this.text === '') return;
    if (highlight === undefined) {
      const loaded = await import('./highlighter.ts');
      highlight = loaded.highlight;
    }
    const nodes = highlight(this.text, this.language);
    if (nodes !== undefined) this.coloured = { text: this.text, nodes };
  }
}

customElements.define('hearth-code-block', CodeBlock);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-code-block': CodeBlock;
  }
}
