import type { Exchange } from './exchange.ts';
import { hashedEmbedding, normalised } from './hashed-embedding.ts';
import type { ModelRunners } from './model-runners.ts';
import { embedBody } from './request-bodies.ts';
import { countTokens } from './scripted-context.ts';
import type { ScriptedModel } from './scripted-model.ts';
import { pause, until } from './waiting.ts';

/** How embedding requests are answered. */
export class EmbedScript {
  readonly #table: { readonly key: string; readonly vector: readonly number[] }[] = [];
  readonly #next: EmbedAnswer[] = [];

  /** Texts that contain the key get this vector (filled up with zeros, normalised); the longest key wins. */
  table(vectors: Readonly<Record<string, readonly number[]>>): void {
    for (const [key, vector] of Object.entries(vectors)) this.#table.push({ key, vector });
    this.#table.sort((a, b) => b.key.length - a.key.length);
  }

  /** The next request is answered so, once. */
  next(answer: EmbedAnswer): void {
    this.#next.push(answer);
  }

  take(): EmbedAnswer {
    return this.#next.shift() ?? {};
  }

  vector(text: string, dimensions: number): readonly number[] {
    const entry = this.#table.find(({ key }) => text.includes(key));
    if (entry === undefined) return hashedEmbedding(text, dimensions);
    return normalised(Array.from({ length: dimensions }, (_, index) => entry.vector[index] ?? 0));
  }
}

export interface EmbedAnswer {
  readonly hold?: Promise<unknown>;
  readonly delayMs?: number;
  readonly refusal?: { readonly status: number; readonly error: string };
  /** As after a model was replaced by another of the same name. */
  readonly dimensions?: number;
  /** Sent instead of the made ones. */
  readonly embeddings?: readonly (readonly number[])[];
}

export interface EmbedRoute {
  readonly script: EmbedScript;
  readonly runners: ModelRunners;
  find(name: string): ScriptedModel | undefined;
}

/** `POST /api/embed`. */
export async function answerEmbed(exchange: Exchange, route: EmbedRoute): Promise<void> {
  const parsed = embedBody.safeParse(exchange.body);
  if (!parsed.success) {
    exchange.refuse(400, 'invalid input type');
    return;
  }
  const request = parsed.data;
  const model = route.find(request.model);
  if (model === undefined) {
    exchange.refuse(404, `model ${JSON.stringify(request.model)} not found, try pulling it first`);
    return;
  }
  const answer = route.script.take();
  if (answer.refusal !== undefined) {
    exchange.refuse(answer.refusal.status, answer.refusal.error);
    return;
  }
  if (model.dimensions === 0) {
    exchange.refuse(501, 'This server does not support embeddings. Start it with `--embeddings`');
    return;
  }
  const turn = await route.runners.take(model, { contextSize: request.options.num_ctx, keepAlive: request.keep_alive }, exchange.left);
  if (turn === 'gone') return;
  if (turn === 'busy') {
    exchange.refuse(503, 'server busy, please try again.  maximum pending requests exceeded');
    return;
  }
  try {
    await pause(answer.delayMs ?? 0, exchange.left);
    await until(answer.hold, exchange.left);
    if (exchange.isGone()) return;
    const texts = typeof request.input === 'string' ? [request.input].filter((text) => text !== '') : request.input;
    const window = Math.min(request.options.num_ctx ?? 4096, model.contextLength);
    if (!request.truncate && texts.some((text) => countTokens(text) > window)) {
      exchange.refuse(400, 'the input length exceeds the context length');
      return;
    }
    const cut = texts.map((text) => text.slice(0, window * 4));
    const wanted = request.dimensions ?? answer.dimensions ?? model.dimensions;
    exchange.json(200, {
      model: request.model,
      embeddings: answer.embeddings ?? cut.map((text) => normalised(route.script.vector(text, answer.dimensions ?? model.dimensions).slice(0, wanted))),
      total_duration: 1_000_000,
      load_duration: Math.round(turn.loadMs * 1e6),
      prompt_eval_count: cut.reduce((sum, text) => sum + countTokens(text), 0),
    });
  } finally {
    turn.release();
  }
}
