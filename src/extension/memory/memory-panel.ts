import { l10n, type Uri, type WebviewPanel } from 'vscode';
import type { Disposable } from '../../shared/events.ts';
import type { Log } from '../../shared/ports.ts';
import { memoryProtocol, type MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { EventData, EventName } from '../../shared/protocol/channel.ts';
import { EditorPanel } from '../editor-panel.ts';
import { memoryPanelType } from '../memory-panel-feature.ts';
import type { Handlers } from '../view-channel.ts';

export interface MemoryPanelParts {
  readonly extensionUri: Uri;
  readonly log: Log;
  /** The panel came to the front or went away. */
  onDidChangeVisibility(visible: boolean): void;
  /** The panel asked for something. */
  readonly onRequest: () => void;
}

/** The memory browser's place among the editors, which also knows when the view has asked for its snapshot. */
export class MemoryPanel implements Disposable {
  readonly #panel: EditorPanel<MemoryProtocol>;
  #isReady = false;
  #whenReady: (() => void)[] = [];

  constructor(parts: MemoryPanelParts, handlers: Handlers<MemoryProtocol>) {
    this.#panel = new EditorPanel<MemoryProtocol>({
      type: memoryPanelType,
      bundle: 'memory',
      title: l10n.t('Memory'),
      extensionUri: parts.extensionUri,
      log: parts.log,
      protocol: memoryProtocol,
      handlers: this.#noticingReady(handlers),
      onRequest: parts.onRequest,
      onDidChangeVisibility: (visible) => {
        if (!visible) this.#isReady = false; // a hidden webview is thrown away and starts anew
        parts.onDidChangeVisibility(visible);
      },
    });
  }

  /** Brings the panel to the front, and into being. */
  show(): void {
    this.#panel.show();
  }

  /** Fills a panel that was there before a reload. */
  serve(panel: WebviewPanel): void {
    this.#panel.serve(panel);
  }

  /** Somebody looks at it, and it can hear what changes. */
  get isListening(): boolean {
    return this.#isReady;
  }

  /** Nothing is sent to a panel that is not there or has not asked for its snapshot yet. */
  send<E extends EventName<MemoryProtocol>>(name: E, data: EventData<MemoryProtocol, E>): void {
    if (this.#isReady) this.#panel.send(name, data);
  }

  /** As `send`, once the panel that is being opened can hear it. */
  sendWhenReady<E extends EventName<MemoryProtocol>>(name: E, data: EventData<MemoryProtocol, E>): void {
    if (this.#isReady) this.send(name, data);
    else this.#whenReady.push(() => { this.send(name, data); });
  }

  /** Takes it away, with all that it shows. */
  close(): void {
    this.#panel.close();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #noticingReady(handlers: Handlers<MemoryProtocol>): Handlers<MemoryProtocol> {
    return {
      ...handlers,
      ready: async (parameters) => {
        try {
          return await handlers.ready(parameters);
        } finally {
          // After the reply has gone out, so that the view has something to act on. Where there was none, as while the store is
          // locked, it still hears that things have changed.
          setImmediate(() => {
            this.#isReady = true;
            const waiting = this.#whenReady;
            this.#whenReady = [];
            for (const run of waiting) run();
          });
        }
      },
    };
  }
}
