import type { Clock } from '../../shared/ports.ts';
import type { WindowLock } from './window-lock.ts';

/** Whoever has seen another window write within this time expects it to do so again. */
const companyMs = 10_000;

/** Takes the lock between windows, where there are several that write: alone, a window has nobody to race with. */
export class WriteTurns {
  readonly #lock: WindowLock;
  readonly #clock: Clock;
  #othersWroteAt = Number.NEGATIVE_INFINITY;

  constructor(lock: WindowLock, clock: Clock) {
    this.#lock = lock;
    this.#clock = clock;
  }

  /** To be told whenever records of other windows were applied. */
  othersWrote(): void {
    this.#othersWroteAt = this.#clock.now();
  }

  async take<T>(write: () => Promise<T>): Promise<T> {
    if (this.#clock.now() - this.#othersWroteAt > companyMs) return write();
    this.#lock.acquire();
    try {
      return await write();
    } finally {
      this.#lock.release();
    }
  }
}
