import type { StoreWorker } from '../../../src/store/store-worker-thread.ts';
import type { ToMain, ToWorker } from '../../../src/store/worker-protocol.ts';

/** A worker that a test answers for, and kills. */
export class FakeWorker implements StoreWorker {
  readonly received: ToWorker[] = [];
  killed = false;
  #onMessage: (message: ToMain) => void = () => undefined;
  readonly #onEnd: ((detail: string) => void)[] = [];

  post(message: ToWorker): void {
    this.received.push(message);
  }

  onMessage(listener: (message: ToMain) => void): void {
    this.#onMessage = listener;
  }

  onEnd(listener: (detail: string) => void): void {
    this.#onEnd.push(listener);
  }

  kill(): Promise<void> {
    this.killed = true;
    this.end('killed');
    return Promise.resolve();
  }

  say(message: ToMain): void {
    this.#onMessage(message);
  }

  /** Answers the last call. */
  answer(result: unknown): void {
    const last = this.received.at(-1);
    if (last?.type === 'call' || last?.type === 'task') this.say({ type: 'answer', number: last.number, result });
  }

  fail(code: 'store-not-known-saved' | 'store-full'): void {
    const last = this.received.at(-1);
    if (last?.type === 'call') this.say({ type: 'failure', number: last.number, error: { code, parameters: {} } });
  }

  end(detail: string): void {
    for (const listener of this.#onEnd) listener(detail);
  }
}
