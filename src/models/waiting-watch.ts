import { HearthlinkError } from '../shared/errors.ts';
import type { Clock, Timers } from '../shared/ports.ts';
import { isSameModel } from './model-name.ts';
import type { OllamaClient } from './ollama-client.ts';

export type WaitingPhase = 'queued' | 'loading' | 'reading';

export interface WaitingWatchParts {
  readonly client: OllamaClient;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly model: string;
  /** How long the server may answer nothing at all, in milliseconds. */
  readonly silenceMs: number;
  /** Once a second from the third on. */
  readonly onWaiting: (phase: WaitingPhase, seconds: number) => void;
  readonly onSilent: (error: HearthlinkError) => void;
}

const tellEveryMs = 1000;
const tellFromSeconds = 3;
const pollEveryMs = 2000;

/**
 * Watches over a request until its first token. A model may load and read for minutes, so there is no limit to that; but the
 * server must answer other questions meanwhile, and what it says tells loading from reading.
 */
export class WaitingWatch {
  readonly #parts: WaitingWatchParts;
  readonly #startedAt: number;
  readonly #ended = new AbortController();
  #phase: WaitingPhase = 'queued';
  #lastHeardAt = 0;

  constructor(parts: WaitingWatchParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#every(tellEveryMs, () => {
      this.#tell();
    });
  }

  /** The request has left the queue. */
  sent(): void {
    this.#phase = 'loading';
    this.#lastHeardAt = this.#parts.clock.now();
    this.#every(pollEveryMs, () => this.#poll());
  }

  stop(): void {
    this.#ended.abort();
  }

  #tell(): void {
    const seconds = Math.round((this.#parts.clock.now() - this.#startedAt) / 1000);
    if (seconds >= tellFromSeconds) this.#parts.onWaiting(this.#phase, seconds);
  }

  async #poll(): Promise<void> {
    const { client, clock, model, silenceMs, onSilent } = this.#parts;
    try {
      const running = await client.running(this.#ended.signal);
      this.#phase = running.some(({ name }) => isSameModel(name, model)) ? 'reading' : 'loading';
      this.#lastHeardAt = clock.now();
    } catch (error) {
      const silentMs = clock.now() - this.#lastHeardAt;
      if (this.#ended.signal.aborted || silentMs < silenceMs) return;
      onSilent(new HearthlinkError('model-silent', { model, seconds: Math.round(silentMs / 1000) }, error));
    }
  }

  /** Runs again and again, each time after the last one has finished, until the watch is stopped. */
  #every(milliseconds: number, run: () => void | Promise<void>): void {
    if (this.#ended.signal.aborted) return;
    const cancel = this.#parts.timers.after(milliseconds, () => {
      this.#ended.signal.removeEventListener('abort', cancel);
      void Promise.resolve(run()).then(() => {
        this.#every(milliseconds, run);
      });
    });
    this.#ended.signal.addEventListener('abort', cancel, { once: true });
  }
}
