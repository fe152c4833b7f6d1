import assert from 'node:assert/strict';
import { flip, isDamage, nameLike, notes, storeOf } from '../support/damaged-store.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { listNotes, putNote, searchNotes } from '../support/notes-content.ts';
import { NotesWindow } from '../support/window.ts';

describe('a damaged generation', () => {
  /** Two generations: the first, and one that covers notes 0 and 1; note 2 is in the journal after it. */
  async function rotatedStore(): Promise<MemoryDisk> {
    const disk = new MemoryDisk();
    const window = new NotesWindow('maker', disk.filesOf('maker'));
    await window.call(putNote, { id: '0', text: 'text' });
    await window.call(putNote, { id: '1', text: 'text' });
    assert.equal(await window.engine.rotate(), true);
    await window.call(putNote, { id: '2', text: 'text' });
    window.discard();
    return disk;
  }

  for (const file of ['snapshot.sqlite', 'calls.bin', 'COVERS', 'MARK']) {
    it(`loses nothing when ${file} is damaged: the one before and the journals hold it all`, async () => {
      const disk = await rotatedStore();
      const path = nameLike(disk, new RegExp(`^g2-.*/${file}$`));
      flip(disk, path, 30);
      const window = new NotesWindow('window', disk.filesOf('window'));
      assert.deepEqual(await window.call(listNotes), notes(3));
      await window.call(putNote, { id: '3', text: 'text' });
      assert.deepEqual((await window.engine.status()).damagedFiles, [path]);
      assert.ok(disk.names().includes(`damaged-${path}`), 'it is kept under another name');
      assert.deepEqual(await new NotesWindow('restarted', disk.filesOf('restarted')).call(listNotes), notes(4));
    });
  }

  for (const { kind, damage } of [
    { kind: 'not as it was written', damage: (disk: MemoryDisk, mark: string) => { flip(disk, mark, 30); } },
    { kind: 'written in part, by a window that was killed', damage: (disk: MemoryDisk, mark: string) => { disk.alter(mark, (bytes) => bytes.subarray(0, 64)); } },
  ]) {
    it(`stays where it is when it alone holds the content and its MARK is ${kind}: the SEAL leads to it`, async () => {
      const disk = new MemoryDisk();
      const maker = new NotesWindow('maker', disk.filesOf('maker'));
      for (const id of ['0', '1']) await maker.call(putNote, { id, text: 'text' });
      const parts = await maker.engine.inspect(async ({ content }) => ({
        snapshot: content.database.export(), calls: content.calls.save({ at: 0, withoutWords: false }), index: await content.index.save(),
      }));
      await maker.call(putNote, { id: 'taken back', text: 'text' });
      await maker.engine.replaceContent(() => Promise.resolve(parts));
      await maker.call(putNote, { id: '2', text: 'text' });
      maker.discard();
      const mark = nameLike(disk, /^g2-.*\/MARK$/);
      damage(disk, mark);

      const first = new NotesWindow('first', disk.filesOf('first'));
      assert.deepEqual(await first.call(listNotes), notes(3));
      assert.deepEqual((await first.engine.status()).damagedFiles, [mark]);
      const second = new NotesWindow('second', disk.filesOf('second'));
      for (const window of [first, second]) assert.deepEqual(await window.call(searchNotes, 'text'), ['0', '1', '2']);
      assert.deepEqual((await second.engine.status()).damagedFiles, [], 'it is told once, and kept');
      assert.ok(disk.names().includes(mark.replace('MARK', 'damaged-MARK')));
      await second.engine.rotate();
      await second.engine.rotate();
      assert.deepEqual(await new NotesWindow('third', disk.filesOf('third')).call(listNotes), notes(3));
    });
  }

  it('makes the word index again when its file is damaged', async () => {
    const disk = await rotatedStore();
    flip(disk, nameLike(disk, /^g2-.*\/index.bin$/), 5);
    const window = new NotesWindow('window', disk.filesOf('window'));
    assert.deepEqual(await window.call(searchNotes, 'text'), ['0', '1', '2']);
  });

  it('takes vectors from the generation before when theirs are gone, and names what is damaged', async () => {
    const disk = await rotatedStore();
    const vectors = nameLike(disk, /^g2-.*\/vectors-/);
    disk.delete(vectors);
    const window = new NotesWindow('window', disk.filesOf('window'));
    assert.deepEqual(await window.call(listNotes), notes(3), 'they are looked at when they are needed');
    assert.deepEqual(await window.call(searchNotes, 'text'), ['0', '1', '2']);
    const [generation] = vectors.split('/');
    assert.deepEqual((await window.engine.status()).damagedFiles, [generation]);
    assert.ok(disk.names().includes(`damaged-${generation ?? ''}`));
  });

  it('searches words alone when vectors are gone and there is no generation before', async () => {
    const disk = await rotatedStore();
    const maker = new NotesWindow('purger', disk.filesOf('purger'));
    await maker.engine.purge(1);
    const vectors = nameLike(disk, /^g3-.*\/vectors-/);
    disk.delete(vectors);
    const window = new NotesWindow('window', disk.filesOf('window'));
    assert.deepEqual(await window.call(searchNotes, 'text'), ['0', '1', '2']);
    assert.deepEqual((await window.engine.status()).damagedFiles, [vectors.split('/')[0]]);
  });

  it('has lost vectors written down once, whichever windows notice, and before a generation is made without them', async () => {
    const disk = await rotatedStore();
    const purger = new NotesWindow('purger', disk.filesOf('purger'));
    await purger.engine.purge(1);
    disk.delete(nameLike(disk, /^g3-.*\/vectors-/));
    const windows = ['a', 'b'].map((name) => new NotesWindow(name, disk.filesOf(name)));
    await Promise.all(windows.map((window) => window.call(searchNotes, 'text')));
    const { sequence } = await purger.engine.status();
    const written = await Promise.all(windows.map((window) => window.engine.status()));
    assert.deepEqual(written.map((status) => status.sequence), [sequence + 1, sequence + 1]);

    const third = new NotesWindow('third', disk.filesOf('third'));
    assert.equal(await third.engine.rotate(), true);
    assert.equal((await third.engine.status()).sequence, sequence + 2, 'the seal alone');
  });

  it('has lost vectors written down by the rotation that finds them lost', async () => {
    const disk = await rotatedStore();
    await new NotesWindow('purger', disk.filesOf('purger')).engine.purge(1);
    disk.delete(nameLike(disk, /^g3-.*\/vectors-/));
    const window = new NotesWindow('window', disk.filesOf('window'));
    const { sequence } = await window.engine.status();
    assert.equal(await window.engine.rotate(), true);
    assert.equal((await window.engine.status()).sequence, sequence + 2, 'that, and the seal');
  });

  it('is damage, not an empty store, when there is no other', async () => {
    const { disk } = await storeOf(2);
    flip(disk, 'g1-first/snapshot.sqlite', 4000);
    const window = new NotesWindow('window', disk.filesOf('window'));
    await assert.rejects(window.call(listNotes), isDamage);
    const status = await window.engine.status();
    assert.deepEqual([status.state, status.problem?.parameters['file']], ['damaged', 'g1-first/snapshot.sqlite']);
  });

  it('is gone on from, with all of its journal, when the only one has lost its MARK', async () => {
    const { disk } = await storeOf(2);
    disk.delete('g1-first/MARK');
    const window = new NotesWindow('window', disk.filesOf('window'));
    await assert.rejects(window.call(listNotes), isDamage);
    assert.equal((await window.engine.continueAfterDamage()).state, 'ready');
    await window.call(putNote, { id: '2', text: 'text' });
    assert.deepEqual(await new NotesWindow('restarted', disk.filesOf('restarted')).call(listNotes), notes(3));
    assert.ok(disk.names().includes('damaged-g1-first/snapshot.sqlite'), 'it is kept');
  });

  it('is gone on from, with all records, at every byte of the first journal’s header', async () => {
    const { disk, journal } = await storeOf(2);
    for (let at = 0; at < 64; at++) {
      const damaged = disk.copy();
      flip(damaged, journal, at);
      const window = new NotesWindow('window', damaged.filesOf('window'));
      await assert.rejects(window.call(listNotes), isDamage);
      assert.equal((await window.engine.continueAfterDamage()).state, 'ready', `byte ${at}`);
      assert.deepEqual(await window.call(listNotes), notes(2), `byte ${at}`);
      assert.ok(damaged.names().includes(`damaged-${journal}`));
      window.discard();
    }
  });

  it('is gone on from once, when two windows do it that could open nothing', async () => {
    const { disk } = await storeOf(2);
    disk.delete('g1-first/MARK');
    const windows = ['a', 'b'].map((name) => new NotesWindow(name, disk.filesOf(name)));
    await Promise.all(windows.map(({ engine }) => engine.continueAfterDamage()));
    await Promise.all(windows.map((window, i) => window.call(putNote, { id: `from ${i}`, text: '' })));
    for (const window of windows) assert.deepEqual(await window.call(listNotes), ['0:1', '1:1', 'from 0:1', 'from 1:1']);
  });

  it('stays damage after going on, and keeps every byte, when nothing can be read', async () => {
    const { disk, journal } = await storeOf(2);
    flip(disk, 'g1-first/snapshot.sqlite', 4000);
    const bytes = disk.bytesOf(journal);
    const window = new NotesWindow('window', disk.filesOf('window'));
    assert.equal((await window.engine.continueAfterDamage()).state, 'damaged');
    assert.deepEqual(disk.bytesOf(journal), bytes);
    assert.deepEqual(disk.names().filter((name) => name.startsWith('damaged-')), []);
  });

  it('is damage, not an empty store, when all generations were taken away', async () => {
    const disk = await rotatedStore();
    for (const name of disk.names()) if (/^g\d/.test(name)) disk.delete(name);
    await assert.rejects(new NotesWindow('window', disk.filesOf('window')).call(listNotes), isDamage);
  });
});
