import { noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import type { ElementPart } from 'lit';

/**
 * Sets a custom property on the element it stands in, or takes it off for null. Through the element's style object, because the
 * page's Content Security Policy forbids `style` attributes, which is what Lit's own `styleMap` writes first.
 */
class StyleVariable extends Directive {
  /** For its types alone: an element part is written in `update`. */
  render(...[]: [name: `--${string}`, value: string | null]): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [name, value]: Parameters<this['render']>): typeof noChange {
    if (part.element instanceof HTMLElement) {
      if (value === null) part.element.style.removeProperty(name);
      else part.element.style.setProperty(name, value);
    }
    return noChange;
  }
}

export const setVariable = directive(StyleVariable);
