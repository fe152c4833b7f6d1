import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import type { PurgeReport, Store } from '../store/port.ts';
import type { Slice } from '../store/records.ts';

/** How long what was forgotten can be brought back. */
export const undoMs = 60_000;

/** A purge writes the whole store anew, so several forgettings share one; still within an hour of use. */
const purgeAfterMs = 20 * 60_000;
/** How often to look while something waits to be purged, or could not be wiped. */
const lookEveryMs = 5 * 60_000;
/** How often temporary chats past their time, and deleted ones past their undo, are looked for; this writes. */
const sweepEveryMs = 60 * 60_000;
/** Longer than a purge of a large store takes. */
const leaseMs = 5 * 60_000;
const leaseName = 'forgetting';

export interface ForgettingParts {
  readonly store: Store;
  /** Names this window in leases. */
  readonly holder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/**
 * What is forgotten is out of every answer at once; after the time for undo it is wiped, and within the hour the files that
 * still hold it are written anew. One window does it for all of them.
 */
export class Forgetting implements Disposable {
  readonly #parts: ForgettingParts;
  #cancelTimer: () => void = () => undefined;
  #nextLook = Infinity;
  #lastSweep = -Infinity;
  #purgeDueSince: number | null = null;
  #disposed = false;

  constructor(parts: ForgettingParts) {
    this.#parts = parts;
  }

  /** Begins to look after what was forgotten, in this window or another. */
  start(): void {
    this.#lookAt(this.#parts.clock.now());
  }

  async forget(id: string): Promise<Slice> {
    const at = this.#parts.clock.now();
    const slice = await this.#parts.store.slices.forget({ id, undoUntil: at + undoMs, at });
    this.wipeAfter(at + undoMs);
    return slice;
  }

  /** To be told when something else than `forget` left what is to be wiped once this time has passed. */
  wipeAfter(time: number): void {
    this.#lookAt(time + 1);
  }

  /** @throws HearthlinkError `invalid-transition` once the time for undo has passed, `not-found` once it is wiped. */
  undo(id: string): Promise<Slice> {
    return this.#parts.store.slices.undoForget({ id, at: this.#parts.clock.now() });
  }

  /** Wipes and purges at once, on a person's command: also what could still be undone is in none of the store's files then. */
  async wipeNow(): Promise<PurgeReport> {
    const { clock, store } = this.#parts;
    await store.slices.wipeForgotten(clock.now() + undoMs + 1);
    const report = await store.purge(clock.now());
    this.#purgeDueSince = null;
    return report;
  }

  /** When the files are written anew if nobody does it before; null while nothing is known to wait for it. */
  get nextPurge(): number | null {
    if (this.#purgeDueSince === null) return null;
    // It is looked for every few minutes, so it may be that much later.
    return Math.max(this.#parts.clock.now(), this.#purgeDueSince + purgeAfterMs) + lookEveryMs;
  }

  dispose(): void {
    this.#disposed = true;
    this.#cancelTimer();
  }

  /** Looks at this time, unless an earlier look is planned. */
  #lookAt(time: number): void {
    if (this.#disposed || time >= this.#nextLook) return;
    this.#cancelTimer();
    this.#nextLook = time;
    this.#cancelTimer = this.#parts.timers.after(Math.max(0, time - this.#parts.clock.now()), () => {
      this.#nextLook = Infinity;
      void this.#look().then((next) => {
        this.#lookAt(next);
      });
    });
  }

  /** Does what is due and answers when to look again. */
  async #look(): Promise<number> {
    const { clock, log } = this.#parts;
    try {
      const isWaiting = await this.#wipe();
      await this.#purge();
      // With nothing to do the store is left in peace, so that its worker can rest.
      const pauseMs = isWaiting ? undoMs : this.#purgeDueSince === null ? sweepEveryMs : lookEveryMs;
      return clock.now() + pauseMs;
    } catch (error) {
      log.warn('What was forgotten could not be wiped yet.', { code: HearthlinkError.from(error).code });
      return clock.now() + lookEveryMs;
    }
  }

  /** True while something forgotten still has its time for undo. */
  async #wipe(): Promise<boolean> {
    const { clock, store } = this.#parts;
    const isSweepDue = clock.now() - this.#lastSweep >= sweepEveryMs;
    if (!isSweepDue && !(await this.#hasForgotten())) return false;
    await this.#alone(async () => {
      if (isSweepDue) await store.sessions.expire(clock.now());
      await store.slices.wipeForgotten(clock.now());
    });
    if (isSweepDue) this.#lastSweep = clock.now();
    return this.#hasForgotten();
  }

  async #hasForgotten(): Promise<boolean> {
    const { total } = await this.#parts.store.slices.list({ limit: 1, offset: 0, states: ['forgotten'] });
    return total > 0;
  }

  async #purge(): Promise<void> {
    const { clock, log, store } = this.#parts;
    const { purgeDue, state } = await store.status();
    if (!purgeDue || state !== 'ready') {
      this.#purgeDueSince = null;
      return;
    }
    this.#purgeDueSince ??= clock.now();
    if (clock.now() - this.#purgeDueSince < purgeAfterMs) return;
    await this.#alone(async () => {
      const { filesRemoved, bytesFreed } = await store.purge(clock.now());
      log.info('What was forgotten is gone from the files.', { filesRemoved, bytesFreed });
      this.#purgeDueSince = null;
    });
  }

  /** Does nothing when another window is at it. */
  async #alone(work: () => Promise<unknown>): Promise<void> {
    const { clock, holder, store } = this.#parts;
    const at = clock.now();
    if (!(await store.leases.acquire({ name: leaseName, holder, until: at + leaseMs, at }))) return;
    try {
      await work();
    } finally {
      await store.leases.release({ name: leaseName, holder, at: clock.now() });
    }
  }
}
