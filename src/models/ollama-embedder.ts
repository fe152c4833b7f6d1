import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { prefixesOf } from './embedding-prefixes.ts';
import type { InstalledModelChoice } from './model-choice.ts';
import { cancellation, type ModelQueue } from './model-queue.ts';
import { keepAliveOf, type ModelSettings } from './model-settings.ts';
import type { OllamaClient } from './ollama-client.ts';
import type { Embedder, ModelInfo, TokenEstimator } from './port.ts';
import { WaitingWatch } from './waiting-watch.ts';

export interface OllamaEmbedderParts {
  readonly client: OllamaClient;
  readonly settings: () => ModelSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly queue: ModelQueue;
  readonly breaker: CircuitBreaker;
  readonly choice: InstalledModelChoice;
  readonly tokens: TokenEstimator;
}

/** Texts in one request: few enough that what is interrupted is soon made again. */
const batchSize = 16;
/** Tokens that are embedded of one text. Longer windows cost memory and blur what a vector means. */
const windowTokens = 2048;
/** The share of the window that an estimate may fill, because it is one. */
const estimateShare = 0.9;

/** Vectors of the chosen embedding model. */
export class OllamaEmbedder implements Embedder {
  readonly #parts: OllamaEmbedderParts;
  /** Components of a vector, by digest. */
  readonly #dimensions = new Map<string, number>();

  constructor(parts: OllamaEmbedderParts) {
    this.#parts = parts;
  }

  async model(): Promise<string | null> {
    try {
      return (await this.#chosen(new AbortController().signal)).digest;
    } catch (error) {
      this.#parts.log.debug('there is no embedding model', { code: HearthlinkError.from(error).code });
      return null;
    }
  }

  async embed(texts: readonly string[], purpose: 'query' | 'document', signal: AbortSignal): Promise<readonly Float32Array[]> {
    try {
      const model = await this.#chosen(signal);
      const prepared = texts.map((text) => this.#prepared(model.name, text, purpose));
      const vectors: Float32Array[] = [];
      for (let start = 0; start < prepared.length; start += batchSize) {
        vectors.push(...(await this.#embedBatch(model, prepared.slice(start, start + batchSize), purpose, signal)));
      }
      return vectors;
    } catch (error) {
      if (HearthlinkError.is(error, 'model-missing')) this.#parts.choice.forgetInstalled();
      throw signal.aborted ? cancellation(signal) : error;
    }
  }

  async #chosen(signal: AbortSignal): Promise<ModelInfo> {
    const model = await this.#parts.choice.embeddingModel(signal);
    if (model === null) throw new HearthlinkError('model-none-chosen');
    return model;
  }

  #embedBatch(model: ModelInfo, input: string[], purpose: 'query' | 'document', signal: AbortSignal): Promise<readonly Float32Array[]> {
    const { client, clock, timers, queue, breaker, settings, tokens } = this.#parts;
    const silence = new AbortController();
    const watch = new WaitingWatch({
      client,
      clock,
      timers,
      model: model.name,
      silenceMs: settings().silenceSeconds * 1000,
      onWaiting: () => undefined,
      onSilent: (error) => {
        silence.abort(error);
      },
    });
    const lane = purpose === 'query' ? 'query' : 'background';
    const embedded = queue.run(lane, signal, (turn) =>
      breaker.run('background', async () => {
        watch.sent();
        const request = {
          model: model.name,
          input,
          // What is cut off is the end of a text that is far too long; a vector of its beginning is worth more than none.
          truncate: true,
          options: { num_ctx: Math.min(windowTokens, model.contextLength ?? windowTokens) },
          ...keepAliveOf(settings()),
        };
        const answer = await client.embed(request, AbortSignal.any([turn, silence.signal]));
        if (answer.prompt_eval_count !== undefined) {
          tokens.learn(model.name, input.reduce((sum, text) => sum + text.length, 0), answer.prompt_eval_count);
        }
        return this.#checked(model, input.length, answer.embeddings);
      }),
    );
    return embedded.finally(() => {
      watch.stop();
    });
  }

  #prepared(model: string, text: string, purpose: 'query' | 'document'): string {
    const longest = Math.floor(windowTokens * estimateShare * this.#parts.tokens.charactersPerToken(model));
    return prefixesOf(model)[purpose] + text.slice(0, longest).toWellFormed();
  }

  #checked(model: ModelInfo, count: number, embeddings: readonly (readonly number[])[]): readonly Float32Array[] {
    const fail = (detail: string): HearthlinkError => new HearthlinkError('model-bad-output', { model: model.name, detail });
    if (embeddings.length !== count) throw fail(`${String(embeddings.length)} vectors for ${String(count)} texts`);
    return embeddings.map((embedding) => {
      const dimensions = this.#dimensions.get(model.digest) ?? embedding.length;
      const length = Math.hypot(...embedding);
      if (embedding.length !== dimensions || dimensions === 0) {
        // Another model took its name, so its digest has changed as well.
        this.#parts.choice.forgetInstalled();
        throw fail(`${String(embedding.length)} components instead of ${String(dimensions)}`);
      }
      if (!Number.isFinite(length) || length === 0) throw fail('a vector without a length');
      this.#dimensions.set(model.digest, dimensions);
      return Float32Array.from(embedding, (component) => component / length);
    });
  }
}
