import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as l10n from '@vscode/l10n';
import type { SessionView } from '../../shared/protocol/chat-views.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { LightElement } from '../ui/light-element.ts';
import { nextIndex } from '../ui/list-keys.ts';
import { counted } from '../ui/locale.ts';
import { fullWords, machineTime, shortWords } from '../ui/time-words.ts';
import type { Ask } from './ask.ts';
import './session-menu.ts';
import { cutAtMatch, groupByTime, rowsOfHits, type SessionGroup, type SessionRow } from './session-groups.ts';
import { statusIcon, statusWord, type ChosenStatus } from './session-status.ts';

const searchAfterMs = 150;
const announceAfterMs = 500;

interface Deleted {
  readonly session: SessionView;
  /** Facts learned in the chat that were kept. */
  readonly keptFacts: number;
}

/** All chats, newest first, with search in their text. It tells its owner `sessions-closed` when the chat is wanted back. */
export class SessionList extends LightElement {
  static override properties = {
    ask: { attribute: false },
    announce: { attribute: false },
    openId: { attribute: false },
    now: { attribute: false },
    query: { state: true },
    rows: { state: true },
    currentId: { state: true },
    renamingId: { state: true },
    deleted: { state: true },
    menuId: { state: true },
    withArchived: { state: true },
  };

  declare ask: Ask;
  declare announce: (words: string) => void;
  declare openId: string | null;
  declare now: number;
  declare private query: string;
  declare private rows: readonly SessionRow[] | undefined;
  /** The row that Tab stops at. */
  declare private currentId: string | undefined;
  declare private renamingId: string | undefined;
  declare private deleted: Deleted | undefined;
  /** The chat whose menu is open. */
  declare private menuId: string | undefined;
  declare private withArchived: boolean;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #announceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.query = '';
    this.rows = undefined;
    this.withArchived = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#searchTimer);
    clearTimeout(this.#announceTimer);
  }

  /** Asks again: the chats changed somewhere, or something else is searched for. */
  async refresh(): Promise<void> {
    const query = this.query.trim();
    const rows = query === '' ? await this.#all() : await this.#search(query);
    if (rows !== undefined && query === this.query.trim()) this.rows = rows;
  }

  protected override firstUpdated(): void {
    this.find(HTMLInputElement, 'input')?.focus();
    void this.refresh();
  }

  protected override render(): TemplateResult {
    const groups = groupByTime(this.rows ?? [], this.now);
    return html`<section class="sessions" @keydown=${this.#onKey}>
        <div class="sessions-search">
          ${iconButton({ icon: 'arrow-left', label: l10n.t('Back to the chat'), press: () => { this.#close(); } })}
          <div class="field">
            ${icon('search')}
            <input
              type="search"
              aria-label=${l10n.t('Search in all chats')}
              placeholder=${l10n.t('Search in all chats')}
              .value=${this.query}
              @input=${this.#onSearch}
            />
          </div>
        </div>
        <div class="sessions-list">${this.rows === undefined ? nothing : groups.length === 0 ? this.#empty() : groups.map((group) => this.#group(group))}${this.#archiveLine()}</div>
      </section>
      ${this.#deletedLine()}`;
  }

  #empty(): TemplateResult {
    return html`<p class="quiet sessions-empty">${this.query.trim() === '' ? l10n.t('No chats yet.') : l10n.t('Nothing like that. Try fewer words.')}</p>`;
  }

  /** The search looks into the archive in any case. */
  #archiveLine(): TemplateResult | typeof nothing {
    if (this.rows === undefined || this.query.trim() !== '') return nothing;
    const label = this.withArchived ? l10n.t('Hide archived chats') : l10n.t('Show archived chats');
    return html`<p class="sessions-archive">${linkButton(label, () => { this.withArchived = !this.withArchived; void this.refresh(); })}</p>`;
  }

  #group({ title, rows }: SessionGroup): TemplateResult {
    return html`<h2>${title}</h2>
      <ul>${repeat(rows, ({ session }) => session.id, (row) => this.#row(row))}</ul>`;
  }

  #row(row: SessionRow): TemplateResult {
    const { session, hit } = row;
    const isCurrent = session.id === this.#stopId;
    return html`<li class="session" aria-current=${session.id === this.openId ? 'true' : nothing} data-id=${session.id}>
      <div class="row">
        ${icon(statusIcon(session))}
        ${session.id === this.renamingId
          ? this.#renameField(session)
          : html`<button
              type="button"
              class="session-title one-line"
              tabindex=${isCurrent ? 0 : -1}
              title=${session.title}
              @focus=${() => { this.currentId = session.id; }}
              @click=${() => void this.#open(row)}
            >${titleOf(session)}</button>`}
        ${session.temporary ? html`<span class="sr-only">${l10n.t('Temporary')}</span>` : nothing}
        ${statusWord(session) === '' ? nothing : html`<span class="session-status">${statusWord(session)}</span>`}
        <time datetime=${machineTime(session.updatedAt)} title=${fullWords(session.updatedAt)}>${shortWords(session.updatedAt, this.now)}</time>
        ${this.#actions(session, isCurrent)}
      </div>
      ${hit === null || hit.snippet === '' ? nothing : this.#snippet(row)}
      ${session.id === this.menuId ? this.#menu(session) : nothing}
    </li>`;
  }

  #actions(session: SessionView, isCurrent: boolean): TemplateResult {
    return html`<span class="toolbar ${isCurrent ? '' : 'is-skipped'}">
      ${iconButton({ icon: 'edit', label: l10n.t('Rename chat'), title: l10n.t('Rename (F2)'), press: () => void this.#rename(session) })}
      ${iconButton({ icon: 'trash', label: l10n.t('Delete chat'), title: l10n.t('Delete (Del)'), press: () => void this.#delete(session) })}
      ${iconButton({ icon: 'ellipsis', label: l10n.t('More for this chat'), press: () => { this.menuId = session.id; } })}
    </span>`;
  }

  #menu(session: SessionView): TemplateResult {
    return html`<hearth-session-menu
      .session=${session}
      @status-wanted=${({ detail }: CustomEvent<ChosenStatus>) => void this.#changeStatus(session, detail)}
      @export-wanted=${() => void this.ask('exportSession', { id: session.id })}
      @menu-closed=${() => { this.#closeMenu(session); }}
    ></hearth-session-menu>`;
  }

  #snippet({ hit }: SessionRow): TemplateResult | typeof nothing {
    if (hit === null) return nothing;
    const [before, match, after] = cutAtMatch(hit);
    return html`<p class="one-line">${before}<mark>${match}</mark>${after}</p>`;
  }

  #renameField(session: SessionView): TemplateResult {
    const onKey = (event: KeyboardEvent): void => {
      event.stopPropagation();
      if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
      event.preventDefault();
      void this.#endRename(session, event.key === 'Enter');
    };
    return html`<input class="session-rename" aria-label=${l10n.t('Title')} .value=${session.title} @keydown=${onKey} @blur=${() => void this.#endRename(session, true)} />`;
  }

  #deletedLine(): TemplateResult | typeof nothing {
    const { deleted } = this;
    if (deleted === undefined) return nothing;
    const { session, keptFacts } = deleted;
    return html`<div class="composer-area">
      <div class="notice appear" role="status">
        <div>
          ${l10n.t('Deleted “{0}”.', titleOf(session))} ${linkButton(l10n.t('Undo'), () => void this.#undoDelete(session))}
          ${keptFacts === 0
            ? nothing
            : html`<p class="quiet">
                ${counted(keptFacts, l10n.t('{0} thing learned in it is kept.', keptFacts), l10n.t('{0} things learned in it are kept.', keptFacts))}
                ${linkButton(l10n.t('Forget too'), () => void this.#forgetFacts(session))}
              </p>`}
        </div>
        ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: () => { this.deleted = undefined; } })}
      </div>
    </div>`;
  }

  /** The one row that Tab reaches: the one that was left, else the open chat, else the first. */
  get #stopId(): string | undefined {
    const ids = this.#order();
    return [this.currentId, this.openId ?? undefined].find((id) => id !== undefined && ids.includes(id)) ?? ids[0];
  }

  #order(): string[] {
    return groupByTime(this.rows ?? [], this.now).flatMap(({ rows }) => rows.map(({ session }) => session.id));
  }

  async #all(): Promise<SessionRow[] | undefined> {
    const listed = await this.ask('listSessions', { archived: this.withArchived });
    return listed?.sessions.map((session) => ({ session, hit: null }));
  }

  async #search(text: string): Promise<SessionRow[] | undefined> {
    const found = await this.ask('searchSessions', { text });
    if (found === undefined) return undefined;
    const rows = rowsOfHits(found.hits);
    clearTimeout(this.#announceTimer);
    this.#announceTimer = setTimeout(() => { this.announce(foundWords(rows.length)); }, announceAfterMs);
    return rows;
  }

  readonly #onSearch = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.query = event.target.value;
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => void this.refresh(), searchAfterMs);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const ids = this.#order();
    const inField = event.target instanceof HTMLInputElement;
    const row = this.rows?.find(({ session }) => session.id === this.currentId);
    if (event.key === 'Escape') this.#close();
    else if (inField && event.key === 'ArrowDown' && ids.length > 0) this.#goTo(this.#stopId);
    else if (inField) return;
    else if (event.key === 'F2' && row !== undefined) void this.#rename(row.session);
    else if (event.key === 'Delete' && row !== undefined) void this.#delete(row.session);
    else {
      const next = nextIndex(event.key, ids.indexOf(this.currentId ?? ''), ids.length);
      if (next === undefined) return;
      this.#goTo(ids[next]);
    }
    event.preventDefault();
  };

  #goTo(id: string | undefined): void {
    if (id === undefined) return;
    this.currentId = id;
    const title = this.querySelector(`[data-id="${CSS.escape(id)}"] .session-title`);
    if (title instanceof HTMLElement) title.focus();
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('sessions-closed'));
  }

  async #open({ session, hit }: SessionRow): Promise<void> {
    const opened = await this.ask('openSession', { id: session.id, messageId: hit?.messageId ?? null });
    if (opened !== undefined) this.#close();
  }

  async #rename({ id }: SessionView): Promise<void> {
    this.renamingId = id;
    await this.updateComplete;
    this.find(HTMLInputElement, '.session-rename')?.select();
  }

  async #endRename(session: SessionView, save: boolean): Promise<void> {
    if (this.renamingId !== session.id) return;
    const title = this.find(HTMLInputElement, '.session-rename')?.value.trim() ?? '';
    this.renamingId = undefined;
    await this.updateComplete;
    this.#goTo(session.id);
    if (!save || title === '' || title === session.title) return;
    const renamed = await this.ask('renameSession', { id: session.id, title });
    if (renamed !== undefined) this.rows = this.rows?.map((row) => (row.session.id === session.id ? { ...row, session: renamed.session } : row));
  }

  async #delete(session: SessionView): Promise<void> {
    const ids = this.#order();
    const neighbour = ids[ids.indexOf(session.id) + 1] ?? ids[ids.indexOf(session.id) - 1];
    const done = await this.ask('deleteSession', { id: session.id, alsoFacts: false });
    if (done === undefined) return;
    this.rows = this.rows?.filter((row) => row.session.id !== session.id);
    this.deleted = { session, keptFacts: done.facts };
    await this.updateComplete;
    this.#goTo(neighbour);
  }

  /** The menu may have lost the focus to something else, which then keeps it. */
  #closeMenu({ id }: SessionView): void {
    if (this.menuId !== id) return;
    this.menuId = undefined;
    const active = document.activeElement;
    if (active === null || active === document.body || active.closest('hearth-session-menu') !== null) this.#goTo(id);
  }

  async #changeStatus({ id }: SessionView, to: ChosenStatus): Promise<void> {
    const changed = await this.ask('changeSessionStatus', { id, to });
    if (changed === undefined) return;
    this.announce(statusWord(changed.session) === '' ? l10n.t('Open again') : statusWord(changed.session));
    await this.refresh();
  }

  async #undoDelete({ id }: SessionView): Promise<void> {
    if ((await this.ask('undoDeleteSession', { id })) === undefined) return;
    this.deleted = undefined;
    await this.refresh();
    this.#goTo(id);
  }

  async #forgetFacts(session: SessionView): Promise<void> {
    const done = await this.ask('deleteSession', { id: session.id, alsoFacts: true });
    if (done !== undefined) this.deleted = { session, keptFacts: 0 };
  }
}

function foundWords(count: number): string {
  return counted(count, l10n.t('{0} chat found.', count), l10n.t('{0} chats found.', count));
}

function titleOf({ title }: SessionView): string {
  return title === '' ? l10n.t('New chat') : title;
}

customElements.define('hearth-sessions', SessionList);

declare global {
  interface HTMLElementTagNameMap {
    'hearth-sessions': SessionList;
  }
}
