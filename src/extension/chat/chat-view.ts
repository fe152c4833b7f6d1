import { l10n, type Uri, type WebviewView } from 'vscode';
import type { Log } from '../../shared/ports.ts';
import { chatProtocol, type ChatProtocol } from '../../shared/protocol/chat.ts';
import { serveView, type Handlers, type ViewChannel } from '../view-channel.ts';
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
  /** What waits for the view: commands that brought it into being, and events while a snapshot is being composed. */
  #whenReady: (() => void)[] = [];
  #isComposing = false;
  #isReady = false;

  constructor(parts: ChatViewParts) {
    this.#parts = parts;
  }

  /**
   * Nothing is sent to a view that is not there or has not asked for its snapshot yet: the snapshot holds it all. What
   * happens while one is composed follows it, so that no end of a reply is missed; the view takes the same thing twice.
   */
  readonly send: SendEvent = (name, data) => {
    if (this.#isReady) this.#channel?.send(name, data);
    else if (this.#isComposing) this.#whenReady.push(() => this.#channel?.send(name, data));
  };

  /** Runs once the view can hear events: a command that has just brought it into being has to wait for it. */
  whenReady(run: () => void): void {
    if (this.#isReady) run();
    else this.#whenReady.push(run);
  }

  serve(view: WebviewView, handlers: Handlers<ChatProtocol>, onRequest: () => void): void {
    const { extensionUri, log } = this.#parts;
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
    const channel = serveView(view.webview, chatProtocol, this.#noticingReady(handlers), log, onRequest);
    this.#channel = channel;
    view.webview.html = webviewHtml(view.webview, extensionUri, { name: 'chat', title: 'Hearthlink Chat' });
    this.#parts.onDidChangeVisibility(view.visible);
    view.onDidChangeVisibility(() => {
      if (view.visible) this.#clearBadge();
      else this.#isReady = false; // a hidden webview is thrown away and starts anew
      this.#parts.onDidChangeVisibility(view.visible);
    });
    view.onDidDispose(() => {
      channel.dispose();
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#channel = undefined;
      this.#isReady = false;
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

  #noticingReady(handlers: Handlers<ChatProtocol>): Handlers<ChatProtocol> {
    return {
      ...handlers,
      ready: async (parameters) => {
        this.#isReady = false;
        this.#isComposing = true;
        const snapshot = await handlers.ready(parameters);
        // After the reply has gone out, so that the view has something to act on.
        setImmediate(() => {
          this.#isComposing = false;
          this.#isReady = true;
          const waiting = this.#whenReady;
          this.#whenReady = [];
          for (const run of waiting) run();
        });
        return snapshot;
      },
    };
  }
}
