import { HearthlinkError } from '../../shared/errors.ts';
import { Emitter, type Disposable } from '../../shared/events.ts';
import type { Log, Timers } from '../../shared/ports.ts';
import type { ConnectionView, ModelView } from '../../shared/protocol/chat-views.ts';
import { isSameModel } from '../../models/model-name.ts';
import type { ModelCatalog, ModelInfo } from '../../models/port.ts';
import { bestChatModel } from '../../models/recommended-models.ts';

/** How often an absent server is asked again while somebody looks, in milliseconds. */
const retryMs = 5_000;

export interface ConnectionParts {
  readonly catalog: ModelCatalog;
  readonly timers: Timers;
  readonly log: Log;
  /** The model of the settings; empty for the first installed one. */
  readonly chatModel: () => string;
  /** Writes the chosen model into the settings. */
  readonly saveChatModel: (name: string) => Promise<void>;
  /** The endpoint is on this machine, so Ollama could be started here. */
  readonly canStart: () => boolean;
  /** What this machine can run: the model's name. */
  readonly suggestion: () => string;
  readonly memoryBytes: number;
}

/** Knows whether there is a model to talk to, and which. Asks when told to, and again by itself while it is watched. */
export class Connection implements Disposable {
  readonly #parts: ConnectionParts;
  readonly #changes: Emitter<ConnectionView>;
  #view: ConnectionView = { state: 'unknown' };
  #models: readonly ModelInfo[] = [];
  #checking: Promise<ConnectionView> | undefined;
  #watchers = 0;
  #cancelRetry: (() => void) | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#changes = new Emitter((error) => {
      parts.log.error('a listener of the connection failed', { code: HearthlinkError.from(error).code });
    });
  }

  get onDidChange(): Emitter<ConnectionView>['event'] {
    return this.#changes.event;
  }

  get view(): ConnectionView {
    return this.#view;
  }

  /** The chosen chat model; null while none is known. */
  get model(): string | null {
    return this.#view.state === 'ready' ? this.#view.model : null;
  }

  /** From now on this model answers. */
  async choose(name: string): Promise<void> {
    await this.#parts.saveChatModel(name);
    await this.check();
  }

  /** Asks the server now; calls that come meanwhile share the answer. */
  check(): Promise<ConnectionView> {
    this.#checking ??= this.#ask().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  /** Keeps asking while the server is away; dispose the result to stop. */
  watch(): Disposable {
    this.#watchers++;
    this.#planRetry();
    return {
      dispose: () => {
        this.#watchers--;
        if (this.#watchers === 0) this.#cancelRetry?.();
      },
    };
  }

  /** What the server has, for the picker. @throws HearthlinkError `model-*` when it cannot be asked. */
  async models(): Promise<ModelView[]> {
    this.#models = await this.#parts.catalog.list(AbortSignal.timeout(10_000));
    const chosen = this.#choose();
    return this.#models
      .filter(({ abilities }) => abilities.includes('chat'))
      .map((model) => ({
        name: model.name,
        bytes: model.bytes,
        contextLength: model.contextLength,
        abilities: [...model.abilities],
        loaded: model.loaded,
        chosen: model.name === chosen,
        needsBytes: model.bytes > this.#parts.memoryBytes ? model.bytes : null,
      }));
  }

  dispose(): void {
    this.#cancelRetry?.();
    this.#changes.dispose();
  }

  async #ask(): Promise<ConnectionView> {
    const next = await this.#look();
    if (JSON.stringify(next) !== JSON.stringify(this.#view)) {
      this.#parts.log.info('model connection', { state: next.state, code: next.state === 'offline' ? next.error.code : undefined });
      this.#view = next;
      this.#changes.fire(next);
    }
    this.#planRetry();
    return next;
  }

  async #look(): Promise<ConnectionView> {
    const offline = (error: HearthlinkError): ConnectionView => ({ state: 'offline', error: error.toData(), canStart: this.#parts.canStart() });
    try {
      const status = await this.#parts.catalog.probe(AbortSignal.timeout(10_000));
      if (!status.reachable) return offline(status.error);
      this.#models = await this.#parts.catalog.list(AbortSignal.timeout(10_000));
    } catch (error) {
      return offline(HearthlinkError.from(error));
    }
    const model = this.#choose();
    return model === null
      ? { state: 'no-model', suggestion: this.#parts.chatModel() || this.#parts.suggestion(), memoryGb: Math.round(this.#parts.memoryBytes / 2 ** 30) }
      : { state: 'ready', model };
  }

  /** The settings' model if it is installed; where none is set, the best of what is; null for none. */
  #choose(): string | null {
    const wanted = this.#parts.chatModel();
    if (wanted === '') return bestChatModel(this.#models)?.name ?? null;
    return this.#models.find(({ name, abilities }) => abilities.includes('chat') && isSameModel(name, wanted))?.name ?? null;
  }

  #planRetry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    if (this.#watchers === 0 || this.#view.state === 'ready') return;
    this.#cancelRetry = this.#parts.timers.after(this.#view.state === 'unknown' ? 0 : retryMs, () => void this.check());
  }
}
