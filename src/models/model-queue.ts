import { HearthlinkError } from '../shared/errors.ts';
import type { Clock } from '../shared/ports.ts';

/**
 * `reply`: someone waits for it. `query`: the embedding of what someone just asked, needed before the reply can begin.
 * `background`: everything else.
 */
export type Lane = 'reply' | 'query' | 'background';

interface Entry {
  readonly lane: Lane;
  /** Ends the work when something more urgent comes. */
  readonly interruption: AbortController;
  start(): void;
}

/**
 * All work of models goes through here. At most one reply runs, and beside it at most one query: they use different models,
 * and a query takes milliseconds. Background work runs alone, one at a time, only while neither a reply nor a query runs or
 * waits, and is interrupted when one comes.
 */
export class ModelQueue {
  readonly #clock: Clock;
  readonly #waiting: Entry[] = [];
  readonly #running = new Set<Entry>();
  #lastUrgentAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since a reply or a query last ran; 0 while one runs or waits, Infinity before the first. */
  idleMs(): number {
    const urgent = [...this.#running, ...this.#waiting].some(({ lane }) => lane !== 'background');
    return urgent ? 0 : this.#clock.now() - this.#lastUrgentAt;
  }

  /**
   * Runs the work in its turn. Its signal ends with the caller's, and for background work also when something more urgent
   * comes: the work must then stop and throw the signal's reason, `cancelled` with `reason: 'interrupted'`.
   */
  run<T>(lane: Lane, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal.aborted) {
        reject(cancellation(signal));
        return;
      }
      const leave = (): void => {
        const index = this.#waiting.indexOf(entry);
        if (index < 0) return;
        this.#waiting.splice(index, 1);
        reject(cancellation(signal));
        this.#startNext();
      };
      const interruption = new AbortController();
      const entry: Entry = {
        lane,
        interruption,
        start: () => {
          signal.removeEventListener('abort', leave);
          const running = work(AbortSignal.any([signal, interruption.signal]));
          void running.then(resolve, reject).finally(() => {
            this.#finish(entry);
          });
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(entry);
      if (lane !== 'background') this.#interruptBackground();
      this.#startNext();
    });
  }

  #finish(entry: Entry): void {
    this.#running.delete(entry);
    if (entry.lane !== 'background') this.#lastUrgentAt = this.#clock.now();
    this.#startNext();
  }

  #interruptBackground(): void {
    for (const { lane, interruption } of this.#running) {
      if (lane === 'background') interruption.abort(new HearthlinkError('cancelled', { reason: 'interrupted' }));
    }
  }

  #startNext(): void {
    for (const lane of ['query', 'reply', 'background'] as const) {
      const index = this.#waiting.findIndex((entry) => entry.lane === lane);
      const entry = this.#waiting[index];
      if (entry === undefined || !this.#mayStart(lane)) continue;
      this.#waiting.splice(index, 1);
      this.#running.add(entry);
      entry.start();
    }
  }

  #mayStart(lane: Lane): boolean {
    const running = [...this.#running].map((entry) => entry.lane);
    if (lane === 'background') return running.length === 0 && !this.#waiting.some((entry) => entry.lane !== 'background');
    return !running.includes(lane) && !running.includes('background');
  }
}

/** Why the work of this signal ended, as one of our errors. */
export function cancellation(signal: AbortSignal): HearthlinkError {
  return HearthlinkError.is(signal.reason) ? signal.reason : new HearthlinkError('cancelled', {}, signal.reason);
}
