import { HearthlinkError } from '../shared/errors.ts';
import type { Clock } from '../shared/ports.ts';
import { isServerFault } from './ollama-errors.ts';

const failuresToOpen = 5;
const restMs = 60_000;

/**
 * Leaves a server alone that fails again and again: after 5 failures in a row nothing goes to it for 60 s, then one call is
 * let through, whose outcome decides. What a person asked for always goes, and its outcome counts as well.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  #failures = 0;
  #restUntil = 0;
  #probing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True while calls that nobody waits for are refused. */
  get isOpen(): boolean {
    return this.#failures >= failuresToOpen && (this.#probing || this.#clock.now() < this.#restUntil);
  }

  /**
   * Runs the call, or throws `model-circuit-open` with the `seconds` left. A call that is cancelled says nothing about the
   * server; an error that is the caller's fault (a missing model, a prompt that is too long) says that it works.
   */
  async run<T>(asker: 'person' | 'background', call: () => Promise<T>): Promise<T> {
    const isProbe = this.#admit(asker);
    try {
      const result = await call();
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#learn(error);
      throw error;
    } finally {
      if (isProbe) this.#probing = false;
    }
  }

  #admit(asker: 'person' | 'background'): boolean {
    if (this.#failures < failuresToOpen || asker === 'person') return false;
    if (this.isOpen) {
      const seconds = Math.max(1, Math.ceil((this.#restUntil - this.#clock.now()) / 1000));
      throw new HearthlinkError('model-circuit-open', { seconds });
    }
    this.#probing = true;
    return true;
  }

  #learn(error: unknown): void {
    if (!HearthlinkError.is(error) || error.code === 'cancelled') return;
    if (!isServerFault(error)) {
      this.#failures = 0;
      return;
    }
    this.#failures++;
    if (this.#failures >= failuresToOpen) this.#restUntil = this.#clock.now() + restMs;
  }
}
