import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { HeldAlongView } from '../../shared/protocol/backups-contents.ts';
import type { RestoreTargetView } from '../../shared/protocol/backups-views.ts';
import { linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { accountsWords, settingsWords } from './along-words.ts';
import type { Ask } from './ask.ts';

/** What a backup holds along with chats and memories, and what can be done with it: settings are taken over, accounts saved elsewhere. */
export class HeldAlong extends LightElement {
  static override properties = {
    target: { attribute: false },
    ask: { attribute: false },
    now: { attribute: false },
    onlySettings: { attribute: false },
    held: { attribute: false },
  };

  declare target: RestoreTargetView;
  declare ask: Ask;
  declare now: number;
  /** Only what differs from now is worth a word. */
  declare onlySettings: boolean;
  /** What was found so far; without it, it is looked up. */
  declare held: HeldAlongView | undefined;

  #question = 0;

  constructor() {
    super();
    this.now = 0;
    this.onlySettings = false;
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('target') && this.held === undefined) void this.look();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { held } = this;
    return held === undefined ? nothing : html`${this.#settings(held)} ${this.onlySettings ? nothing : this.#accounts(held)}`;
  }

  #settings(held: HeldAlongView): TemplateResult | typeof nothing {
    const { state, differing, leftOut } = held.settings;
    const isWorthAWord = !this.onlySettings || state === 'unreadable' || differing.length + leftOut.length > 0;
    const words = settingsWords(held, this.now);
    if (words === '' || !isWorthAWord) return nothing;
    return html`<p class="quiet" tabindex="-1">${words} ${differing.length === 0 ? nothing : linkButton(l10n.t('Choose which to take over…'), () => void this.#take())}</p>`;
  }

  #accounts(held: HeldAlongView): TemplateResult | typeof nothing {
    const words = accountsWords(held, this.now);
    if (words === '') return nothing;
    const labels = { record: l10n.t('Save the record…'), log: l10n.t('Save the log…') };
    return html`<p class="quiet">
      ${words} ${held.accounts.map((account) => html`${linkButton(labels[account], () => void this.ask('saveAccount', { target: this.target, account }))} `)}
    </p>`;
  }

  /** Looks again: the settings of now may be others. */
  async look(): Promise<void> {
    const question = ++this.#question;
    const held = await this.ask('heldAlong', { target: this.target });
    // Settings that were changed meanwhile have been asked about again.
    if (held !== undefined && question === this.#question) this.held = held;
  }

  /** What was pressed goes away once nothing differs any more; the focus stays where it was then. */
  async #take(): Promise<void> {
    const held = await this.ask('takeSettings', { target: this.target });
    if (held === undefined) return;
    const hadFocus = this.contains(document.activeElement);
    this.held = held;
    await this.drawn();
    if (hadFocus && !this.contains(document.activeElement)) this.find(HTMLElement, 'p')?.focus();
  }
}

customElements.define('hearth-held-along', HeldAlong);
