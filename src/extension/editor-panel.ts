import { Uri, ViewColumn, window, type WebviewPanel } from 'vscode';
import type { Disposable } from '../shared/events.ts';
import type { Log } from '../shared/ports.ts';
import type { EventData, EventName, Protocol } from '../shared/protocol/channel.ts';
import { serveView, type Handlers, type ViewChannel } from './view-channel.ts';
import { ViewReadiness } from './view-readiness.ts';
import { webviewFolder, webviewHtml } from './webview-page.ts';

export interface EditorPanelParts<P extends Protocol> {
  /** As the panel is known to VS Code over a reload. */
  readonly type: string;
  /** The bundle's name under dist/webview. */
  readonly bundle: string;
  readonly title: string;
  readonly extensionUri: Uri;
  readonly log: Log;
  readonly protocol: P;
  readonly handlers: Handlers<P>;
  /** The panel came to the front or went away. */
  onDidChangeVisibility(visible: boolean): void;
  /** The panel asked for something. */
  readonly onRequest: () => void;
}

/** A view's place among the editors; one in a window. The view asks for its snapshot by the method `ready`. */
export class EditorPanel<P extends Protocol> implements Disposable {
  readonly #parts: EditorPanelParts<P>;
  #panel: WebviewPanel | undefined;
  #channel: ViewChannel<P> | undefined;
  readonly #readiness = new ViewReadiness();

  constructor(parts: EditorPanelParts<P>) {
    this.#parts = parts;
  }

  /** Brings the panel to the front, and into being. */
  show(): void {
    const { type, title } = this.#parts;
    if (this.#panel !== undefined) this.#panel.reveal();
    else this.serve(window.createWebviewPanel(type, title, ViewColumn.Active, { enableScripts: true }));
  }

  /** Fills a panel that is new, or was there before a reload. */
  serve(panel: WebviewPanel): void {
    const { bundle, title, extensionUri, log, protocol, handlers, onRequest } = this.#parts;
    this.#panel?.dispose();
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
    panel.iconPath = { light: Uri.joinPath(extensionUri, 'media/hearth-light.svg'), dark: Uri.joinPath(extensionUri, 'media/hearth-dark.svg') };
    const channel = serveView(panel.webview, protocol, handlers, log, this.#readiness.listener(onRequest));
    this.#panel = panel;
    this.#channel = channel;
    panel.webview.html = webviewHtml(panel.webview, extensionUri, { name: bundle, title: `Hearthlink ${title}` });
    this.#parts.onDidChangeVisibility(panel.visible);
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#readiness.leave();
      this.#parts.onDidChangeVisibility(panel.visible);
    });
    panel.onDidDispose(() => {
      channel.dispose();
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#channel = undefined;
      this.#readiness.leave();
      this.#parts.onDidChangeVisibility(false);
    });
  }

  get isVisible(): boolean {
    return this.#panel?.visible === true;
  }

  /** Nothing is sent to a panel that nobody sees, or that has not asked for its snapshot yet, which holds everything. */
  send<E extends EventName<P>>(name: E, data: EventData<P, E>): void {
    this.#readiness.send(() => this.#channel?.send(name, data));
  }

  /** As `send`, once the panel that is being shown can hear it. */
  sendWhenReady<E extends EventName<P>>(name: E, data: EventData<P, E>): void {
    const shown = this.#panel;
    this.#readiness.whenReady(() => { if (this.#panel === shown) this.#channel?.send(name, data); });
  }

  /** Takes the panel away, with all that it shows. */
  close(): void {
    this.#panel?.dispose();
  }

  dispose(): void {
    this.#channel?.dispose();
  }
}
