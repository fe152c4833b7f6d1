import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, Log } from '../shared/ports.ts';
import type { ContextWindows } from './context-windows.ts';
import type { KnownModels } from './model-facts.ts';
import { isSameModel } from './model-name.ts';
import type { ModelSettings } from './model-settings.ts';
import type { OllamaCatalog } from './ollama-catalog.ts';
import type { ModelChoice, ModelInfo } from './port.ts';
import { bestChatModel, bestEmbeddingModel } from './recommended-models.ts';

export interface InstalledModelChoiceParts {
  readonly catalog: OllamaCatalog;
  readonly known: KnownModels;
  readonly windows: ContextWindows;
  readonly settings: () => ModelSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a list of installed models is believed, in milliseconds: someone may pull or delete one by other means. */
const listAgeMs = 30_000;

/** Chooses among what the server of the settings has installed. */
export class InstalledModelChoice implements ModelChoice {
  readonly #parts: InstalledModelChoiceParts;
  #list: { readonly endpoint: string; readonly at: number; readonly models: readonly ModelInfo[] } | undefined;

  constructor(parts: InstalledModelChoiceParts) {
    this.#parts = parts;
  }

  async chatModel(signal: AbortSignal): Promise<string | null> {
    const { chatModel } = this.#parts.settings();
    if (chatModel !== '') return chatModel;
    const { catalog } = this.#parts;
    return bestChatModel(await this.#installed(() => catalog.list(signal)))?.name ?? null;
  }

  /** Null: none is installed, or the one of the settings is not. Refused while the server rests after failures. */
  async embeddingModel(signal: AbortSignal): Promise<ModelInfo | null> {
    const { catalog, settings } = this.#parts;
    const installed = await this.#installed(() => catalog.listInBackground(signal));
    const chosen = settings().embeddingModel;
    if (chosen === '') return bestEmbeddingModel(installed);
    return installed.find(({ name }) => isSameModel(name, chosen)) ?? null;
  }

  async contextTokens(model: string, signal: AbortSignal): Promise<number> {
    const { known, windows, settings, log } = this.#parts;
    const { contextSize } = settings();
    try {
      const { contextLength } = await known.localFacts(model, signal);
      const asked = Math.min(contextSize, contextLength ?? contextSize);
      return windows.given(model, asked);
    } catch (error) {
      log.debug('the context window is taken from the settings', { model, code: HearthlinkError.from(error).code });
      return contextSize;
    }
  }

  /** After a pull, or when a model turned out to be gone. */
  forgetInstalled(): void {
    this.#list = undefined;
  }

  async #installed(list: () => Promise<readonly ModelInfo[]>): Promise<readonly ModelInfo[]> {
    const { clock, settings } = this.#parts;
    const { endpoint } = settings();
    const held = this.#list;
    if (held?.endpoint === endpoint && clock.now() - held.at < listAgeMs) return held.models;
    const models = await list();
    this.#list = { endpoint, at: clock.now(), models };
    return models;
  }
}
