import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { SliceDetailView, SliceRow } from '../../shared/protocol/memory-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { counted, currentLocale } from '../ui/locale.ts';
import { buttonRow } from '../ui/notice.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { dayWords, fullWords, machineTime, momentWords, shortWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import type { MemoryChanges } from './memory-changes.ts';
import type { MenuOption } from './menu-button.ts';
import { importanceLevels, importanceWord, kinds, kindWord, scopes, scopeWords, sourceWords } from './slice-words.ts';
import '../ui/copy-button.ts';
import '../ui/text-editor.ts';
import './menu-button.ts';

/** What the detail needs beside the memory itself. */
export interface DetailContext {
  readonly ask: Ask;
  readonly agentName: string;
  readonly hasWorkspace: boolean;
  readonly isReadOnly: boolean;
  readonly now: number;
  /** Shows another memory in this place. */
  readonly show: (id: string) => void;
  readonly changes: MemoryChanges;
  /** A memory changed: `id` is what it was, `slice` what is there now. */
  readonly changed: (id: string, slice: SliceRow) => void;
}

/** A memory in full: its words and what can be done with them, how it stands, what it does not fit with, and where it comes from. */
export class SliceDetail extends LightElement {
  static override properties = {
    detail: { attribute: false },
    context: { attribute: false },
    editing: { state: true },
  };

  declare detail: SliceDetailView;
  declare context: DetailContext;
  /** Its words are being changed, or taken apart. */
  declare private editing: 'words' | 'parts' | undefined;

  constructor() {
    super();
    this.editing = undefined;
  }

  override focus(): void {
    this.find(HTMLElement, '.detail')?.focus();
  }

  protected override willUpdate(changed: Changed<this>): void {
    const before = changed.get('detail');
    if (before !== undefined && before.slice.id !== this.detail.slice.id) this.editing = undefined;
  }

  protected override render(): TemplateResult {
    return html`<section class="detail" aria-label=${l10n.t('Memory in detail')} tabindex="-1">
      ${this.detail.state === 'forgotten' ? this.#forgotten() : html`${this.#head()} ${this.#facts()} ${this.#contradictions()}`}
      ${this.#origin()} ${this.#versions()} ${this.#uses()}
    </section>`;
  }

  #forgotten(): TemplateResult {
    const { id } = this.detail.slice;
    return html`<div class="detail-head is-forgotten">
      <p class="quiet">${l10n.t('Forgotten. It will be wiped from disk within the hour.')} ${linkButton(l10n.t('Undo'), () => void this.context.changes.undoForget([id]))}</p>
    </div>`;
  }

  #head(): TemplateResult {
    const { slice, text } = this.detail;
    const isReadOnly = this.context.isReadOnly;
    return html`<div class="detail-head">
      <div class="toolbar" role="toolbar" aria-label=${l10n.t('Memory')}>
        ${iconButton({ icon: 'edit', label: l10n.t('Edit'), disabled: isReadOnly, press: () => { this.editing = 'words'; } })}
        <button
          type="button"
          class="icon-button"
          aria-pressed=${slice.pinned ? 'true' : 'false'}
          aria-label=${l10n.t('Pinned')}
          title=${slice.pinned ? l10n.t('Unpin') : l10n.t('Pin')}
          ?disabled=${isReadOnly}
          @click=${() => void this.#change({ pinned: !slice.pinned })}
        >
          ${icon('pinned')}
        </button>
        ${iconButton({ icon: 'split-horizontal', label: l10n.t('Split'), disabled: isReadOnly || slice.replaced, press: () => { this.editing = 'parts'; } })}
        <hearth-copy-button .label=${l10n.t('Copy')} .copy=${() => this.context.ask('copy', { text })}></hearth-copy-button>
        <span class="spread"></span>
        ${iconButton({ icon: 'trash', label: l10n.t('Forget'), disabled: isReadOnly, press: () => void this.context.changes.forget([slice.id]) })}
      </div>
      ${this.#words()}
    </div>`;
  }

  #words(): TemplateResult {
    const { slice, text } = this.detail;
    switch (this.editing) {
      case 'words':
        return html`<hearth-text-editor
          .label=${l10n.t('Memory')}
          .text=${text}
          .saveLabel=${l10n.t('Save')}
          .save=${this.#save}
          .details=${slice.kind === 'episodic' ? html`<p class="quiet">${l10n.t('What was said stays in its chat. The correction takes its place in memory.')}</p>` : nothing}
          @editing-ended=${() => void this.#stopEditing('edit')}
        ></hearth-text-editor>`;
      case 'parts':
        return html`<hearth-text-editor
          .label=${l10n.t('One memory a line')}
          .text=${sentences(text).join('\n')}
          .saveLabel=${l10n.t('Split')}
          .save=${this.#split}
          .details=${html`<p class="quiet">${l10n.t('One memory a line; Shift+Enter begins another. This one stays in their history.')}</p>`}
          @editing-ended=${() => void this.#stopEditing('split-horizontal')}
        ></hearth-text-editor>`;
      case undefined:
        return html`<h2 class="detail-text">${slice.kind === 'episodic' ? l10n.t('“{0}”', text) : text}</h2>`;
    }
  }

  #facts(): TemplateResult {
    const { slice, confidence, validFrom, validTo } = this.detail;
    const { agentName, now } = this.context;
    const importances = importanceLevels.map((value): MenuOption => ({ value, label: importanceWord(value), isChecked: value === slice.importance }));
    const possibleScopes = scopes.filter((scope) => scope === slice.scope || (scope !== 'other-workspace' && (scope !== 'workspace' || this.context.hasWorkspace)));
    const scopeOptions = possibleScopes.map((value): MenuOption => ({ value, label: scopeWords(value, agentName), isChecked: value === slice.scope }));
    const kindOptions = kinds.filter((kind) => kind !== 'episodic').map((value): MenuOption => ({ value, label: kindWord(value), isChecked: value === slice.kind }));
    const holds = validTo === null ? l10n.t('Since {0}', momentWords(validFrom, now)) : l10n.t('{0} to {1}', momentWords(validFrom, now), momentWords(validTo, now));
    return html`<div class="section">
      <dl class="facts">
        <dt>${l10n.t('Kind')}</dt>
        <dd>${slice.kind === 'episodic' ? kindWord(slice.kind) : this.#picker(l10n.t('Kind'), kindWord(slice.kind), kindOptions, (kind) => ({ kind: kinds.find((one) => one === kind) }))}</dd>
        <dt>${l10n.t('Scope')}</dt>
        <dd>${this.#picker(l10n.t('Scope'), scopeWords(slice.scope, agentName), scopeOptions, (scope) => ({ scope: scopes.find((one) => one === scope) }))}</dd>
        <dt>${l10n.t('Importance')}</dt>
        <dd>${this.#picker(l10n.t('Importance'), importanceWord(slice.importance), importances, (level) => ({ importance: importanceLevels.find((one) => one === level) }))}</dd>
        <dt>${l10n.t('Holds')}</dt>
        <dd>${holds}</dd>
        <dt>${l10n.t('Confidence')}</dt>
        <dd>${this.#confidence(confidence)}</dd>
      </dl>
    </div>`;
  }

  #confidence(confidence: number): string {
    const { slice, quote } = this.detail;
    const number = new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: 2 }).format(confidence);
    if (slice.kind === 'episodic') return slice.speaker === 'user' ? l10n.t('Your own words') : l10n.t('Words of {0}', this.context.agentName);
    return quote === null ? number : l10n.t('{0}, quoted from you', number);
  }

  #picker(label: string, text: string, options: readonly MenuOption[], changeOf: (value: string) => Change): TemplateResult {
    return html`<hearth-menu-button
      .label=${label}
      .text=${text}
      .look=${'picker'}
      .options=${options}
      .choice=${'one'}
      .disabled=${this.context.isReadOnly}
      @option-chosen=${({ detail }: CustomEvent<string>) => void this.#change(changeOf(detail))}
    ></hearth-menu-button>`;
  }

  #contradictions(): TemplateResult | typeof nothing {
    const { contradicts } = this.detail;
    if (contradicts.length === 0) return nothing;
    return html`<div class="section">
      <h3>${l10n.t('Does not fit with')}</h3>
      ${contradicts.map((other) => html`<div class="notice" role="group" aria-label=${other.text}>${icon('warning', 'warn')}
        <div>
          <p>“${other.text}”</p>
          <p class="quiet">${dayWords(other.at, this.context.now)} · ${linkButton(l10n.t('Show it'), () => { this.context.show(other.id); })}</p>
          ${this.context.isReadOnly ? nothing : this.#settling(other.id)}
        </div></div>`)}
    </div>`;
  }

  #settling(otherId: string): TemplateResult {
    const { changes } = this.context;
    const settle = (holds: 'this' | 'other' | 'both') => (): void => void changes.settle(this.detail.slice.id, otherId, holds);
    const actions = [
      { label: l10n.t('This one holds'), press: settle('this') },
      { label: l10n.t('The other holds'), press: settle('other') },
      { label: l10n.t('Both'), press: settle('both') },
    ];
    return buttonRow(actions, { primary: false });
  }

  #origin(): TemplateResult {
    const { slice, quote } = this.detail;
    const { source } = slice;
    const who = slice.speaker === 'user' ? l10n.t('You') : this.context.agentName;
    return html`<div class="section">
      <h3>${l10n.t('Where it comes from')}</h3>
      ${quote === null ? nothing : html`<blockquote class="from">“${quote}”</blockquote>`}
      <p class="quiet">
        ${who} · <time datetime=${machineTime(slice.at)} title=${fullWords(slice.at)}>${momentWords(slice.at, this.context.now)}</time> ·
        ${source.canOpen ? linkButton(sourceWords(source), () => void this.context.ask('openSource', { id: slice.id })) : sourceWords(source)}
      </p>
    </div>`;
  }

  #versions(): TemplateResult | typeof nothing {
    const { versions, replaces, replacedBy } = this.detail;
    if (versions.length === 0 && replaces.length === 0 && replacedBy === null) return nothing;
    const { now } = this.context;
    const other = (slice: SliceRow, words: string): TemplateResult => html`<li class="row">
      <span class="when">${shortWords(slice.at, now)}</span><span class="relation">${words}</span>
      <button type="button" class="link-button one-line" @click=${() => { this.context.show(slice.id); }}>${slice.text}</button>
    </li>`;
    return html`<div class="section">
      <h3>${l10n.t('Versions')}</h3>
      <ul>
        ${replacedBy === null ? nothing : other(replacedBy, l10n.t('Replaced by'))}
        ${versions.toReversed().map(({ text, replacedAt }) => html`<li class="row"><span class="when" title=${fullWords(replacedAt)}>${shortWords(replacedAt, now)}</span><span class="one-line" title=${text}>${l10n.t('Until then “{0}”', text)}</span></li>`)}
        ${replaces.map((slice) => other(slice, l10n.t('Took the place of')))}
      </ul>
    </div>`;
  }

  #uses(): TemplateResult {
    const { total, latest } = this.detail.uses;
    const replies = counted(total, l10n.t('{0} reply', numberWords(total)), l10n.t('{0} replies', numberWords(total)));
    return html`<div class="section">
      <h3>${l10n.t('Used in')} <span class="quiet">${total === 0 ? l10n.t('no reply yet') : replies}</span></h3>
      <ul>
        ${latest.map(({ sessionId, messageId, title, at }) => html`<li class="row">
          <span class="when" title=${fullWords(at)}>${shortWords(at, this.context.now)}</span>
          <button type="button" class="link-button one-line" @click=${() => void this.context.ask('openReply', { sessionId, messageId })}>${title === '' ? l10n.t('a chat') : title}</button>
        </li>`)}
      </ul>
    </div>`;
  }

  async #change(change: Change): Promise<void> {
    const { id, version } = this.detail.slice;
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const answer = await this.context.ask('change', { slices: [{ id, version }], ...given });
    const [slice] = answer?.slices ?? [];
    if (slice !== undefined) this.context.changed(id, slice);
  }

  readonly #save = async (text: string): Promise<boolean> => {
    const { slice, text: before } = this.detail;
    if (text === before) return true;
    const answer = await this.context.ask('edit', { id: slice.id, version: slice.version, text });
    if (answer !== undefined) this.context.changed(slice.id, answer.slice);
    return answer !== undefined;
  };

  readonly #split = async (text: string): Promise<boolean> => {
    const parts = text.split('\n').map((part) => part.trim()).filter((part) => part !== '');
    return parts.length > 1 && this.context.changes.split(this.detail.slice, parts);
  };

  /** The focus goes back to the button that began it. */
  async #stopEditing(button: string): Promise<void> {
    this.editing = undefined;
    await this.updateComplete;
    this.find(HTMLElement, `.toolbar .codicon-${button}`)?.closest('button')?.focus();
  }
}

/** The sentences of a text: what a split begins with. */
function sentences(text: string): string[] {
  const segments = new Intl.Segmenter(currentLocale(), { granularity: 'sentence' }).segment(text);
  return [...segments].map(({ segment }) => segment.trim()).filter((segment) => segment !== '');
}

type Change = Partial<Pick<SliceRow, 'pinned'>> & {
  readonly importance?: SliceRow['importance'] | undefined;
  readonly scope?: SliceRow['scope'] | undefined;
  readonly kind?: SliceRow['kind'] | undefined;
};

customElements.define('hearth-slice-detail', SliceDetail);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-slice-detail': SliceDetail;
  }
}
