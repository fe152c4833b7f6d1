import { html, nothing, type TemplateResult } from 'lit';
import { icon, linkButton } from './icon.ts';
import type { Action } from './notice.ts';

export interface Banner {
  readonly icon: string;
  readonly iconClass?: string;
  /** `alert` for what breaks, `status` for what may change by itself, `note` for what the reader chose. */
  readonly role: 'alert' | 'status' | 'note';
  readonly text: string;
  readonly actions?: readonly Action[];
}

/** One line for what holds all the time, above everything else. */
export function bannerView({ icon: name, iconClass = '', role, text, actions = [] }: Banner): TemplateResult {
  return html`<div class="banner" role=${role}>
    ${icon(name, iconClass)}
    <div class="banner-line">
      <span>${text}</span>
      ${actions.length === 0 ? nothing : html`<span class="banner-actions">${actions.map(({ label, press }) => linkButton(label, press))}</span>`}
    </div>
  </div>`;
}
