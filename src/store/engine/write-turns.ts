import type { Clock } from '../../shared/ports.ts';
import type { WindowLock } from './window-lock.ts';

/** Whoever has seen another window write within this time expects it to do so again. */
const companyMs = 10_000;
/** Within this time it is probably waiting for its turn. */
const waitingMs = 50;

/** Takes the lock between windows, where there are several that write: alone, a window has nobody to race with. */
export class WriteTurns {
  readonly #lock: WindowLock;
  readonly #clock: Clock;
  readonly #follow: () => void;
  #othersWroteAt = Number.NEGATIVE_INFINITY;
  /** Nobody else has written since this window's own last turn. */
  #hadLastTurn = false;

  /** @param follow applies what the others write: done while they have the lock, it need not be done while this window has it */
  constructor(lock: WindowLock, clock: Clock, follow: () => void) {
    this.#lock = lock;
    this.#clock = clock;
    this.#follow = follow;
  }

  /** To be told whenever records of other windows were applied. */
  othersWrote(): void {
    this.#othersWroteAt = this.#clock.now();
    this.#hadLastTurn = false;
  }

  async take<T>(write: () => Promise<T>): Promise<T> {
    const sinceOthersWrote = this.#clock.now() - this.#othersWroteAt;
    if (sinceOthersWrote > companyMs) return write();
    this.#lock.acquire({ letOthersGoFirst: this.#hadLastTurn && sinceOthersWrote <= waitingMs, meanwhile: this.#follow });
    this.#hadLastTurn = true;
    try {
      return await write();
    } finally {
      this.#lock.release();
    }
  }
}
