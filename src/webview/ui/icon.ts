import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/**
 * Our own glyphs beside the codicon font. They are drawn in the page rather than as CSS masks, because the page's
 * Content Security Policy allows no `data:` images.
 */
const arch = svg`<path class="stroke" d="M2.5 13.5V8a5.5 5.5 0 0 1 11 0v5.5M1.5 13.5h13" />`;
const glyphs: Readonly<Record<string, SVGTemplateResult>> = {
  hearth: svg`${arch}<path d="M8 6c.4 1.7 2.3 2.5 2.3 4.5a2.3 2.3 0 0 1-4.6 0c0-.9.4-1.5.9-2 .1.5.4.8.7.9C7.4 8.2 7.3 7.2 8 6z" />`,
  'hearth-out': svg`${arch}<path class="stroke" d="M6 11.5h4" />`,
  'stop-square': svg`<rect x="4" y="4" width="8" height="8" rx="1" />`,
  ember: svg`<path d="M8.2 1.8c.5 3 4.3 4.3 4.3 8a4.5 4.5 0 0 1-9 0c0-1.8.8-3 1.9-4 .2 1.2.7 1.8 1.4 2.1 0-2.1.1-4.3 1.4-6.1z" />`,
};

/** A codicon or a glyph of ours. Decoration: the word beside it, or a label, says the same. */
export function icon(name: string, classes = ''): TemplateResult {
  const glyph = glyphs[name];
  return glyph === undefined
    ? html`<i class="codicon codicon-${name} ${classes}" aria-hidden="true"></i>`
    : html`<svg class="glyph codicon-${name} ${classes}" viewBox="0 0 16 16" aria-hidden="true">${glyph}</svg>`;
}

export interface IconButton {
  readonly icon: string;
  readonly label: string;
  readonly press: (event: Event) => void;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly classes?: string;
}

/** A 22 px button with an icon, named for screen readers and on hover. */
export function iconButton({ icon: name, label, press, title = label, disabled = false, classes = '' }: IconButton): TemplateResult {
  return html`<button
    type="button"
    class="icon-button ${classes}"
    aria-label=${label}
    title=${title}
    ?disabled=${disabled}
    @click=${press}
  >
    ${icon(name)}
  </button>`;
}

/** A button that looks like a link, for an action inside a sentence. */
export function linkButton(label: string, press: (event: Event) => void): TemplateResult {
  return html`<button type="button" class="link-button" @click=${press}>${label}</button>`;
}
