import type { ChatRequest as WireRequest } from 'ollama/browser';
import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { type ContextWindows, looksCut } from './context-windows.ts';
import { EventChannel } from './event-channel.ts';
import type { KnownModels, ModelFacts } from './model-facts.ts';
import { fullName } from './model-name.ts';
import { cancellation, type ModelQueue } from './model-queue.ts';
import { keepAliveOf, type ModelSettings } from './model-settings.ts';
import type { OllamaClient } from './ollama-client.ts';
import type { ChatFrame } from './ollama-wire.ts';
import type { ChatEvent, ChatModel, ChatRequest, ChatStatistics, TokenEstimator } from './port.ts';
import { WaitingWatch } from './waiting-watch.ts';

export interface OllamaChatParts {
  readonly client: OllamaClient;
  readonly settings: () => ModelSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly queue: ModelQueue;
  readonly breaker: CircuitBreaker;
  readonly known: KnownModels;
  readonly windows: ContextWindows;
  readonly tokens: TokenEstimator;
}

/** Replies of a model on the server of the settings. */
export class OllamaChat implements ChatModel {
  readonly #parts: OllamaChatParts;
  /** How long each model's last load took, in seconds. */
  readonly #loadSeconds = new Map<string, number>();

  constructor(parts: OllamaChatParts) {
    this.#parts = parts;
  }

  /** Whoever stops reading ends the reply at the server, and goes on only when it has ended. */
  async *chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const left = new AbortController();
    const channel = new EventChannel<ChatEvent>();
    const replied = this.#reply(request, AbortSignal.any([signal, left.signal]), channel).then(
      () => {
        channel.close();
      },
      (error: unknown) => {
        channel.close({ error: signal.aborted ? cancellation(signal) : HearthlinkError.from(error) });
      },
    );
    try {
      yield* channel;
    } finally {
      left.abort();
      await replied;
    }
  }

  async #reply(request: ChatRequest, signal: AbortSignal, channel: EventChannel<ChatEvent>): Promise<void> {
    const { queue, breaker, client, clock, timers, settings } = this.#parts;
    const background = request.background === true;
    const silence = new AbortController();
    const silenceMs = settings().silenceSeconds * 1000;
    const lastLoadSeconds = this.#loadSeconds.get(fullName(request.model)) ?? null;
    const watch = new WaitingWatch({
      client,
      clock,
      timers,
      model: request.model,
      silenceMs,
      onWaiting: (phase, seconds) => {
        channel.push({ type: 'waiting', phase, seconds, lastLoadSeconds });
      },
      onSilent: (error) => {
        silence.abort(error);
      },
    });
    try {
      await queue.run(background ? 'background' : 'reply', signal, (turn) =>
        breaker.run(background ? 'background' : 'person', async () => {
          watch.sent();
          await this.#speak(request, { signal: AbortSignal.any([turn, silence.signal]), silence, silenceMs, watch, channel });
        }),
      );
    } finally {
      watch.stop();
    }
  }

  async #speak(request: ChatRequest, speech: Speech): Promise<void> {
    const { client, known, timers, windows } = this.#parts;
    const { signal, silence, silenceMs, watch, channel } = speech;
    const facts = await known.localFacts(request.model, signal);
    const wire = this.#wireRequest(request, facts);
    let stopSilence = (): void => undefined;
    try {
      for await (const frame of client.chat(wire, signal)) {
        watch.stop();
        stopSilence();
        stopSilence = timers.after(silenceMs, () => {
          silence.abort(new HearthlinkError('model-silent', { model: request.model, seconds: silenceMs / 1000 }));
        });
        const { thinking = '', content = '' } = frame.message ?? {};
        if (thinking !== '') channel.push({ type: 'thinking', text: thinking });
        if (content !== '') channel.push({ type: 'text', text: content });
        if (frame.done) channel.push(this.#end(request, wire, frame));
      }
    } catch (error) {
      if (HearthlinkError.is(error, 'model-missing')) known.forget();
      if (HearthlinkError.is(error, 'model-context-overflow')) this.#learnFromOverflow(request, error);
      throw signal.aborted ? cancellation(signal) : error;
    } finally {
      stopSilence();
    }
    void windows.readBack(request.model, wire.options.num_ctx, new AbortController().signal);
  }

  #wireRequest(request: ChatRequest, facts: ModelFacts) {
    const settings = this.#parts.settings();
    const { contextSize, replyLength } = settings;
    return {
      model: request.model,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      // Left out, it means yes for a model that can, and true is refused by one that cannot.
      think: request.think === true && facts.abilities.includes('thinking'),
      ...keepAliveOf(settings),
      // Otherwise the server drops the oldest part of a long prompt without a word. Missing from the package's types.
      truncate: false,
      ...(request.schema !== undefined && { format: request.schema }),
      options: {
        num_ctx: Math.min(contextSize, facts.contextLength ?? contextSize),
        num_predict: request.maxReplyTokens ?? replyLength,
        ...(request.temperature !== undefined && { temperature: request.temperature }),
      },
    } satisfies WireRequest & { truncate: boolean };
  }

  #end(request: ChatRequest, wire: { options: { num_ctx: number } }, frame: ChatFrame): ChatEvent {
    const { tokens, windows } = this.#parts;
    const { model } = request;
    const characters = promptCharacters(request);
    const statistics = statisticsOf(frame);
    if (statistics.loadMs !== null && statistics.loadMs >= 1000) {
      this.#loadSeconds.set(fullName(model), Math.round(statistics.loadMs / 1000));
    }
    let promptCut = false;
    if (statistics.promptTokens !== null) {
      const expected = characters / tokens.charactersPerToken(model);
      promptCut = looksCut({ expected, counted: statistics.promptTokens, window: windows.given(model, wire.options.num_ctx) });
      if (!promptCut) tokens.learn(model, characters, statistics.promptTokens);
    }
    const reason = frame.done_reason === 'length' ? 'length' : 'stop';
    return { type: 'end', reason, statistics, ...(promptCut && { promptCut }) };
  }

  /** The engine has counted the prompt that it refused: the next, shorter one can be measured better. */
  #learnFromOverflow(request: ChatRequest, error: HearthlinkError): void {
    const counted = error.parameters['promptTokens'];
    if (typeof counted === 'number') this.#parts.tokens.learn(request.model, promptCharacters(request), counted);
  }
}

interface Speech {
  readonly signal: AbortSignal;
  readonly silence: AbortController;
  readonly silenceMs: number;
  readonly watch: WaitingWatch;
  readonly channel: EventChannel<ChatEvent>;
}

function promptCharacters({ messages }: ChatRequest): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0);
}

function statisticsOf(frame: ChatFrame): ChatStatistics {
  const milliseconds = (nanoseconds: number | undefined): number | null => (nanoseconds === undefined ? null : nanoseconds / 1e6);
  return {
    promptTokens: frame.prompt_eval_count ?? null,
    replyTokens: frame.eval_count ?? null,
    loadMs: milliseconds(frame.load_duration),
    promptMs: milliseconds(frame.prompt_eval_duration),
    replyMs: milliseconds(frame.eval_duration),
  };
}
