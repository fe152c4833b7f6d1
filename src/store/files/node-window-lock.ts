import fs from 'node:fs';
import path from 'node:path';
import type { Clock, RandomSource } from '../../shared/ports.ts';
import type { WindowLock } from '../engine/window-lock.ts';
import { lockFile } from '../generation/names.ts';
import { systemCode } from './file-error.ts';

/** A lock that has not changed hands for this long belongs to a window that died or sleeps, and is taken away from it. */
const stealAfterMs = 1000;
/** Waits are between once and twice this long, so that those who wait do not wait in step. */
const pauseMs = 0.05;
/** The lock is looked at more closely every so many waits. */
const waitsBetweenLooks = 100;

/**
 * A file that exists while a window writes. Where it cannot be made, windows race, which is safe too. Waiting holds up the
 * thread: it is the store worker's, and what arrives meanwhile is the next batch.
 */
export function nodeWindowLock(folder: string, clock: Clock, random: RandomSource): WindowLock {
  const file = path.join(folder, lockFile);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let held: { readonly descriptor: number; readonly since: number } | null = null;

  const pause = () => {
    const [chance = 0] = random.bytes(1);
    Atomics.wait(sleeper, 0, 0, pauseMs * (1 + chance / 256));
  };
  const take = (): boolean => {
    // Asked first: an error for a file that is there costs ten times as much, and those who wait try often.
    if (fs.existsSync(file)) return false;
    try {
      held = { descriptor: fs.openSync(file, 'wx', 0o600), since: clock.now() };
      return true;
    } catch (error) {
      return systemCode(error) !== 'EEXIST';
    }
  };

  return {
    acquire({ letOthersGoFirst, meanwhile }) {
      if (letOthersGoFirst) pause();
      let seen = { owner: 0, since: 0 };
      for (let waits = 1; !take(); waits++) {
        meanwhile();
        pause();
        if (waits % waitsBetweenLooks !== 0) continue;
        const owner = ownerOf(file);
        if (owner !== seen.owner) seen = { owner, since: clock.now() };
        else if (clock.now() - seen.since > stealAfterMs) remove(file);
      }
    },
    release() {
      if (held === null) return;
      const { descriptor, since } = held;
      held = null;
      const stolen = clock.now() - since > stealAfterMs / 2 && fs.fstatSync(descriptor).nlink === 0;
      fs.closeSync(descriptor);
      if (!stolen) remove(file);
    },
  };
}

/** Changes whenever the file is made again; 0 when it is not there. */
function ownerOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.birthtimeMs ?? 0;
}

function remove(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch (error) {
    // Somebody else took it away first.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
