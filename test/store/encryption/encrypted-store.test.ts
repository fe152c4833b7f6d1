import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StoreFiles } from '../../../src/store/files/store-files.ts';
import { allEncrypted } from '../support/encrypted.ts';
import { BusyWindow, checkAgreement, interleave, startOfTime, type History, type Step, type World } from '../support/interleaving.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { listNotes, putNote, searchNotes } from '../support/notes-content.ts';
import { NotesWindow, seededRandom } from '../support/window.ts';

const noFaults: World['faults'] = { crash: 0, short: 0, flush: 0, full: 0, power: 0, damage: 0 };
const words = 'the lighthouse keeper';

function filesOf(disk: MemoryDisk, window: string): StoreFiles {
  return allEncrypted(disk.filesOf(window), 1, undefined, Buffer.from(window).reduce((sum, byte) => sum * 31 + byte, 3));
}

function holds(windows: readonly (readonly Step[])[], faults: Partial<World['faults']>, runs: number): () => Promise<void> {
  return () =>
    fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = seededRandom(seed);
        const choose = (below: number) => (below <= 1 ? 0 : Buffer.from(random.bytes(4)).readUInt32LE() % below);
        const world: World = { disk: new MemoryDisk({ immediate: false }), choose, filesOf, faults: { ...noFaults, ...faults } };
        if ((faults.damage ?? 0) > 0) world.disk.time = startOfTime;
        const history: History = { acknowledged: new Set(), failures: [], readable: null };
        const busy = windows.map((steps, i) => new BusyWindow('ABCD'.charAt(i), steps, world, history));
        await interleave(world, busy, history);
        await checkAgreement(world, busy, history);
      }),
      { numRuns: runs },
    );
}

/** What holds of windows that share a store holds of one that is encrypted, too. */
describe('windows that share an encrypted store', () => {
  it('write and rotate at the same time', holds([['write', 'rotate', 'write'], ['write', 'write', 'rotate', 'read']], { crash: 1, short: 1, flush: 1, full: 1 }, 30));

  it('survive a loss of power', holds([['write', 'rotate', 'write'], ['write', 'write', 'read']], { power: 1, short: 1, flush: 1 }, 30));

  it('purge and restore while others write', holds([['write', 'purge', 'write'], ['write', 'restore', 'rotate']], { crash: 1, short: 1, flush: 1 }, 25));

  it('go on after damage', holds(
    [['write', 'write', 'write', 'write', 'read'], ['write', 'continue', 'write', 'rotate', 'write'], ['look', 'continue', 'write']], { damage: 1, crash: 1, short: 1 }, 30));
});

describe('an encrypted store', () => {
  it('keeps nothing of what it holds in any file, and finds it all again', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', filesOf(disk, 'window'));
    for (let i = 0; i < 3; i++) {
      await window.call(putNote, { id: `${i}`, text: `${words} ${i}` });
      if (i < 2) await window.engine.rotate();
    }
    for (const name of disk.names().filter((found) => disk.isFile(found))) assert.equal(disk.bytesOf(name).indexOf(words), -1, name);
    const restarted = new NotesWindow('restarted', filesOf(disk, 'restarted'));
    assert.deepEqual(await restarted.call(searchNotes, words), ['0', '1', '2']);
    restarted.discard();
    window.discard();
  });

  it('finds every changed bit in every file of its newest generation and its journals, or reads past it from the one before', async function () {
    this.timeout(120_000);
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', filesOf(disk, 'window'));
    await window.call(putNote, { id: '0', text: words });
    await window.engine.rotate();
    await window.call(putNote, { id: '1', text: words });
    await window.engine.close();
    window.discard();
    const names = disk.names().filter((name) => disk.isFile(name) && name !== 'MANIFEST');
    for (const name of names) {
      const { length } = disk.bytesOf(name);
      for (let at = 0; at < length; at += Math.max(1, Math.floor(length / 40))) {
        const damaged = disk.copy();
        damaged.alter(name, (bytes) => {
          bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at & 7)), at);
          return bytes;
        });
        const reader = new NotesWindow('reader', filesOf(damaged, 'reader'));
        const found = await reader.call(listNotes).catch(() => []);
        const { state } = await reader.engine.status();
        const whole = JSON.stringify(found) === JSON.stringify(['0:1', '1:1']);
        assert.ok(whole || state === 'damaged', `byte ${at} of ${name}: ${state}, ${JSON.stringify(found)}`);
        reader.discard();
      }
    }
  });
});
