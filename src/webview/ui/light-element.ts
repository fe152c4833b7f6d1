import { LitElement, type PropertyValues } from 'lit';

/**
 * A component without a shadow root: the views are small pages of one origin, and in the open DOM one style sheet, one heading
 * order, labels across parts, and text selection over several turns work as in any page.
 */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** The first element inside that matches, if it is drawn. */
  protected find<T extends Element>(type: new () => T, selector: string): T | undefined {
    const found = this.querySelector(selector);
    return found instanceof type ? found : undefined;
  }

  /** Resolves when what was asked for has been drawn. */
  protected async drawn(): Promise<void> {
    await this.updateComplete;
  }
}

export type Changed<T> = PropertyValues<T>;
