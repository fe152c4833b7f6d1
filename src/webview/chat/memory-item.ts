import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { MemoryView } from '../../shared/protocol/chat-views.ts';
import { iconButton, linkButton } from '../ui/icon.ts';
import { LightElement, type Changed } from '../ui/light-element.ts';
import { fullWords, machineTime, momentWords } from '../ui/time-words.ts';
import { plainWords } from './plain-words.ts';
import type { TurnContext } from './turn-context.ts';
import '../ui/text-editor.ts';

const secondMs = 1000;

/**
 * A memory where it is quoted: its words, date and source, always in this order, with edit and forget. Editing happens in place;
 * a forgotten one keeps its place for as long as it can be brought back.
 */
export class MemoryItem extends LightElement {
  static override properties = {
    memory: { attribute: false },
    context: { attribute: false },
    isEditing: { state: true },
    secondsLeft: { state: true },
  };

  declare memory: MemoryView;
  declare context: TurnContext;
  declare private isEditing: boolean;
  declare private secondsLeft: number;
  /** What takes the focus once it is drawn. */
  #nextFocus: string | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.isEditing = false;
    this.secondsLeft = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate('memory');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  protected override willUpdate(changed: Changed<this>): void {
    if (!changed.has('memory')) return;
    clearInterval(this.#ticking);
    this.#countDown();
    if (this.secondsLeft > 0) this.#ticking = setInterval(() => { this.#countDown(); }, secondMs);
  }

  protected override updated(): void {
    const next = this.#nextFocus === undefined ? undefined : this.find(HTMLButtonElement, this.#nextFocus);
    if (next === undefined) return;
    this.#nextFocus = undefined;
    next.focus();
  }

  protected override render(): TemplateResult {
    const { state } = this.memory;
    if (state === 'wiped') return html`<div class="memory is-forgotten"><p class="quiet">${l10n.t('Forgotten and wiped from disk.')}</p></div>`;
    if (state === 'forgotten') return this.#forgotten();
    return html`<div class="memory">
      ${this.isEditing ? this.#editor() : html`${this.#words()} ${this.#meta(this.#actions())}`}
    </div>`;
  }

  #countDown(): void {
    const { undoUntil, state } = this.memory;
    const left = state === 'forgotten' && undoUntil !== null ? (undoUntil - this.context.clock.now()) / secondMs : 0;
    this.secondsLeft = Math.max(0, Math.ceil(left));
    if (this.secondsLeft === 0) clearInterval(this.#ticking);
  }

  #forgotten(): TemplateResult {
    return html`<div class="memory is-forgotten">
      <p class="quiet">
        ${l10n.t('Forgotten. It will be wiped from disk within the hour.')}
        ${this.secondsLeft > 0 ? html`${linkButton(l10n.t('Undo'), () => void this.#change('undoForgetMemory'))} (${l10n.t('{0} s', this.secondsLeft)})` : nothing}
      </p>
    </div>`;
  }

  #words(): TemplateResult {
    const { text, verbatim, speaker, contradicts } = this.memory;
    const words = speaker === 'agent' ? plainWords(text) : text; // agents write in Markdown
    return html`<p class="memory-text">${verbatim ? l10n.t('“{0}”', words) : words}</p>
      ${contradicts ? html`<p class="quiet">${l10n.t('Does not fit with something else you told me.')}</p>` : nothing}`;
  }

  #editor(): TemplateResult {
    return html`<hearth-text-editor
      .label=${l10n.t('Memory')}
      .text=${this.memory.text}
      .saveLabel=${l10n.t('Save')}
      .save=${this.#save}
      .details=${this.#meta(nothing)}
      @editing-ended=${() => void this.#stopEditing()}
    ></hearth-text-editor>`;
  }

  #meta(actions: TemplateResult | typeof nothing): TemplateResult {
    return html`<div class="memory-meta">${this.#origin()} ${actions}</div>`;
  }

  #origin(): TemplateResult {
    const { at, source, speaker } = this.memory;
    const title = source.title === '' ? sourceWords(source.type, speaker) : source.title;
    const time = html`<time datetime=${machineTime(at)} title=${fullWords(at)}>${momentWords(at, this.context.now)}</time>`;
    return html`<div class="dotted">
      <p>
        ${speaker === 'agent' ? html`<span>${this.context.agentName}</span>` : nothing}
        <span>${time}</span>
        <span>${source.canOpen ? linkButton(title, () => void this.context.ask('openSource', { id: this.memory.id })) : title}</span>
      </p>
    </div>`;
  }

  #actions(): TemplateResult | typeof nothing {
    if (this.context.isReadOnly) return nothing;
    return html`<span class="toolbar spread">
      ${iconButton({ icon: 'edit', label: l10n.t('Edit memory'), press: () => { this.isEditing = true; } })}
      ${iconButton({ icon: 'trash', label: l10n.t('Forget memory'), press: () => void this.#change('forgetMemory') })}
    </span>`;
  }

  /** The button that was pressed goes away; the focus goes to the one that undoes it. */
  async #change(request: 'forgetMemory' | 'undoForgetMemory'): Promise<void> {
    if (this.contains(document.activeElement)) this.#nextFocus = request === 'forgetMemory' ? '.is-forgotten .link-button' : '.toolbar .icon-button:last-child';
    await this.context.changeMemory(request, this.memory.id);
  }

  async #stopEditing(): Promise<void> {
    this.isEditing = false;
    await this.updateComplete;
    this.find(HTMLButtonElement, '.toolbar button')?.focus();
  }

  readonly #save = async (text: string): Promise<boolean> => {
    if (text === this.memory.text) return true;
    const edited = await this.context.ask('editMemory', { id: this.memory.id, text });
    if (edited !== undefined) this.context.showMemory(edited.memory);
    return edited !== undefined;
  };
}

function sourceWords(type: MemoryView['source']['type'], speaker: MemoryView['speaker']): string {
  switch (type) {
    case 'chat':
      return speaker === 'user' ? l10n.t('a chat') : l10n.t('a reply');
    case 'editor':
      return l10n.t('the editor');
    case 'user':
      return l10n.t('told by you');
  }
}

customElements.define('hearth-memory', MemoryItem);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-memory': MemoryItem;
  }
}
