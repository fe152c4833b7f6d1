import { Uri, l10n, window, workspace } from 'vscode';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { SessionHitView, SessionView } from '../../shared/protocol/chat-views.ts';
import type { Store } from '../../store/port.ts';
import type { SessionStatus } from '../../store/records.ts';
import { chatAsJson, chatAsMarkdown } from './chat-export.ts';
import { sessionView } from './message-views.ts';

/** Chats the list shows; older ones are found by search. */
const listLimit = 500;
const hitLimit = 50;

/** What can be done with chats that are not necessarily the open one. */
export class SessionActions {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async list(archived: boolean): Promise<SessionView[]> {
    return (await this.#store.sessions.list({ limit: listLimit, includeArchived: archived })).map(sessionView);
  }

  /** Pauses, closes, archives a chat or takes it up again. To and from the archive the way leads over `closed`. */
  async changeStatus(id: string, to: Exclude<SessionStatus, 'expired'>): Promise<SessionView> {
    const session = await this.#store.sessions.get(id);
    if (session === null) throw new HearthlinkError('not-found');
    const { status } = session;
    const isFar = (to === 'archived' && (status === 'active' || status === 'paused')) || (status === 'archived' && (to === 'active' || to === 'paused'));
    if (isFar) await this.#store.sessions.transition({ id, to: 'closed', at: this.#clock.now() });
    return sessionView(await this.#store.sessions.transition({ id, to, at: this.#clock.now() }));
  }

  async search(text: string): Promise<SessionHitView[]> {
    if (text.trim() === '') return [];
    const hits = await this.#store.sessions.search({ text: text.trim(), limit: hitLimit });
    return hits.map(({ session, messageId, snippet, match }) => ({
      session: sessionView(session),
      messageId,
      snippet,
      matchStart: match.start,
      matchEnd: match.end,
    }));
  }

  async rename(id: string, title: string): Promise<SessionView> {
    const trimmed = title.trim();
    if (trimmed === '') throw new HearthlinkError('invalid-input');
    return sessionView(await this.#store.sessions.rename({ id, title: trimmed, by: 'user', at: this.#clock.now() }));
  }

  delete(id: string, alsoFacts: boolean): Promise<{ readonly facts: number }> {
    return this.#store.sessions.delete({ id, alsoFacts, at: this.#clock.now() });
  }

  async undoDelete(id: string): Promise<void> {
    await this.#store.sessions.undoDelete({ id, at: this.#clock.now() });
  }

  /** Asks where to, and writes Markdown or, for a name that ends in `.json`, everything with all branches. */
  async export(id: string): Promise<void> {
    const session = await this.#store.sessions.get(id);
    if (session === null) throw new HearthlinkError('not-found');
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const name = `${session.title.replaceAll(/[^\p{L}\p{N} _-]/gu, '').trim() || 'chat'}.md`;
    const target = await window.showSaveDialog({
      title: l10n.t('Export chat'),
      filters: { Markdown: ['md'], JSON: ['json'] },
      ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
    });
    if (target === undefined) return;
    const messages = await this.#store.messages.all(id);
    const text = target.path.toLowerCase().endsWith('.json') ? chatAsJson(session, messages) : chatAsMarkdown(session, messages);
    await workspace.fs.writeFile(target, new TextEncoder().encode(text));
    const open = l10n.t('Open');
    if ((await window.showInformationMessage(l10n.t('The chat was exported.'), open)) === open) await window.showTextDocument(target);
  }
}
