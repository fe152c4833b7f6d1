import fs from 'node:fs';
import path from 'node:path';
import type { Clock, RandomSource } from '../../shared/ports.ts';
import type { WindowLock } from '../engine/window-lock.ts';
import { lockFile } from '../generation/names.ts';
import { systemCode } from './file-error.ts';

/** A lock that has not changed hands for this long belongs to a window that died or sleeps, and is taken away from it. */
const stealAfterMs = 1000;
/** Waits are between once and twice this long, so that those who wait do not wait in step. */
const pauseMs = 0.06;

/** A file that exists while a window writes. Where it cannot be made, windows race, which is safe too. */
export function nodeWindowLock(folder: string, clock: Clock, random: RandomSource): WindowLock {
  const file = path.join(folder, lockFile);
  const token = Buffer.from(random.bytes(12)).toString('hex');
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let heldSince: number | null = null;

  const pause = () => {
    const [chance = 0] = random.bytes(1);
    Atomics.wait(sleeper, 0, 0, pauseMs * (1 + chance / 256));
  };
  const take = (): 'taken' | 'held' | 'impossible' => {
    try {
      fs.writeFileSync(file, `${token} ${clock.now()}`, { flag: 'wx', mode: 0o600 });
      return 'taken';
    } catch (error) {
      return systemCode(error) === 'EEXIST' ? 'held' : 'impossible';
    }
  };

  return {
    acquire() {
      let seen = '';
      let seenSince = clock.now();
      for (let attempt = 0; ; attempt++) {
        const result = take();
        if (result !== 'held') {
          heldSince = result === 'taken' ? clock.now() : null;
          return Promise.resolve();
        }
        pause();
        if (attempt % 100 !== 99) continue;
        const owner = contentOf(file);
        if (owner !== seen) {
          seen = owner;
          seenSince = clock.now();
        } else if (clock.now() - seenSince > stealAfterMs) {
          fs.rmSync(file, { force: true });
        }
      }
    },
    release() {
      if (heldSince === null) return;
      const mayBeStolen = clock.now() - heldSince > stealAfterMs / 2;
      heldSince = null;
      if (!mayBeStolen || contentOf(file).startsWith(token)) fs.rmSync(file, { force: true });
    },
  };
}

function contentOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}
