import type { Clock, Log, Timers } from '../shared/ports.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ContextWindows } from './context-windows.ts';
import { InstalledModelChoice } from './model-choice.ts';
import { KnownModels } from './model-facts.ts';
import { ModelQueue } from './model-queue.ts';
import type { ModelSettings } from './model-settings.ts';
import { OllamaCatalog } from './ollama-catalog.ts';
import { OllamaChat } from './ollama-chat.ts';
import { OllamaClient } from './ollama-client.ts';
import { OllamaEmbedder } from './ollama-embedder.ts';
import type { ChatModel, Embedder, ModelCatalog, ModelChoice, TokenEstimator } from './port.ts';
import { createTokenEstimator } from './token-estimator.ts';

export interface OllamaParts {
  /** Read anew for each call. */
  readonly settings: () => ModelSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** Everything that speaks to the one server of the settings. */
export interface OllamaRoom {
  readonly chat: ChatModel;
  readonly embedder: Embedder;
  readonly catalog: ModelCatalog;
  readonly choice: ModelChoice;
  readonly tokens: TokenEstimator;
  readonly queue: ModelQueue;
  readonly breaker: CircuitBreaker;
}

export function createOllama({ settings, clock, timers, log }: OllamaParts): OllamaRoom {
  const client = new OllamaClient(settings, timers);
  const queue = new ModelQueue(clock);
  const breaker = new CircuitBreaker(clock);
  const tokens = createTokenEstimator();
  const known = new KnownModels(client, () => settings().endpoint);
  const windows = new ContextWindows(client, log);
  const catalog = new OllamaCatalog({
    client,
    breaker,
    log,
    onDidPull: () => {
      known.forget();
      choice.forgetInstalled();
    },
  });
  const choice = new InstalledModelChoice({ catalog, known, windows, settings, clock, log });
  return {
    chat: new OllamaChat({ client, settings, clock, timers, log, queue, breaker, known, windows, tokens }),
    embedder: new OllamaEmbedder({ client, settings, clock, timers, log, queue, breaker, choice, tokens }),
    catalog,
    choice,
    tokens,
    queue,
    breaker,
  };
}
