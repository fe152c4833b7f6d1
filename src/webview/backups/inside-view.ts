import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { HeldAlongView, HeldMessage, HeldPage, HeldThing, LookedInto, ThingKind } from '../../shared/protocol/backups-contents.ts';
import type { RestoreTargetView } from '../../shared/protocol/backups-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { provideButtons } from '../ui/toolkit.ts';
import { fullWords, machineTime, momentWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import { countsWords, exactWords, messagesWords } from './backup-words.ts';
import { heldMessages, heldState, thingWords } from './held-rows.ts';

provideButtons();

/** So long nobody types any more: then is looked. */
const typingPauseMs = 200;

interface Unfolded {
  readonly id: string;
  /** Undefined while they are read. */
  readonly messages: readonly HeldMessage[] | undefined;
  readonly hasMore: boolean;
}

/**
 * What is in a backup, thing by thing, with what of it is not here; and the way to bring one thing back. Fires `back`, `restore-all` and
 * `said` with a sentence to be announced.
 */
export class InsideView extends LightElement {
  static override properties = {
    opened: { attribute: false },
    target: { attribute: false },
    along: { attribute: false },
    ask: { attribute: false },
    now: { attribute: false },
    kind: { state: true },
    text: { state: true },
    onlyLost: { state: true },
    things: { state: true },
    next: { state: true },
    isLooking: { state: true },
    unfolded: { state: true },
    undos: { state: true },
    atWork: { state: true },
  };

  /** What was opened. */
  declare opened: LookedInto;
  declare target: RestoreTargetView;
  /** What it holds along with chats and memories, where that is known. */
  declare along: HeldAlongView | undefined;
  declare ask: Ask;
  declare now: number;
  declare private kind: ThingKind;
  declare private text: string;
  declare private onlyLost: boolean;
  /** Undefined before the first answer, and when there was none. */
  declare private things: readonly HeldThing[] | undefined;
  declare private next: number | null;
  declare private isLooking: boolean;
  declare private unfolded: Unfolded | undefined;
  /** How what was brought back is taken away again, by id. */
  declare private undos: ReadonlyMap<string, string>;
  /** The thing that is on its way. */
  declare private atWork: string | undefined;
  #question = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.now = 0;
    this.kind = 'chat';
    this.text = '';
    this.onlyLost = true;
    this.next = null;
    this.isLooking = false;
    this.undos = new Map();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#pause);
  }

  protected override firstUpdated(): void {
    this.find(HTMLElement, 'h2')?.focus();
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('opened')) void this.#look();
  }

  protected override render(): TemplateResult {
    const { at, isProved, chats, memories } = this.opened;
    return html`<div class="inside-head">
        <div>
          ${linkButton(l10n.t('All backups'), () => { this.dispatchEvent(new CustomEvent('back')); })}
          <h2 tabindex="-1">${at === null ? l10n.t('In this backup') : l10n.t('As it was {0}', exactWords(at, this.now))}</h2>
          <p class="quiet state">
            ${isProved ? icon('verified', 'good') : icon('circle-outline')}${chats === null || memories === null ? '' : countsWords({ chats, memories })}
            ${l10n.t('What you bring back comes to what is here. Nothing else changes.')}
          </p>
        </div>
        <vscode-button appearance="secondary" @click=${() => { this.dispatchEvent(new CustomEvent('restore-all')); }}>${l10n.t('Go back to all of it…')}</vscode-button>
      </div>
      <hearth-held-along .target=${this.target} .held=${this.along} .ask=${this.ask} .now=${this.now}></hearth-held-along>
      ${this.#tools()}
      <section class="block" aria-label=${this.kind === 'chat' ? l10n.t('Chats in it') : l10n.t('Memories in it')} aria-busy=${this.isLooking ? 'true' : 'false'}>
        ${this.things === undefined ? html`<p class="quiet">${this.isLooking ? l10n.t('Comparing with what is here…') : l10n.t('It could not be read.')}</p>` : this.#list(this.things)}
      </section>`;
  }

  #tools(): TemplateResult {
    const { kind, text, onlyLost } = this;
    const kindButton = (of: ThingKind, words: string): TemplateResult =>
      html`<button type="button" aria-pressed=${kind === of ? 'true' : 'false'} @click=${() => { this.#lookFor({ kind: of }); }}>${words}</button>`;
    return html`<div class="inside-tools" role="search">
      <div class="field">
        ${icon('search')}
        <input type="search" aria-label=${l10n.t('Search in this backup')} placeholder=${l10n.t('Search in this backup')} .value=${text} @input=${this.#onText} />
        ${text === '' ? nothing : iconButton({ icon: 'close', label: l10n.t('Clear search'), press: () => { this.#lookFor({ text: '' }); } })}
      </div>
      <div class="switch" role="group" aria-label=${l10n.t('Show')}>${kindButton('chat', l10n.t('Chats'))} ${kindButton('memory', l10n.t('Memories'))}</div>
      <label class="check"
        ><input type="checkbox" .checked=${onlyLost} @change=${() => { this.#lookFor({ onlyLost: !onlyLost }); }} /><span>${l10n.t('Only what is not here')}</span></label
      >
    </div>`;
  }

  #list(things: readonly HeldThing[]): TemplateResult {
    if (things.length === 0) return this.#nothingFound();
    return html`<table class="table held">
        <thead>
          <tr>
            <th scope="col">${this.kind === 'chat' ? l10n.t('Chat') : l10n.t('Memory')}</th>
            <th scope="col">${this.kind === 'chat' ? l10n.t('Went on last') : l10n.t('Noted')}</th>
            <th scope="col">${l10n.t('Here')}</th>
            <th scope="col" class="actions"><span class="sr-only">${l10n.t('Actions')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(things, ({ id }) => id, (thing) => this.#row(thing))}
        </tbody>
      </table>
      ${this.next === null ? nothing : html`<p class="more">${linkButton(l10n.t('Show more'), () => void this.#showMore())}</p>`}`;
  }

  #nothingFound(): TemplateResult {
    if (this.text.trim() !== '') return html`<p class="quiet">${this.onlyLost ? l10n.t('Nothing like that is missing here.') : l10n.t('Nothing like that. Try fewer words.')}</p>`;
    if (!this.onlyLost) return html`<p class="quiet">${this.kind === 'chat' ? l10n.t('It holds no chats.') : l10n.t('It holds no memories that stand for themselves.')}</p>`;
    return html`<p class="state">${icon('check', 'good')}${this.kind === 'chat' ? l10n.t('Every chat in it is here as well.') : l10n.t('Every memory in it is here as well.')}</p>`;
  }

  #row(thing: HeldThing): TemplateResult {
    const { id, kind, at, messages } = thing;
    const isUnfolded = this.unfolded?.id === id;
    return html`<tr class=${isUnfolded ? 'is-unfolded' : ''}>
        <th scope="row" class="wide" tabindex="-1">
          ${kind === 'memory'
            ? html`<span title=${thing.words}>${thing.words}</span>`
            : html`<button type="button" class="unfold" aria-expanded=${isUnfolded ? 'true' : 'false'} @click=${() => void this.#unfold(id)}>
                ${icon(isUnfolded ? 'chevron-down' : 'chevron-right')}<span class="one-line">${thingWords(thing)}</span><span class="quiet">${messagesWords(messages ?? 0)}</span>
              </button>`}
        </th>
        <td><time datetime=${machineTime(at)} title=${fullWords(at)}>${momentWords(at, this.now)}</time></td>
        <td>${heldState(thing, this.undos.has(id))}</td>
        <td class="actions">${this.#action(thing)}</td>
      </tr>
      ${isUnfolded && this.unfolded !== undefined ? heldMessages(this.unfolded) : nothing}`;
  }

  #action(thing: HeldThing): TemplateResult | typeof nothing {
    const undo = this.undos.get(thing.id);
    const words = thingWords(thing);
    const label = undo === undefined ? l10n.t('Bring back “{0}”', words) : l10n.t('Undo bringing back “{0}”', words);
    if (undo === undefined && thing.state === 'here') return nothing;
    return html`<button type="button" class="link-button" aria-label=${label} aria-disabled=${this.atWork === undefined ? 'false' : 'true'} @click=${() => { this.#act(thing); }}>
      ${undo === undefined ? l10n.t('Bring back') : l10n.t('Undo')}
    </button>`;
  }

  /** One at a time. The button stays one that can have the focus meanwhile. */
  #act(thing: HeldThing): void {
    if (this.atWork !== undefined) return;
    const undo = this.undos.get(thing.id);
    void (undo === undefined ? this.#bringBack(thing) : this.#undo(thing, undo));
  }

  readonly #onText = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.text = event.target.value;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#look(), typingPauseMs);
  };

  #lookFor(change: { readonly kind?: ThingKind; readonly text?: string; readonly onlyLost?: boolean }): void {
    if (change.kind !== undefined && change.kind !== this.kind) this.things = undefined;
    Object.assign(this, change);
    this.unfolded = undefined;
    void this.#look();
  }

  /** From the beginning, or what comes behind what is shown. */
  async #look(from = 0): Promise<void> {
    const question = ++this.#question;
    this.isLooking = true;
    const page = await this.ask('heldPage', { kind: this.kind, text: this.text.trim(), onlyLost: this.onlyLost, from });
    // What was typed meanwhile has asked again.
    if (question !== this.#question) return;
    this.isLooking = false;
    if (page === undefined) {
      // What could not be read must not look as if there were nothing.
      if (from === 0) this.things = undefined;
      return;
    }
    this.next = page.next;
    this.things = [...(from === 0 ? [] : (this.things ?? [])), ...page.things];
    if (from === 0 && this.text.trim() !== '') this.#say(foundWords(page));
  }

  /** What was pressed may go away, so the focus goes on to the first that is new. */
  async #showMore(): Promise<void> {
    const shown = this.things?.length ?? 0;
    const pressed = document.activeElement;
    await this.#look(this.next ?? 0);
    // Whoever has gone elsewhere meanwhile stays there.
    if (document.activeElement !== pressed && document.activeElement !== document.body) return;
    await this.drawn();
    const first = this.querySelectorAll('.held tbody tr:not(.held-messages)')[shown];
    first?.querySelector('th')?.focus();
  }

  async #unfold(id: string): Promise<void> {
    if (this.unfolded?.id === id) {
      this.unfolded = undefined;
      return;
    }
    const unfolded: Unfolded = { id, messages: undefined, hasMore: false };
    this.unfolded = unfolded;
    const answer = await this.ask('heldMessages', { id });
    if (this.unfolded === unfolded) this.unfolded = answer === undefined ? undefined : { id, ...answer };
  }

  async #bringBack(thing: HeldThing): Promise<void> {
    const { kind, id } = thing;
    this.atWork = id;
    const answer = await this.ask('bringBack', { kind, id });
    this.atWork = undefined;
    if (answer === undefined) return;
    this.undos = new Map([...this.undos, [id, answer.undo]]);
    this.#say(l10n.t('Brought back: {0}', thingWords(thing)));
  }

  async #undo(thing: HeldThing, undo: string): Promise<void> {
    this.atWork = thing.id;
    const answer = await this.ask('undoBringBack', { undo });
    this.atWork = undefined;
    if (answer === undefined) return;
    this.undos = new Map([...this.undos].filter(([id]) => id !== thing.id));
    this.#say(l10n.t('Undone. It is as it was.'));
  }

  #say(words: string): void {
    this.dispatchEvent(new CustomEvent<string>('said', { detail: words }));
  }
}

/** What a search came to, for those who do not see the list. */
function foundWords({ things, next }: HeldPage): string {
  const count = numberWords(things.length);
  if (next !== null) return l10n.t('The first {0} are shown.', count);
  return things.length === 0 ? l10n.t('Nothing found.') : l10n.t('{0} found.', count);
}

customElements.define('hearth-inside', InsideView);
