import { l10n, type Uri, type WebviewView } from 'vscode';
import type { Log } from '../../shared/ports.ts';
import { chatProtocol, type ChatProtocol } from '../../shared/protocol/chat.ts';
import { serveView, type Handlers, type ViewChannel } from '../view-channel.ts';
import { ViewReadiness } from '../view-readiness.ts';
import { webviewFolder, webviewHtml } from '../webview-page.ts';
import type { SendEvent } from './open-chat.ts';

export interface ChatViewParts {
  readonly extensionUri: Uri;
  readonly log: Log;
  /** The view came to the front or went away. */
  onDidChangeVisibility(visible: boolean): void;
}

/** The chat's place in the side bar: there or not, shown or hidden. What happens in it is `OpenChat`'s and the handlers'. */
export class ChatView {
  readonly #parts: ChatViewParts;
  #view: WebviewView | undefined;
  #channel: ViewChannel<ChatProtocol> | undefined;
  readonly #readiness = new ViewReadiness();

  constructor(parts: ChatViewParts) {
    this.#parts = parts;
  }

  /** Nothing is sent to a view that is not there, or that has not asked for its snapshot yet, which holds everything. */
  readonly send: SendEvent = (name, data) => {
    this.#readiness.send(() => this.#channel?.send(name, data));
  };

  /** Runs once the view can hear events: a command that has just brought it into being has to wait for it. */
  whenReady(run: () => void): void {
    this.#readiness.whenReady(run);
  }

  serve(view: WebviewView, handlers: Handlers<ChatProtocol>, onRequest: () => void): void {
    const { extensionUri, log } = this.#parts;
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
    const channel = serveView(view.webview, chatProtocol, handlers, log, this.#readiness.listener(onRequest));
    this.#channel = channel;
    view.webview.html = webviewHtml(view.webview, extensionUri, { name: 'chat', title: 'Hearthlink Chat' });
    this.#parts.onDidChangeVisibility(view.visible);
    view.onDidChangeVisibility(() => {
      if (view.visible) this.#clearBadge();
      else this.#readiness.leave();
      this.#parts.onDidChangeVisibility(view.visible);
    });
    view.onDidDispose(() => {
      channel.dispose();
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#channel = undefined;
      this.#readiness.leave();
      this.#parts.onDidChangeVisibility(false);
    });
  }

  /** A reply that ended while nobody looked counts on the view's icon. */
  markUnread(): void {
    if (this.#view === undefined || this.#view.visible) return;
    const count = (this.#view.badge?.value ?? 0) + 1;
    this.#view.badge = { value: count, tooltip: count === 1 ? l10n.t('A new reply') : l10n.t('{0} new replies', count) };
  }

  #clearBadge(): void {
    if (this.#view !== undefined) this.#view.badge = undefined;
  }
}
