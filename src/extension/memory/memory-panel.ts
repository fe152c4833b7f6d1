import { ViewColumn, l10n, window, Uri, type WebviewPanel } from 'vscode';
import type { Disposable } from '../../shared/events.ts';
import type { Log } from '../../shared/ports.ts';
import { memoryProtocol, type MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { EventData, EventName } from '../../shared/protocol/channel.ts';
import { memoryPanelType } from '../memory-panel-feature.ts';
import { serveView, type Handlers, type ViewChannel } from '../view-channel.ts';
import { webviewFolder, webviewHtml } from '../webview-page.ts';

export interface MemoryPanelParts {
  readonly extensionUri: Uri;
  readonly log: Log;
  /** The panel came to the front or went away. */
  onDidChangeVisibility(visible: boolean): void;
}

/** The memory browser's place among the editors; one in a window. */
export class MemoryPanel implements Disposable {
  readonly #parts: MemoryPanelParts;
  readonly #handlers: Handlers<MemoryProtocol>;
  #panel: WebviewPanel | undefined;
  #channel: ViewChannel<MemoryProtocol> | undefined;
  #isReady = false;
  #whenReady: (() => void)[] = [];

  constructor(parts: MemoryPanelParts, handlers: Handlers<MemoryProtocol>) {
    this.#parts = parts;
    this.#handlers = handlers;
  }

  /** Brings the panel to the front, and into being. */
  show(): void {
    if (this.#panel !== undefined) this.#panel.reveal();
    else this.serve(window.createWebviewPanel(memoryPanelType, l10n.t('Memory'), ViewColumn.Active, { enableScripts: true }));
  }

  /** Fills a panel that is new, or was there before a reload. */
  serve(panel: WebviewPanel): void {
    const { extensionUri, log } = this.#parts;
    if (this.#panel !== undefined) this.#panel.dispose();
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
    panel.iconPath = { light: Uri.joinPath(extensionUri, 'media/hearth-light.svg'), dark: Uri.joinPath(extensionUri, 'media/hearth-dark.svg') };
    const channel = serveView(panel.webview, memoryProtocol, this.#noticingReady(), log);
    this.#panel = panel;
    this.#channel = channel;
    panel.webview.html = webviewHtml(panel.webview, extensionUri, { name: 'memory', title: 'Hearthlink Memory' });
    this.#parts.onDidChangeVisibility(panel.visible);
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#isReady = false; // a hidden webview is thrown away and starts anew
      this.#parts.onDidChangeVisibility(panel.visible);
    });
    panel.onDidDispose(() => {
      channel.dispose();
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#channel = undefined;
      this.#isReady = false;
      this.#parts.onDidChangeVisibility(false);
    });
  }

  /** Somebody looks at it, and it can hear what changes. */
  get isListening(): boolean {
    return this.#isReady;
  }

  /** Nothing is sent to a panel that is not there or has not asked for its snapshot yet. */
  send<E extends EventName<MemoryProtocol>>(name: E, data: EventData<MemoryProtocol, E>): void {
    if (this.#isReady) this.#channel?.send(name, data);
  }

  /** As `send`, once the panel that is being opened can hear it. */
  sendWhenReady<E extends EventName<MemoryProtocol>>(name: E, data: EventData<MemoryProtocol, E>): void {
    if (this.#isReady) this.send(name, data);
    else this.#whenReady.push(() => { this.send(name, data); });
  }

  dispose(): void {
    this.#channel?.dispose();
  }

  #noticingReady(): Handlers<MemoryProtocol> {
    return {
      ...this.#handlers,
      ready: async (parameters) => {
        const snapshot = await this.#handlers.ready(parameters);
        // After the reply has gone out, so that the view has something to act on.
        setImmediate(() => {
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
