import { HearthlinkError, type ErrorCode } from './errors.ts';
import type { Log } from './ports.ts';

/** The failure of something that is tried again and again: it is logged when it is another than the time before, not each time. */
export class RepeatedFailure {
  readonly #log: Log;
  readonly #message: string;
  #code: ErrorCode | null = null;
  #times = 0;

  /** @param message without content */
  constructor(log: Log, message: string) {
    this.#log = log;
    this.#message = message;
  }

  /** Answers how many times in a row it has failed by now. */
  failed(error: unknown): number {
    const { code } = HearthlinkError.from(error);
    if (code !== this.#code) this.#log.warn(this.#message, { code });
    this.#code = code;
    return ++this.#times;
  }

  /** It was done. */
  isOver(): void {
    this.#code = null;
    this.#times = 0;
  }
}
