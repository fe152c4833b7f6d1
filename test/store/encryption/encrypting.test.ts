import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { encryptedFiles } from '../../../src/store/encryption/encrypted-files.ts';
import { noKeys, type StoreKeys } from '../../../src/store/encryption/store-keys.ts';
import { encryptStore } from '../../../src/store/engine/encrypting.ts';
import { flip, isDamage, nameLike } from '../support/damaged-store.ts';
import { testKeys } from '../support/encrypted.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { copyOf, loadNotes } from '../support/notes-backup.ts';
import { listNotes, putNote, searchNotes } from '../support/notes-content.ts';
import { NotesWindow, seededRandom } from '../support/window.ts';

const words = 'the lighthouse keeper';
const at = 1_700_000_000_000;
const isLocked = (error: unknown) => HearthlinkError.is(error, 'store-locked');
const bothKeys = testKeys([1, 2]);

function windowWith(keys: StoreKeys, disk: MemoryDisk, name: string): NotesWindow {
  return new NotesWindow(name, encryptedFiles(disk.filesOf(name), keys, seededRandom(name.length)));
}

function encrypt({ engine, setup }: NotesWindow, keyId: number) {
  return encryptStore(engine, setup.files, { keyId, at });
}

function filesThatHold(disk: MemoryDisk, text: string): string[] {
  return disk.names().filter((name) => disk.isFile(name) && disk.bytesOf(name).includes(text));
}

/** Notes 0 to 2 in two generations and two journals, and what is set aside from a damaged journal. */
async function openStore(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const window = windowWith(noKeys, disk, 'maker');
  for (let i = 0; i < 3; i++) {
    await window.call(putNote, { id: `${i}`, text: `${words} ${i}` });
    if (i === 0) await window.engine.rotate();
  }
  await disk.filesOf('maker').writeFile('damaged-journal-0-aa.log', [Buffer.from(words)]);
  window.discard();
  return disk;
}

const all = ['0:1', '1:1', '2:1'];

describe('encrypting what is stored', () => {
  it('leaves nothing of it readable in any file of the folder, and all of it readable with the key', async () => {
    const disk = await openStore();
    const window = windowWith(bothKeys, disk, 'window');
    assert.ok(filesThatHold(disk, words).length > 2);
    assert.deepEqual(await encrypt(window, 1), { keyId: 1, filesLeft: 0 });
    assert.deepEqual(filesThatHold(disk, words), []);
    await window.call(putNote, { id: '3', text: `${words} 3` });
    await window.engine.rotate();
    await window.call(putNote, { id: '4', text: `${words} 4` });
    assert.deepEqual(filesThatHold(disk, words), []);
    assert.equal((await window.engine.status()).keyId, 1);
    const restarted = windowWith(bothKeys, disk, 'restarted');
    assert.deepEqual(await restarted.call(searchNotes, words), ['0', '1', '2', '3', '4']);
    assert.equal((await restarted.engine.status()).keyId, 1);
    restarted.discard();
    window.discard();
  });

  it('puts another key in the place of the first, and none in the place of that', async () => {
    const disk = await openStore();
    const window = windowWith(bothKeys, disk, 'window');
    await encrypt(window, 1);
    assert.deepEqual(await encrypt(window, 2), { keyId: 2, filesLeft: 0 });
    const onlyNew = windowWith(testKeys([2]), disk, 'only new');
    assert.deepEqual(await onlyNew.call(listNotes), all);
    assert.deepEqual(await encrypt(onlyNew, 0), { keyId: 0, filesLeft: 0 });
    const without = windowWith(noKeys, disk, 'without');
    assert.deepEqual(await without.call(searchNotes, words), ['0', '1', '2']);
    for (const opened of [window, onlyNew, without]) opened.discard();
  });

  it('does nothing the second time', async () => {
    const disk = await openStore();
    const window = windowWith(bothKeys, disk, 'window');
    await encrypt(window, 1);
    const { generation } = await window.engine.status();
    await encrypt(window, 1);
    assert.equal((await window.engine.status()).generation, generation);
    window.discard();
  });

  it('is refused without the key, and nothing changes', async () => {
    const disk = await openStore();
    const window = windowWith(testKeys([1]), disk, 'window');
    await assert.rejects(encrypt(window, 2), isLocked);
    assert.deepEqual(await window.call(listNotes), all);
    assert.equal((await window.engine.status()).keyId, 0);
    window.discard();
  });

  it('keeps all that was acknowledged, and ends the same when it is asked again, wherever the process dies', async function () {
    this.timeout(120_000);
    const before = await openStore();
    for (let steps = 0, isLast = false; !isLast; steps++) {
      const disk = before.copy();
      const window = windowWith(bothKeys, disk, 'window');
      await window.call(listNotes);
      disk.immediate = false;
      const isOver = watched(encrypt(window, 1));
      for (let step = 0; step < steps && !isOver(); step++) {
        await nextOperation(disk, isOver);
        disk.operations[0]?.perform({ type: 'none' });
      }
      isLast = isOver();
      disk.kill('window');
      window.discard();
      disk.immediate = true;
      const restarted = windowWith(bothKeys, disk, 'restarted');
      assert.deepEqual(await restarted.call(listNotes), all, `after ${steps} steps`);
      disk.time = 0;
      assert.deepEqual(await encrypt(restarted, 1), { keyId: 1, filesLeft: 0 }, `after ${steps} steps`);
      assert.deepEqual(filesThatHold(disk, words), [], `after ${steps} steps`);
      const locked = windowWith(noKeys, disk, 'locked');
      await assert.rejects(locked.call(listNotes), isLocked);
      for (const opened of [restarted, locked]) opened.discard();
    }
  });
});

describe('a backup that is gone on with after damage', () => {
  for (const { before, now } of [{ before: 1, now: 0 }, { before: 2, now: 1 }]) {
    it(`is put under key ${now}, as the store was last, where a file that is left is still under key ${before}`, async () => {
      const disk = await openStore();
      const window = windowWith(bothKeys, disk, 'window');
      const copy = await copyOf(window);
      await encrypt(window, before);
      const mark = nameLike(disk, /^g\d+-.*\/MARK$/);
      const left = disk.bytesOf(mark);
      await encrypt(window, now);
      window.discard();
      flip(disk, nameLike(disk, /^g\d+-.*\/snapshot/), 200);
      const files = disk.filesOf('another process');
      await files.createFolder(mark.slice(0, mark.indexOf('/')));
      await files.writeFile(mark, [left]);

      const restoring = windowWith(bothKeys, disk, 'restoring');
      await assert.rejects(restoring.call(listNotes), isDamage);
      const { scratch } = await loadNotes(restoring, copy);
      const { state, keyId } = await restoring.engine.continueAfterDamage(scratch.content);
      assert.deepEqual([state, keyId, await restoring.call(listNotes)], ['ready', now, all]);
      scratch.close();
      restoring.discard();
    });
  }
});

describe('a window without the key', () => {
  it('says that the store is locked, reads and writes nothing, and changes nothing on the disk', async () => {
    const disk = await openStore();
    const window = windowWith(bothKeys, disk, 'window');
    await encrypt(window, 1);
    window.discard();
    const [names, bytes] = [disk.names(), disk.names().filter((name) => disk.isFile(name)).map((name) => disk.bytesOf(name))];
    for (const keys of [noKeys, testKeys([2]), testKeys([1], 9)]) {
      const locked = windowWith(keys, disk, 'locked');
      await assert.rejects(locked.call(listNotes), isLocked);
      await assert.rejects(locked.call(putNote, { id: 'x', text: '' }), isLocked);
      await assert.rejects(locked.engine.rotate(), isLocked);
      const { state, problem, keyId, damagedFiles } = await locked.engine.continueAfterDamage();
      assert.deepEqual([state, problem?.code, keyId, damagedFiles], ['locked', 'store-locked', 1, []]);
      locked.discard();
    }
    assert.deepEqual(disk.names(), names);
    assert.deepEqual(disk.names().filter((name) => disk.isFile(name)).map((name) => disk.bytesOf(name)), bytes);
  });

  it('lets go of all that it holds when another window encrypts the store, and tells of it', async () => {
    const disk = await openStore();
    const [here, there] = [windowWith(noKeys, disk, 'here'), windowWith(bothKeys, disk, 'there')];
    assert.deepEqual(await here.call(listNotes), all);
    const told: boolean[] = [];
    here.engine.onDidChange(({ everything, status }) => told.push(everything || status));
    await encrypt(there, 1);
    await assert.rejects(here.call(putNote, { id: 'x', text: words }), isLocked);
    await assert.rejects(here.call(listNotes), isLocked);
    assert.equal((await here.engine.status()).state, 'locked');
    assert.ok(told.includes(true));
    assert.deepEqual(filesThatHold(disk, words), []);
    assert.deepEqual(await there.call(listNotes), all);
    for (const opened of [here, there]) opened.discard();
  });

  it('leaves nothing readable of what it was writing when another window encrypted the store, and no write is lost', async function () {
    this.timeout(60_000);
    const before = await openStore();
    await fc.assert(fc.asyncProperty(fc.infiniteStream(fc.nat()), async (choices) => {
      const disk = before.copy();
      const [here, there] = [windowWith(noKeys, disk, 'here'), windowWith(bothKeys, disk, 'there')];
      for (const window of [here, there]) await window.call(listNotes);
      disk.immediate = false;
      const acknowledged: string[] = [];
      const write = (window: NotesWindow, id: string) => window.call(putNote, { id, text: `${words} ${id}` }).then(() => void acknowledged.push(id));
      const work = Promise.allSettled([write(here, 'a'), here.engine.rotate(), write(here, 'b'), encrypt(there, 1), write(there, 'c')]);
      const isOver = watched(work);
      while (!isOver()) {
        await nextOperation(disk, isOver);
        const choice = z.int().parse(choices.next().value);
        disk.operations[choice % Math.max(1, disk.operations.length)]?.perform({ type: 'none' });
      }
      const outcomes = await work;
      disk.immediate = true;
      assert.equal(outcomes[3].status, 'fulfilled');
      assert.deepEqual(filesThatHold(disk, words), []);
      assert.deepEqual(await encrypt(there, 1), { keyId: 1, filesLeft: 0 });
      for (const outcome of outcomes) assert.ok(outcome.status === 'fulfilled' || isLocked(outcome.reason));
      const notes = await there.call(listNotes);
      assert.deepEqual(notes, [...all, ...acknowledged.toSorted().map((id) => `${id}:1`)]);
      for (const opened of [here, there]) opened.discard();
    }), { numRuns: 40 });
  });
});

/** Whether it is over by now. */
function watched(work: Promise<unknown>): () => boolean {
  let over = false;
  void work.finally(() => { over = true; });
  return () => over;
}

/** Once a change of the disk waits to be performed, or there is none to wait for. */
async function nextOperation(disk: MemoryDisk, isOver: () => boolean): Promise<void> {
  while (disk.operations.length === 0 && !isOver()) await new Promise((resolve) => { setImmediate(resolve); });
}
