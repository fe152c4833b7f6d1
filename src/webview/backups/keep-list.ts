import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { Keeping, Loss } from '../../shared/protocol/backups-contents.ts';
import { linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { momentWords } from '../ui/time-words.ts';

/** As many are shown before one asks for all. */
const shownAtFirst = 3;

/** What a restore would take, each with a box: what is checked is kept. At first all of it is. */
export class KeepList extends LightElement {
  static override properties = {
    losses: { attribute: false },
    more: { attribute: false },
    now: { attribute: false },
    isBusy: { attribute: false },
    type: { state: true },
    named: { state: true },
    showsAll: { state: true },
  };

  /** Newest first. */
  declare losses: readonly Loss[];
  /** How many there are besides. */
  declare more: number;
  declare now: number;
  declare isBusy: boolean;
  declare private type: Keeping['type'];
  /** Ids: of what is not kept, or of what alone is. */
  declare private named: ReadonlySet<string>;
  declare private showsAll: boolean;

  constructor() {
    super();
    this.losses = [];
    this.more = 0;
    this.now = 0;
    this.isBusy = false;
    this.type = 'all-but';
    this.named = new Set();
    this.showsAll = false;
  }

  get keeping(): Keeping {
    const named = this.losses.filter(({ id }) => this.named.has(id));
    const idsOf = (kind: Loss['kind']): string[] => named.filter((loss) => loss.kind === kind).map(({ id }) => id);
    return { type: this.type, chats: idsOf('chat'), memories: idsOf('memory') };
  }

  protected override render(): TemplateResult {
    const total = this.losses.length + this.more;
    const shown = this.showsAll ? this.losses : this.losses.slice(0, shownAtFirst);
    return html`<fieldset class="keep" ?disabled=${this.isBusy}>
      <legend class="sr-only">${l10n.t('Keep from what you would lose')}</legend>
      <p class="keep-head">
        <span>${l10n.t('Keep these anyway')}</span>
        <span class="quiet">${l10n.t('{0} of {1}', numberWords(this.#kept), numberWords(total))}</span>
        <span class="spread"></span>
        ${linkButton(l10n.t('All'), () => { this.#choose('all-but'); })} ${linkButton(l10n.t('None'), () => { this.#choose('these'); })}
      </p>
      <div class="keep-rows ${this.showsAll ? 'is-all' : ''}">${repeat(shown, ({ kind, id }) => `${kind} ${id}`, (loss) => this.#row(loss))}</div>
      ${this.more > 0 && this.showsAll ? html`<p class="quiet">${this.#moreWords}</p>` : nothing}
      ${this.showsAll || this.losses.length <= shownAtFirst ? nothing : html`<p>${linkButton(l10n.t('Choose from all {0}', numberWords(this.losses.length)), () => { this.#showAll(); })}</p>`}
    </fieldset>`;
  }

  #row(loss: Loss): TemplateResult {
    const { id, at } = loss;
    return html`<label class="check"
      ><input type="checkbox" .checked=${this.#isKept(id)} @change=${() => { this.#toggle(id); }} /><span class="one-line">${lossWords(loss)}</span
      ><span class="quiet">${momentWords(at, this.now)}</span></label
    >`;
  }

  get #moreWords(): string {
    const number = numberWords(this.more);
    return this.type === 'all-but' ? l10n.t('And {0} older ones, which are kept as well.', number) : l10n.t('And {0} older ones, which are not kept.', number);
  }

  get #kept(): number {
    return this.losses.filter(({ id }) => this.#isKept(id)).length + (this.type === 'all-but' ? this.more : 0);
  }

  #isKept(id: string): boolean {
    return this.named.has(id) === (this.type === 'these');
  }

  #toggle(id: string): void {
    const named = new Set(this.named);
    if (!named.delete(id)) named.add(id);
    this.named = named;
  }

  /** What was pressed goes away, so the focus goes on to the first that is new. */
  #showAll(): void {
    this.showsAll = true;
    void this.drawn().then(() => { this.querySelectorAll('input')[shownAtFirst]?.focus(); });
  }

  #choose(type: Keeping['type']): void {
    this.type = type;
    this.named = new Set();
  }
}

function lossWords({ kind, words, wentOn }: Loss): string {
  if (kind === 'memory') return wentOn ? l10n.t('Memory “{0}”, as it is now', words) : l10n.t('Memory “{0}”', words);
  const title = words === '' ? l10n.t('New chat') : words;
  return wentOn ? l10n.t('How the chat “{0}” went on', title) : l10n.t('Chat “{0}”', title);
}

customElements.define('hearth-keep', KeepList);
