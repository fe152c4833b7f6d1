import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { ProposalView } from '../../shared/protocol/memory-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { nextIndex } from '../ui/list-keys.ts';
import { buttonRow, noticeView } from '../ui/notice.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { clockWords, momentWords } from '../ui/time-words.ts';
import { provideButtons } from '../ui/toolkit.ts';
import type { Ask } from './ask.ts';
import { kindWord, scopeWords, sourceWords } from './slice-words.ts';
import '../ui/text-editor.ts';

provideButtons();

const pageSize = 50;

/**
 * What was noted and waits for a yes or no: read, decide, next. One item has the focus; A accepts it, E edits it, R rejects it, the
 * arrows go to the next. What was rejected can be taken back. Tells `snapshot-known` when how to remember was changed.
 */
export class ReviewQueue extends LightElement {
  static override properties = {
    ask: { attribute: false },
    announce: { attribute: false },
    agentName: { attribute: false },
    alwaysAccepts: { attribute: false },
    isReadOnly: { attribute: false },
    now: { attribute: false },
    revision: { attribute: false },
    proposals: { state: true },
    total: { state: true },
    currentId: { state: true },
    editingId: { state: true },
    rejected: { state: true },
  };

  declare ask: Ask;
  declare announce: (words: string) => void;
  declare agentName: string;
  declare alwaysAccepts: boolean;
  declare isReadOnly: boolean;
  declare now: number;
  /** Raised when memories have changed. */
  declare revision: number;
  declare private proposals: readonly ProposalView[] | undefined;
  declare private total: number;
  declare private currentId: string | undefined;
  declare private editingId: string | undefined;
  declare private rejected: ProposalView | undefined;
  #focusNext = false;

  constructor() {
    super();
    this.total = 0;
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (changed.has('revision')) void this.#load();
  }

  protected override updated(): void {
    if (!this.#focusNext || this.proposals === undefined) return;
    this.#focusNext = false;
    this.find(HTMLElement, '.candidate[tabindex="0"]')?.focus();
  }

  protected override render(): TemplateResult {
    const { proposals } = this;
    if (proposals === undefined) return html``;
    return html`<div class="queue">
      <section class="review" aria-labelledby="review-title">
        <div class="review-head">
          <h2 id="review-title">${proposals.length === 0 ? l10n.t('Nothing to review') : l10n.t('{0} to review', numberWords(this.total))}</h2>
          ${proposals.length === 0 || this.isReadOnly
            ? nothing
            : html`<span class="spread quiet keys"><kbd>A</kbd> ${l10n.t('accept')} <kbd>E</kbd> ${l10n.t('edit')} <kbd>R</kbd> ${l10n.t('reject')}</span>
                <vscode-button appearance="secondary" @click=${() => void this.#acceptAll()}>${l10n.t('Accept all')}</vscode-button>`}
        </div>
        ${this.rejected === undefined ? nothing : this.#undoLine(this.rejected)}
        ${proposals.length === 0 ? html`<p class="quiet">${l10n.t('What {0} notes in your chats comes here first.', this.agentName)}</p>` : this.#groups(proposals)}
        <div class="review-foot">
          <label class="check"><input type="checkbox" .checked=${this.alwaysAccepts} ?disabled=${this.isReadOnly} @change=${this.#setAlways} />${l10n.t('Always accept what {0} notes', this.agentName)}</label>
          <span class="spread quiet">${l10n.t('Passwords and keys are never noted.')}</span>
        </div>
      </section>
    </div>`;
  }

  #groups(proposals: readonly ProposalView[]): TemplateResult {
    const groups = Map.groupBy(proposals, ({ slice }) => sourceWords(slice.source));
    return html`${[...groups].map(([title, group]) => html`<h3 class="review-group">${title} · ${momentWords(group[0]?.saidAt ?? this.now, this.now)}</h3>
      <ul>
        ${repeat(group, ({ slice }) => slice.id, (proposal) => this.#candidate(proposal))}
      </ul>`)}`;
  }

  #candidate(proposal: ProposalView): TemplateResult {
    const { slice } = proposal;
    const isCurrent = slice.id === this.#current?.slice.id;
    return html`<li
      class="candidate ${isCurrent ? 'is-current' : ''}"
      tabindex=${isCurrent ? 0 : -1}
      data-id=${slice.id}
      aria-label=${slice.text}
      @focusin=${() => { this.currentId = slice.id; }}
      @keydown=${(event: KeyboardEvent) => { this.#onKey(event, proposal); }}
    >
      ${this.editingId === slice.id ? this.#editor(proposal) : this.#reading(proposal, isCurrent)}
    </li>`;
  }

  #reading(proposal: ProposalView, isCurrent: boolean): TemplateResult {
    const { slice, quote, saidAt, closeTo, doesNotFit } = proposal;
    const kind = slice.expiresAt === null ? kindWord(slice.kind) : l10n.t('{0}, until {1}', kindWord(slice.kind), momentWords(slice.expiresAt, this.now));
    return html`<div>
        <p>${slice.text}</p>
        <p class="quiet">${kind} · ${scopeWords(slice.scope, this.agentName)}</p>
      </div>
      ${this.isReadOnly ? nothing : this.#decisions(proposal, isCurrent)}
      ${quote === null ? nothing : html`<blockquote class="from"><p>“${quote}”</p>${l10n.t('You, {0}', clockWords(saidAt))}</blockquote>`}
      ${doesNotFit.map((other) => noticeView({ icon: 'warning', iconClass: 'warn', role: 'group', title: l10n.t('Does not fit with “{0}”', other.text) }))}
      ${closeTo === null
        ? nothing
        : html`<div class="notice" role="group" aria-label=${l10n.t('Close to another memory')}>
            ${icon('copy')}
            <p>${l10n.t('Close to “{0}”', closeTo.text)} ${this.isReadOnly ? nothing : linkButton(l10n.t('Keep only that one'), () => void this.#reject(proposal))}</p>
          </div>`}`;
  }

  #decisions(proposal: ProposalView, isCurrent: boolean): TemplateResult {
    const accept = (): void => void this.#accept(proposal);
    const edit = (): void => { this.editingId = proposal.slice.id; };
    const reject = (): void => void this.#reject(proposal);
    if (isCurrent) return buttonRow([{ label: l10n.t('Accept'), press: accept }, { label: l10n.t('Edit'), press: edit }, { label: l10n.t('Reject'), press: reject }]);
    return html`<div class="toolbar">
      ${iconButton({ icon: 'check', label: l10n.t('Accept'), press: accept })} ${iconButton({ icon: 'edit', label: l10n.t('Edit'), press: edit })}
      ${iconButton({ icon: 'close', label: l10n.t('Reject'), press: reject })}
    </div>`;
  }

  #editor(proposal: ProposalView): TemplateResult {
    const { id, version, text } = proposal.slice;
    return html`<hearth-text-editor
      class="candidate-editor"
      .label=${l10n.t('Memory')}
      .text=${text}
      .saveLabel=${l10n.t('Accept')}
      .save=${(typed: string) => this.#decide(proposal, () => this.ask('acceptEdited', { id, version, text: typed }), l10n.t('Accepted.'))}
      @editing-ended=${() => { this.editingId = undefined; this.#focusNext = true; }}
    ></hearth-text-editor>`;
  }

  #undoLine(proposal: ProposalView): TemplateResult {
    return html`<p class="quiet undo-line">${l10n.t('Rejected: {0}', proposal.slice.text)} ${linkButton(l10n.t('Undo'), () => void this.#undoReject(proposal))}</p>`;
  }

  get #current(): ProposalView | undefined {
    return this.proposals?.find(({ slice }) => slice.id === this.currentId) ?? this.proposals?.[0];
  }

  async #load(): Promise<void> {
    const answer = await this.ask('proposals', { offset: 0, limit: pageSize });
    if (answer === undefined) return;
    if (this.proposals === undefined) this.#focusNext = true;
    this.proposals = answer.proposals;
    this.total = answer.total;
  }

  #onKey(event: KeyboardEvent, proposal: ProposalView): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const proposals = this.proposals ?? [];
    const next = nextIndex(event.key, proposals.indexOf(proposal), proposals.length);
    if (next !== undefined) this.#go(proposals[next]);
    else if (this.isReadOnly) return;
    else if (event.key === 'a' || event.key === 'A') void this.#accept(proposal);
    else if (event.key === 'e' || event.key === 'E') this.editingId = proposal.slice.id;
    else if (event.key === 'r' || event.key === 'R') void this.#reject(proposal);
    else return;
    event.preventDefault();
  }

  #go(proposal: ProposalView | undefined): void {
    this.currentId = proposal?.slice.id;
    this.#focusNext = true;
  }

  async #accept(proposal: ProposalView): Promise<void> {
    await this.#decide(proposal, () => this.ask('accept', { ids: [proposal.slice.id] }), l10n.t('Accepted.'));
  }

  async #reject(proposal: ProposalView): Promise<void> {
    const isDone = await this.#decide(proposal, () => this.ask('reject', { ids: [proposal.slice.id] }), l10n.t('Rejected.'));
    if (isDone) this.rejected = proposal;
  }

  async #undoReject(proposal: ProposalView): Promise<void> {
    if ((await this.ask('undoReject', { id: proposal.slice.id })) === undefined) return;
    this.rejected = undefined;
    this.currentId = proposal.slice.id;
    await this.#load();
    this.#focusNext = true;
    this.requestUpdate();
  }

  async #acceptAll(): Promise<void> {
    const answer = await this.ask('acceptAll', {});
    if (answer === undefined) return;
    this.announce(l10n.t('{0} accepted.', numberWords(answer.count)));
    await this.#load();
  }

  /** Once it is done it leaves the queue, and the next one has the focus. The queue may be read anew meanwhile, with or without it. */
  async #decide(proposal: ProposalView, act: () => Promise<object | undefined>, words: string): Promise<boolean> {
    const isIt = ({ slice }: ProposalView): boolean => slice.id === proposal.slice.id;
    const place = Math.max(0, (this.proposals ?? []).findIndex(isIt));
    if ((await act()) === undefined) return false;
    const left = (this.proposals ?? []).filter((other) => !isIt(other));
    this.total = Math.max(0, this.total - ((this.proposals ?? []).length - left.length));
    this.proposals = left;
    this.rejected = undefined;
    this.announce(words);
    this.#go(left[Math.min(place, left.length - 1)]);
    return true;
  }

  readonly #setAlways = async (event: Event): Promise<void> => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const snapshot = await this.ask('setAlwaysAccept', { always: event.target.checked });
    if (snapshot !== undefined) this.dispatchEvent(new CustomEvent('snapshot-known', { detail: snapshot }));
  };
}

customElements.define('hearth-review', ReviewQueue);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-review': ReviewQueue;
  }
}
