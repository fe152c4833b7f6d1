import { html, nothing, type TemplateResult } from 'lit';
import { icon } from './icon.ts';

export interface Action {
  readonly label: string;
  readonly press: () => void;
}

export interface Notice {
  readonly icon: string;
  readonly iconClass?: string;
  /** `alert` for errors, `status` for what went well, `group` for a question that waits. */
  readonly role: 'alert' | 'status' | 'group';
  readonly title: string;
  /** The cause in the server's or the system's own words. */
  readonly detail?: string | undefined;
  /** What to do. */
  readonly advice?: string | undefined;
  /** The first is the primary one. */
  readonly actions?: readonly Action[];
  readonly more?: TemplateResult | typeof nothing;
}

/** What happened, the cause, and what can be done. */
export function noticeView({ icon: name, iconClass = '', role, title, detail, advice, actions = [], more = nothing }: Notice): TemplateResult {
  return html`<div class="notice" role=${role} aria-label=${role === 'group' ? title : nothing}>
    ${icon(name, iconClass)}
    <div>
      <p>${title}</p>
      ${detail === undefined ? nothing : html`<p class="quiet">${detail}</p>`}
      ${advice === undefined ? nothing : html`<p class="quiet">${advice}</p>`}
      ${actions.length === 0 ? nothing : buttonRow(actions)}
      ${more}
    </div>
  </div>`;
}

/** Buttons in a row, the first one primary unless another part of the view has the primary button. */
export function buttonRow(actions: readonly Action[], { primary = true }: { readonly primary?: boolean } = {}): TemplateResult {
  void loadButtons();
  return html`<div class="button-row">
    ${actions.map(
      ({ label, press }, index) =>
        html`<vscode-button appearance=${primary && index === 0 ? 'primary' : 'secondary'} @click=${press}>${label}</vscode-button>`,
    )}
  </div>`;
}

/**
 * The library is a quarter of what a view would load at first, and a chat in which nothing is asked and nothing went wrong has no button
 * with words: it comes with the first one.
 */
async function loadButtons(): Promise<void> {
  if (customElements.get('vscode-button') !== undefined) return;
  const { provideButtons } = await import('./toolkit.ts');
  provideButtons();
}
