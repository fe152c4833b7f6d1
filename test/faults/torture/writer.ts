/**
 * A process that writes to a store until it is killed: `writer <folder> <name>`. Each acknowledged write is one line on
 * standard output, which the process that started this one keeps.
 */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeStoreFiles } from '../../../src/store/files/node-store-files.ts';
import { nodeWindowLock } from '../../../src/store/files/node-window-lock.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { pooledRandom } from '../../../src/worker/pooled-random.ts';
import { deleteNote, doOnce, listNotes, putNote } from '../../store/support/notes-content.ts';
import { NotesWindow } from '../../store/support/window.ts';
import { wallClock } from './wall-clock.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const random = pooledRandom();
const chance = (oneIn: number) => Math.floor(Math.random() * oneIn) === 0;

const window = new NotesWindow(name, nodeStoreFiles(folder), {
  clock: wallClock,
  random,
  lock: nodeWindowLock(folder, wallClock, random),
  rotateAtBytes: () => 40_000,
});

async function writeForEver(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    const id = `${name}-${writer}-${i}`;
    await doUntilKnown(id);
    fs.writeSync(1, `${id}\n`);
    if (chance(20)) await window.call(putNote, { id: `forgotten ${id}`, text: 'wiped by the next purge' });
    if (chance(30)) await window.call(deleteNote, `forgotten ${id}`);
    if (chance(60)) await window.engine.rotate();
    if (chance(150)) await window.engine.purge(wallClock.now());
    if (chance(10)) await sleep(Math.random() * 5);
  }
}

/** A write that is not known to be saved is repeated under its id. */
async function doUntilKnown(id: string): Promise<void> {
  for (;;) {
    try {
      await window.call(doOnce, id, `call ${id}`);
      return;
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-not-known-saved')) throw error;
    }
  }
}

await window.call(listNotes);
fs.writeSync(1, 'ready\n');
await Promise.all([writeForEver(0), writeForEver(1)]);
