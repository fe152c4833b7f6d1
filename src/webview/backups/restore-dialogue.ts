import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { Keeping } from '../../shared/protocol/backups-contents.ts';
import type { BackupActivityView, Comparison, RestorePreviewView, RestoreTargetView } from '../../shared/protocol/backups-views.ts';
import { isTypedWord } from '../../shared/typed-word.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { provideButtons } from '../ui/toolkit.ts';
import { exactWords, kindWords, restoringWords } from './backup-words.ts';
import { KeepList } from './keep-list.ts';
import '../ui/announcer.ts';

provideButtons();

interface Moment {
  readonly from: number;
  readonly to: number;
}

/**
 * The one dialogue that can take something away, so it says what: what going back would bring and what it would take, what of that is kept
 * anyway, and asks for a word. Fires `target-change` with a target when another moment is chosen, `restore` with what is kept when the word
 * was typed, `look-inside` when one thing would do, `stop` while it goes on, and `dismiss`.
 */
export class RestoreDialogue extends LightElement {
  static override properties = {
    target: { attribute: false },
    preview: { attribute: false },
    moments: { attribute: false },
    now: { attribute: false },
    isBusy: { attribute: false },
    activity: { attribute: false },
    typed: { state: true },
  };

  declare target: RestoreTargetView;
  /** Undefined while it is being looked up. */
  declare preview: RestorePreviewView | undefined;
  declare moments: readonly Moment[];
  declare now: number;
  /** The restore has begun. */
  declare isBusy: boolean;
  declare activity: BackupActivityView;
  declare private typed: string;

  constructor() {
    super();
    this.moments = [];
    this.now = 0;
    this.isBusy = false;
    this.activity = { type: 'idle' };
    this.typed = '';
  }

  protected override firstUpdated(): void {
    this.#dialog?.showModal();
  }

  /** The field that had the focus goes when the restore begins; what can be done then is to stop it. */
  protected override updated(changed: Changed<this>): void {
    const { preview, isBusy, activity } = this;
    if (changed.has('preview') && preview === undefined) void this.#say(lookingWords());
    if (!isBusy) return;
    const hasBegun = changed.has('isBusy');
    const isNextPart = changed.has('activity') && changed.get('activity')?.type !== activity.type;
    if (hasBegun || isNextPart) void this.#say(restoringWords(activity, this.now));
    if (hasBegun) this.find(HTMLElement, '.confirm vscode-button')?.focus();
  }

  /** The word to be typed, in the reader's language. */
  get #word(): string {
    return l10n.t('restore');
  }

  get #isTyped(): boolean {
    return isTypedWord(this.typed, this.#word);
  }

  get #dialog(): HTMLDialogElement | undefined {
    return this.find(HTMLDialogElement, 'dialog');
  }

  protected override render(): TemplateResult {
    return html`<dialog class="popover dialogue" aria-labelledby="restore-title" aria-describedby="restore-promise" @cancel=${this.#onCancel}>
      <div class="dialogue-head">
        <h2 id="restore-title">${l10n.t('Go back to an earlier moment')}</h2>
        ${iconButton({ icon: 'close', label: l10n.t('Close'), disabled: this.isBusy, press: () => { this.#dismiss(); } })}
      </div>
      ${this.#moment()} ${this.preview === undefined ? this.#waiting() : [this.#comparison(this.preview), this.#keep(this.preview)]}
      <p class="quiet" id="restore-promise">
        ${l10n.t('First, what is there now is backed up and proved. If anything fails on the way, all stays as it is now. Your other windows follow by themselves.')}
      </p>
      ${this.isBusy ? this.#progress() : this.#confirm()}
      <hearth-announcer></hearth-announcer>
    </dialog>`;
  }

  #moment(): TemplateResult {
    const { preview, moments } = this;
    const at = this.target.type === 'moment' ? this.target.at : preview?.at;
    return html`<div class="moment">
      <div class="field">
        <input
          type="datetime-local"
          aria-label=${l10n.t('Moment')}
          step="1"
          min=${localTime(moments[0]?.from)}
          max=${localTime(moments.at(-1)?.to)}
          .value=${localTime(at ?? undefined)}
          ?disabled=${this.isBusy || moments.length === 0}
          @change=${this.#onMoment}
        />
      </div>
      ${preview === undefined
        ? nothing
        : html`<span class="quiet state"
            >${preview.isProved ? icon('verified', 'good') : icon('circle-outline')}${preview.isProved ? l10n.t('From proved backups') : l10n.t('From backups that are not proved')}</span
          >`}
    </div>`;
  }

  #waiting(): TemplateResult {
    return html`<p class="quiet">${lookingWords()}</p>`;
  }

  #keep({ losses, moreLosses }: RestorePreviewView): TemplateResult {
    return html`${losses.length === 0 ? nothing : html`<hearth-keep .losses=${losses} .more=${moreLosses} .now=${this.now} .isBusy=${this.isBusy}></hearth-keep>`}
      ${this.isBusy
        ? nothing
        : html`<p class="quiet">
            ${l10n.t('Do you miss one thing only?')} ${linkButton(l10n.t('Look inside and bring it back'), () => { this.dispatchEvent(new CustomEvent('look-inside')); })}
          </p>`}`;
  }

  /** How far it is. It can be stopped until what is there is replaced. */
  #progress(): TemplateResult {
    const { activity } = this;
    const part = activity.type === 'idle' || activity.total === null || activity.total === 0 ? null : Math.min(1, activity.done / activity.total);
    return html`<div class="confirm">
      <span class="state">${icon('loading', 'codicon-modifier-spin')}${restoringWords(activity, this.now)}</span>
      <progress max="1" .value=${part ?? nothing} aria-label=${l10n.t('How far the restore is')}></progress>
      <div class="button-row">
        <vscode-button appearance="secondary" @click=${() => { this.dispatchEvent(new CustomEvent('stop')); }}>${l10n.t('Stop')}</vscode-button>
      </div>
    </div>`;
  }

  #comparison({ at, comparisons }: RestorePreviewView): TemplateResult {
    return html`<table class="table">
      <caption class="sr-only">
        ${at === null ? l10n.t('What you get and lose') : l10n.t('What you get and lose by going back to {0}', exactWords(at, this.now))}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="sr-only">${l10n.t('Kind')}</span></th>
          <th scope="col" class="number">${l10n.t('You get')}</th>
          <th scope="col">${l10n.t('Newest you get')}</th>
          <th scope="col" class="number">${l10n.t('You lose')}</th>
          <th scope="col">${l10n.t('Newest you lose')}</th>
        </tr>
      </thead>
      <tbody>
        ${comparisons.map((comparison) => this.#row(comparison))}
      </tbody>
    </table>`;
  }

  #row({ kind, get, getNewest, lose, loseNewest }: Comparison): TemplateResult {
    const moment = (at: number | null): string => (at === null ? '' : exactWords(at, this.now));
    const hasLoss = lose !== null && lose > 0;
    return html`<tr>
      <th scope="row" class="wide">${kindWords(kind)}</th>
      <td class="number">${countWords(get)}</td>
      <td class="quiet">${moment(getNewest)}</td>
      <td class="number ${hasLoss ? 'is-lost' : ''}">${lose === 0 ? l10n.t('None') : countWords(lose)}</td>
      <td class="quiet">${hasLoss ? moment(loseNewest) : ''}</td>
    </tr>`;
  }

  #confirm(): TemplateResult {
    const [before = '', after = ''] = l10n.t('Type {0}', '\u0000').split('\u0000');
    const canRestore = this.preview !== undefined && this.#isTyped;
    return html`<form class="confirm" @submit=${this.#onSubmit}>
      <label for="restore-word">${before}<strong>${this.#word}</strong>${after}</label>
      <div class="field">
        <input id="restore-word" autocomplete="off" spellcheck="false" .value=${this.typed} @input=${this.#onWord} />
      </div>
      <div class="button-row">
        <vscode-button appearance="primary" ?disabled=${!canRestore} @click=${() => { this.#restore(); }}>${l10n.t('Restore')}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => { this.#dismiss(); }}>${l10n.t('Cancel')}</vscode-button>
      </div>
    </form>`;
  }

  readonly #onMoment = (event: Event): void => {
    // While it is being typed it is often none, or one of long ago.
    if (!(event.target instanceof HTMLInputElement) || !event.target.validity.valid) return;
    const at = new Date(event.target.value).getTime();
    if (!Number.isNaN(at)) this.dispatchEvent(new CustomEvent<RestoreTargetView>('target-change', { detail: { type: 'moment', at } }));
  };

  readonly #onWord = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.typed = event.target.value;
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    this.#restore();
  };

  readonly #onCancel = (event: Event): void => {
    event.preventDefault();
    this.#dismiss();
  };

  #restore(): void {
    if (this.preview === undefined || this.isBusy || !this.#isTyped) return;
    const keep = this.find(KeepList, 'hearth-keep')?.keeping ?? { type: 'all-but', chats: [], memories: [] };
    this.dispatchEvent(new CustomEvent<Keeping>('restore', { detail: keep }));
  }

  /** Nothing outside of an open dialogue is read out, so it has an announcer of its own. */
  async #say(words: string): Promise<void> {
    const announcer = this.querySelector('hearth-announcer');
    // Its region has to be in the page before there are words in it.
    await announcer?.updateComplete;
    announcer?.say(words);
  }

  #dismiss(): void {
    if (!this.isBusy) this.dispatchEvent(new CustomEvent('dismiss'));
  }
}

function lookingWords(): string {
  return l10n.t('Looking at what it holds…');
}

function countWords(count: number | null): string {
  return count === null ? l10n.t('Unknown') : numberWords(count);
}

/** As a field for date and time takes it: local, to the second; empty for none. */
function localTime(at: number | undefined): string {
  if (at === undefined) return '';
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

customElements.define('hearth-restore', RestoreDialogue);
