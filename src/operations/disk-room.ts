import { statfs } from 'node:fs/promises';
import { Emitter, type Disposable, type Event } from '../shared/events.ts';
import { HearthlinkError } from '../shared/errors.ts';
import type { Log, Timers } from '../shared/ports.ts';

/**
 * Below this much free space nothing is written that can be made again: backups, vectors, facts, snapshots. What people say still is.
 * A store of 100 MB, years of talk, needs three times its size to be restored (what is there, its backup, what comes in its place);
 * the rest is for everything else that writes to this disk.
 */
export const leastRoomBytes = 512 * 1024 * 1024;
/** Once it was low it has to be a quarter more before it is enough, so that it does not go back and forth. */
const enoughAgainBytes = leastRoomBytes * 1.25;

const lookEveryMs = 60_000;

export interface DiskRoomParts {
  /** Bytes that can still be written where the data lies; null where that cannot be told. */
  readonly freeBytes: () => Promise<number | null>;
  readonly timers: Timers;
  readonly log: Log;
}

/** Looks once a minute whether the disk is nearly full. */
export class DiskRoom implements Disposable {
  readonly #parts: DiskRoomParts;
  readonly #changes: Emitter<void>;
  #cancel: () => void = () => undefined;
  #isLow = false;
  #isDisposed = false;

  constructor(parts: DiskRoomParts) {
    this.#parts = parts;
    this.#changes = new Emitter((error) => { parts.log.error('A listener failed.', { code: HearthlinkError.from(error).code }); });
  }

  get isLow(): boolean {
    return this.#isLow;
  }

  readonly onDidChange: Event<void> = (listener) => this.#changes.event(listener);

  /** Looks now, and from now on. */
  async watch(): Promise<void> {
    this.#cancel();
    const free = await this.#parts.freeBytes();
    if (this.#isDisposed) return;
    const isLow = free !== null && free < (this.#isLow ? enoughAgainBytes : leastRoomBytes);
    if (isLow !== this.#isLow) {
      this.#isLow = isLow;
      this.#parts.log.info('room on the disk', { isLow });
      this.#changes.fire();
    }
    this.#cancel = this.#parts.timers.after(lookEveryMs, () => void this.watch());
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cancel();
    this.#changes.dispose();
  }
}

/** Bytes that can still be written in a folder; null where the system does not say, or the folder is not there yet. */
export async function freeBytesOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
