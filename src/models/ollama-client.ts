import { Ollama, type ChatRequest, type EmbedRequest } from 'ollama/browser';
import type * as z from 'zod';
import { HearthlinkError } from '../shared/errors.ts';
import type { Timers } from '../shared/ports.ts';
import type { ModelSettings } from './model-settings.ts';
import { type Asked, errorOfTransport, errorOfWords, wrongServer } from './ollama-errors.ts';
import { createOllamaFetch } from './ollama-fetch.ts';
import {
  chatFrame,
  embedAnswer,
  psAnswer,
  pullFrame,
  showAnswer,
  tagsAnswer,
  versionAnswer,
  type ChatFrame,
  type EmbedAnswer,
  type ListedModel,
  type PullFrame,
  type RunningModel,
  type ShownModel,
} from './ollama-wire.ts';

const connectMs = 3000;
/** For requests that a server answers from what it knows, without running a model. */
const quickAnswerMs = 5000;
const bytesShown = 200;

/**
 * The `ollama` package, a client object per request: with the request's own signal and limits, answers parsed, and errors as
 * HearthlinkErrors. The package's browser build is used because the other one reads a file from disk where an image is given
 * as a string that happens to be a path.
 */
export class OllamaClient {
  readonly #settings: () => ModelSettings;
  readonly #timers: Timers;

  constructor(settings: () => ModelSettings, timers: Timers) {
    this.#settings = settings;
    this.#timers = timers;
  }

  async version(signal: AbortSignal): Promise<string> {
    const { asked, ollama } = this.#prepare(signal, { answerMs: quickAnswerMs });
    return parsed(versionAnswer, await ask(signal, asked, () => ollama.version()), asked).version;
  }

  async tags(signal: AbortSignal): Promise<readonly ListedModel[]> {
    const { asked, ollama } = this.#prepare(signal, { answerMs: quickAnswerMs });
    return parsed(tagsAnswer, await ask(signal, asked, () => ollama.list()), asked).models;
  }

  async running(signal: AbortSignal): Promise<readonly RunningModel[]> {
    const { asked, ollama } = this.#prepare(signal, { answerMs: quickAnswerMs });
    return parsed(psAnswer, await ask(signal, asked, () => ollama.ps()), asked).models;
  }

  async show(model: string, signal: AbortSignal): Promise<ShownModel> {
    const { asked, ollama } = this.#prepare(signal, { answerMs: quickAnswerMs, model });
    return parsed(showAnswer, await ask(signal, asked, () => ollama.show({ model })), asked);
  }

  /** Without a limit for the answer: the caller watches over it. */
  async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedAnswer> {
    const { asked, ollama } = this.#prepare(signal, { answerMs: null, model: request.model });
    return parsed(embedAnswer, await ask(signal, asked, () => ollama.embed(request)), asked);
  }

  /** The frames of a reply, the one with `done` last. Without a limit for the first: the caller watches over it. */
  chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatFrame> {
    return this.#frames(chatFrame, request.model, signal, (ollama) => ollama.chat({ ...request, stream: true }));
  }

  pull(model: string, signal: AbortSignal): AsyncGenerator<PullFrame> {
    return this.#frames(pullFrame, model, signal, (ollama) => ollama.pull({ model, stream: true }));
  }

  /** Whoever stops reading ends the request: the package's own iterator would let the server go on. */
  async *#frames<Shape extends z.ZodType>(
    shape: Shape,
    model: string,
    signal: AbortSignal,
    open: (ollama: Ollama) => Promise<AsyncIterable<unknown>>,
  ): AsyncGenerator<z.infer<Shape>> {
    const left = new AbortController();
    const { asked, ollama } = this.#prepare(AbortSignal.any([signal, left.signal]), { answerMs: null, model });
    try {
      for await (const frame of await open(ollama)) yield parsed(shape, frame, asked);
    } catch (error) {
      throw failure(error, signal, asked);
    } finally {
      left.abort();
    }
  }

  #prepare(signal: AbortSignal, { answerMs, model }: { answerMs: number | null; model?: string }): { asked: Asked; ollama: Ollama } {
    const { endpoint, headers } = this.#settings();
    const asked = model === undefined ? { endpoint } : { endpoint, model };
    const fetch = createOllamaFetch({ connectMs, answerMs, asked, timers: this.#timers, signal });
    return { asked, ollama: new Ollama({ host: hostOf(endpoint), fetch, ...(headers !== undefined && { headers: { ...headers } }) }) };
  }
}

/** The address to call. `0.0.0.0` is what a server binds to, and no target on every system. */
function hostOf(endpoint: string): string {
  if (!URL.canParse(endpoint) || !/^https?:\/\//.test(endpoint)) {
    throw new HearthlinkError('model-wrong-server', { endpoint, detail: 'the endpoint is not an http address' });
  }
  return endpoint.replace('://0.0.0.0', '://127.0.0.1');
}

async function ask<T>(signal: AbortSignal, asked: Asked, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failure(error, signal, asked);
  }
}

function parsed<Shape extends z.ZodType>(shape: Shape, answer: unknown, asked: Asked): z.infer<Shape> {
  const result = shape.safeParse(answer);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.map(String).join('.') ?? '';
  throw wrongServer(asked, `unexpected answer${where === '' ? '' : ` at ${where}`}`.slice(0, bytesShown));
}

function failure(error: unknown, signal: AbortSignal, asked: Asked): unknown {
  if (signal.aborted) return signal.reason;
  if (HearthlinkError.is(error)) return error;
  if (error instanceof SyntaxError) return wrongServer(asked, 'the answer is not JSON');
  if (error instanceof Error && error.message.startsWith('Did not receive done')) {
    return new HearthlinkError('model-stream-cut', asked.model === undefined ? {} : { model: asked.model });
  }
  // The package throws an error line in the middle of a stream as a plain Error with the server's words.
  if (error instanceof Error && error.constructor === Error && !('code' in error)) return errorOfWords(error.message, null, asked);
  return errorOfTransport(error, asked);
}
