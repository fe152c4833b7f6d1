import type { Clock, Timers } from '../../shared/ports.ts';

export interface IdleSetup {
  readonly clock: Clock;
  readonly timers: Timers;
  /** How long nothing may happen, in minutes; asked each time, as it is a setting. 0: for ever. */
  readonly idleMinutes: () => number;
  /** When somebody else was last seen at work, in milliseconds. */
  readonly usedElsewhereAt: () => Promise<number>;
  readonly onSoon: (minutesLeft: number) => void;
  readonly onIdle: () => void;
}

const minuteMs = 60_000;
/** So that also a time of one minute is warned of. */
const lookEveryMs = minuteMs / 2;
/** Before the time is over; where that is more than half of it, half of it. */
const warningMs = 5 * minuteMs;

/**
 * Says when nothing was used for a while, and a few minutes before. Looks at the clock twice a minute instead of waiting for one
 * long timer, since timers stand still while a machine sleeps.
 */
export class IdleWatch {
  readonly #setup: IdleSetup;
  #usedAt: number;
  #hasWarned = false;
  #cancel: () => void = () => undefined;
  #isOver = false;

  constructor(setup: IdleSetup) {
    this.#setup = setup;
    this.#usedAt = setup.clock.now();
    this.#wait();
  }

  /** It is in use. False when it has been idle for too long already, and nobody had looked yet. */
  touch(): boolean {
    if (this.#isOver) return false;
    if (this.#isIdle()) {
      this.#end();
      return false;
    }
    this.#usedAt = this.#setup.clock.now();
    this.#hasWarned = false;
    return true;
  }

  dispose(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #wait(): void {
    this.#cancel = this.#setup.timers.after(lookEveryMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    if (this.#leftMs() <= this.#warningMs()) this.#usedAt = Math.max(this.#usedAt, await this.#setup.usedElsewhereAt());
    if (this.#isOver) return;
    if (this.#isIdle()) this.#end();
    else {
      this.#warnInTime();
      this.#wait();
    }
  }

  #warnInTime(): void {
    const left = this.#leftMs();
    if (left > this.#warningMs()) this.#hasWarned = false;
    else if (!this.#hasWarned) {
      this.#hasWarned = true;
      this.#setup.onSoon(Math.ceil(left / minuteMs));
    }
  }

  #isIdle(): boolean {
    return this.#leftMs() <= 0;
  }

  #warningMs(): number {
    return Math.min(warningMs, (this.#setup.idleMinutes() * minuteMs) / 2);
  }

  #leftMs(): number {
    const minutes = this.#setup.idleMinutes();
    return minutes === 0 ? Number.POSITIVE_INFINITY : this.#usedAt + minutes * minuteMs - this.#setup.clock.now();
  }

  #end(): void {
    this.dispose();
    this.#setup.onIdle();
  }
}
