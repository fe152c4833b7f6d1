import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { SessionView } from '../../shared/protocol/chat-views.ts';
import { icon } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { nextIndex } from '../ui/list-keys.ts';
import type { ChosenStatus } from './session-status.ts';

interface Entry {
  readonly icon: string;
  readonly label: string;
  readonly event: CustomEvent;
}

/**
 * What else can be done with a chat in the list. Takes the focus when it appears; tells its owner `status-wanted` with a status or
 * `export-wanted`, and `menu-closed` when it is to go.
 */
export class SessionMenu extends LightElement {
  static override properties = { session: { attribute: false } };

  declare session: SessionView;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#onKey);
    this.addEventListener('focusout', this.#onFocusOut);
  }

  protected override firstUpdated(): void {
    this.#buttons[0]?.focus();
    this.scrollIntoView({ block: 'nearest' });
  }

  protected override render(): TemplateResult {
    return html`<div class="popover session-menu" role="menu" aria-label=${l10n.t('More for this chat')}>
      ${entriesOf(this.session).map(
        ({ icon: name, label, event }) => html`<button
          type="button"
          class="option menu-item"
          role="menuitem"
          tabindex="-1"
          @click=${() => { this.dispatchEvent(event); this.#close(); }}
        >
          ${icon(name)}${label}
        </button>`,
      )}
    </div>`;
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.querySelectorAll('button')];
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const buttons = this.#buttons;
    const next = nextIndex(event.key, buttons.findIndex((button) => button === document.activeElement), buttons.length);
    if (next !== undefined) buttons[next]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.#close();
    else return;
    event.preventDefault();
  };

  readonly #onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.#close();
  };

  #close(): void {
    this.dispatchEvent(new CustomEvent('menu-closed'));
  }
}

function entriesOf({ status, temporary }: SessionView): Entry[] {
  const to = (wanted: ChosenStatus, name: string, label: string): Entry => ({ icon: name, label, event: new CustomEvent('status-wanted', { detail: wanted }) });
  return [
    ...(status === 'active' ? [to('paused', 'debug-pause', l10n.t('Pause'))] : []),
    ...(status === 'paused' ? [to('active', 'debug-continue', l10n.t('Go on'))] : []),
    ...(status === 'active' || status === 'paused' ? [to('closed', 'pass', l10n.t('Close'))] : []),
    ...(status === 'closed' || status === 'archived' ? [to('active', 'comment', l10n.t('Open again'))] : []),
    // A temporary chat goes away by itself.
    ...(status === 'archived' || temporary ? [] : [to('archived', 'archive', l10n.t('Archive'))]),
    { icon: 'export', label: l10n.t('Export'), event: new CustomEvent('export-wanted') },
  ];
}

customElements.define('hearth-session-menu', SessionMenu);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-session-menu': SessionMenu;
  }
}
