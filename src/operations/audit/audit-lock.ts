import { mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Timers } from '../../shared/ports.ts';
import { systemCode } from '../../store/files/file-error.ts';

const lockFile = 'lock';
const pauseMs = 100;
/**
 * Writing a batch takes milliseconds. Who has been seen holding it this many times in a row has died with it. Counted in looks and
 * not in time: a computer that slept wakes all of its windows at once, and each deserves its turn.
 */
const looksUntilDead = 50;

/** Runs `write` while no other window writes in this folder, which is made where it is not there. */
export async function whileLocked<T>(folder: string, timers: Timers, write: () => Promise<T>): Promise<T> {
  const file = path.join(folder, lockFile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await take(file, timers);
  try {
    return await write();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, timers: Timers): Promise<void> {
  let seen = { owner: 0, looks: 0 };
  while (!(await tryToTake(file))) {
    const owner = await ownerOf(file);
    seen = owner === seen.owner ? { owner, looks: seen.looks + 1 } : { owner, looks: 1 };
    if (seen.looks > looksUntilDead) await rm(file, { force: true });
    else await new Promise<void>((resolve) => { timers.after(pauseMs, resolve); });
  }
}

async function tryToTake(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** Changes whenever the file is made again; 0 when it is not there. */
async function ownerOf(file: string): Promise<number> {
  try {
    return (await stat(file)).birthtimeMs;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return 0;
  }
}
