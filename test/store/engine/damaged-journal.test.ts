import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Database } from 'sql.js';
import { flip, isDamage, nameLike, notes, storeOf } from '../support/damaged-store.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { listNotes, notesContent, putNote, searchNotes, type NotesContext } from '../support/notes-content.ts';
import { NotesWindow } from '../support/window.ts';

describe('a journal that was cut', () => {
  it('holds, at every cut of its tail, all records that are whole, and takes the next write', async function () {
    this.timeout(120_000);
    const { disk, journal, ends } = await storeOf(3);
    const whole = disk.bytesOf(journal);
    for (let length = ends[1] ?? 0; length <= whole.length; length++) {
      const cut = disk.copy();
      cut.alter(journal, (bytes) => bytes.subarray(0, length));
      const window = new NotesWindow('window', cut.filesOf('window'));
      const left = notes(ends.filter((end) => end <= length).length - 1);
      assert.deepEqual(await window.call(listNotes), left, `cut at ${length}`);
      await window.call(putNote, { id: 'next', text: '' });
      window.discard();
      if (length % 8 !== 0) continue;
      const restarted = new NotesWindow('restarted', cut.filesOf('restarted'));
      assert.deepEqual(await restarted.call(listNotes), [...left, 'next:1'], `cut at ${length}, after the next write`);
      restarted.discard();
    }
  });
});

describe('a journal with a changed byte', () => {
  it('is damaged at every byte of its last records: writing stops, what stands before is read, the file is named and kept', async function () {
    this.timeout(120_000);
    const { disk, journal, ends } = await storeOf(3);
    const [, first = 0, second = 0] = ends;
    for (let at = first; at < disk.bytesOf(journal).length; at++) {
      const damaged = disk.copy();
      flip(damaged, journal, at);
      const kept = damaged.bytesOf(journal);
      const window = new NotesWindow('window', damaged.filesOf('window'));
      assert.deepEqual(await window.call(listNotes), notes(at < second ? 1 : 2), `byte ${at}`);
      await assert.rejects(window.call(putNote, { id: 'next', text: '' }), isDamage);
      const status = await window.engine.status();
      assert.deepEqual([status.state, status.damagedFiles], ['damaged', [journal]]);
      assert.deepEqual(damaged.bytesOf(journal), kept);
      window.discard();
    }
  });

  it('lets the user go on with what could be read, keeps the file, and other windows follow', async () => {
    const { disk, journal, ends } = await storeOf(4);
    flip(disk, journal, (ends[2] ?? 0) + 80);
    const here = new NotesWindow('here', disk.filesOf('here'));
    const there = new NotesWindow('there', disk.filesOf('there'));
    await assert.rejects(there.call(putNote, { id: 'x', text: '' }), isDamage);
    const status = await here.engine.continueAfterDamage();
    assert.deepEqual([status.state, status.damagedFiles], ['ready', [journal]]);
    await here.call(putNote, { id: 'after', text: 'goes on' });
    assert.deepEqual(await there.call(listNotes), ['0:1', '1:1', 'after:1']);
    await there.call(putNote, { id: 'there', text: '' });
    assert.deepEqual(await here.call(listNotes), ['0:1', '1:1', 'after:1', 'there:1']);
    assert.ok(disk.names().includes(`damaged-${journal}`));
    assert.deepEqual(await new NotesWindow('restarted', disk.filesOf('restarted')).call(searchNotes, 'goes'), ['after']);
  });

  it('is damaged, too, where a record cannot be repeated; all before it is read', async () => {
    const disk = new MemoryDisk();
    const content = notesContent();
    const guard = (database: Database) => { database.create_function('only_here', () => 7); };
    const here = new NotesWindow('here', disk.filesOf('here'), { content: { ...content, guard } });
    const useOnlyHere = {
      kind: 'write',
      async run({ db }: NotesContext): Promise<void> { await sql`UPDATE note SET version = only_here()`.execute(db); },
    } as const;
    await here.call(putNote, { id: '0', text: '' });
    await here.call(putNote, { id: '1', text: '' });
    await here.call(useOnlyHere);
    await here.call(putNote, { id: '2', text: '' });
    const there = new NotesWindow('there', disk.filesOf('there'));
    assert.deepEqual(await there.call(listNotes), notes(2));
    assert.equal((await there.engine.status()).state, 'damaged');
  });

  it('is told of to those who look, and so is that it is over', async () => {
    const { disk, journal, ends } = await storeOf(2);
    flip(disk, journal, (ends[1] ?? 0) + 3);
    const window = new NotesWindow('window', disk.filesOf('window'));
    const told: boolean[] = [];
    window.engine.onDidChange((change) => told.push(change.status));
    await window.call(listNotes);
    assert.deepEqual(told, [true]);
    await window.call(listNotes);
    await window.engine.continueAfterDamage();
    assert.equal(told.at(-1), true);
  });

  it('is left behind also by a window that had read it before it was damaged', async () => {
    const { disk, journal, ends } = await storeOf(3);
    const healthy = new NotesWindow('healthy', disk.filesOf('healthy'));
    assert.deepEqual(await healthy.call(listNotes), notes(3));
    flip(disk, journal, (ends[2] ?? 0) + 80);
    const other = new NotesWindow('other', disk.filesOf('other'));
    await other.engine.continueAfterDamage();
    const watching = healthy.engine.watch();
    await healthy.clock.advance(500);
    watching.dispose();
    assert.deepEqual(await healthy.call(listNotes), notes(2));
    await healthy.call(putNote, { id: '2', text: 'again' });
    assert.deepEqual(await other.call(listNotes), notes(3));
  });

  it('takes no write into it after another window has gone on, from one that has not noticed yet', async () => {
    const { disk, journal, ends } = await storeOf(3);
    const healthy = new NotesWindow('healthy', disk.filesOf('healthy'));
    await healthy.call(listNotes);
    flip(disk, journal, (ends[2] ?? 0) + 80);
    const other = new NotesWindow('other', disk.filesOf('other'));
    await other.engine.continueAfterDamage();
    await healthy.call(putNote, { id: 'late', text: '' });
    assert.deepEqual(await other.call(listNotes), ['0:1', '1:1', 'late:1']);
    assert.deepEqual(await healthy.call(listNotes), ['0:1', '1:1', 'late:1']);
  });

  it('takes no write into it either when the generation that went on has been replaced by a purge', async () => {
    const { disk, journal, ends } = await storeOf(3);
    const healthy = new NotesWindow('healthy', disk.filesOf('healthy'));
    await healthy.call(listNotes);
    flip(disk, journal, (ends[2] ?? 0) + 80);
    const other = new NotesWindow('other', disk.filesOf('other'));
    await other.engine.continueAfterDamage();
    await other.engine.purge(0);
    await healthy.call(putNote, { id: 'late', text: '' });
    assert.deepEqual(await other.call(listNotes), ['0:1', '1:1', 'late:1']);
  });

  it('is gone on from by one window while another opens the store, which then rotates what goes on', async () => {
    const { disk, journal, ends } = await storeOf(3);
    flip(disk, journal, (ends[2] ?? 0) + 80);
    const files = disk.filesOf('opening');
    const before = files.list();
    const other = new NotesWindow('other', disk.filesOf('other'));
    await other.engine.continueAfterDamage();
    let looked = false;
    const list = (folder?: string) => {
      const names = looked ? files.list(folder) : before;
      looked = true;
      return names;
    };
    const opening = new NotesWindow('opening', { ...files, list });
    assert.equal(await opening.engine.rotate(), true);
    await other.call(putNote, { id: 'next', text: '' });
    assert.deepEqual(await opening.call(listNotes), ['0:1', '1:1', 'next:1']);
  });

  it('leaves nothing to fall back on that a window which goes on later than another has made', async () => {
    const { disk, journal, ends } = await storeOf(3);
    flip(disk, journal, (ends[2] ?? 0) + 80);
    const first = new NotesWindow('first', disk.filesOf('first'));
    const files = disk.filesOf('later');
    const renameFolder = async (from: string, to: string) => {
      await first.engine.continueAfterDamage();
      await first.engine.purge(0);
      await first.call(putNote, { id: 'new', text: '' });
      return files.renameFolder(from, to);
    };
    const later = new NotesWindow('later', { ...files, renameFolder });
    await later.engine.continueAfterDamage();
    assert.deepEqual(await later.call(listNotes), ['0:1', '1:1', 'new:1']);
    flip(disk, nameLike(disk, /^g1000002-.*\/snapshot/), 5);
    await assert.rejects(new NotesWindow('third', disk.filesOf('third')).call(listNotes), isDamage);
  });

  it('is gone on from also when another window, which has seen that, purges the damaged file at the same moment', async () => {
    const { disk, journal, ends } = await storeOf(2);
    flip(disk, journal, (ends[1] ?? 0) + 3);
    const files = disk.filesOf('window');
    const window = new NotesWindow('window', {
      ...files,
      renameFile: (from, to) => {
        if (from === journal) disk.delete(journal);
        return files.renameFile(from, to);
      },
    });
    assert.equal((await window.engine.continueAfterDamage()).state, 'ready');
    assert.deepEqual(await window.call(listNotes), notes(1));
  });

  it('is gone on from again, after damage to the journal that went on', async () => {
    const { disk, journal, ends } = await storeOf(3);
    flip(disk, journal, (ends[2] ?? 0) + 80);
    const window = new NotesWindow('window', disk.filesOf('window'));
    const other = new NotesWindow('other', disk.filesOf('other'));
    await window.engine.continueAfterDamage();
    await other.call(putNote, { id: 'kept', text: '' });
    const second = nameLike(disk, /^journal-1000001-/);
    const end = disk.bytesOf(second).length;
    await other.call(putNote, { id: 'lost', text: '' });
    flip(disk, second, end + 80);
    assert.equal((await new NotesWindow('restarted', disk.filesOf('restarted')).engine.continueAfterDamage()).state, 'ready');
    await other.call(putNote, { id: 'late', text: '' });
    for (const each of [window, other]) assert.deepEqual(await each.call(listNotes), ['0:1', '1:1', 'kept:1', 'late:1']);
  });

  it('is named, when it was gone on from: how much of it could not be read, and until when all is here', async () => {
    const { disk, journal, ends } = await storeOf(2);
    const [, , behind = 0] = ends;
    const writer = new NotesWindow('writer', disk.filesOf('writer'));
    await writer.clock.advance(60_000);
    await writer.call(putNote, { id: 'read', text: '' });
    const readable = disk.bytesOf(journal).length;
    const at = writer.clock.now();
    await writer.clock.advance(60_000);
    await writer.call(putNote, { id: 'lost', text: '' });
    const whole = disk.bytesOf(journal).length;
    assert.ok(behind < readable && readable < whole);
    flip(disk, journal, readable + 80);
    const window = new NotesWindow('window', disk.filesOf('window'));
    assert.equal((await window.engine.status()).leftBehind, null);
    const named = { file: journal, bytes: whole - readable, lastWriteAt: at };
    assert.deepEqual((await window.engine.continueAfterDamage()).leftBehind, named);
    await window.engine.rotate();
    assert.deepEqual((await window.engine.status()).leftBehind, named);
    assert.equal((await new NotesWindow('restarted', disk.filesOf('restarted')).engine.status()).leftBehind, null);
  });

  it('has left nothing behind when all of it could be read', async () => {
    const { disk } = await storeOf(2);
    disk.delete('g1-first/MARK');
    const { leftBehind } = await new NotesWindow('window', disk.filesOf('window')).engine.continueAfterDamage();
    assert.equal(leftBehind?.bytes, 0);
  });

  it('is gone on from once, when two windows do it at the same time', async () => {
    const { disk, journal, ends } = await storeOf(2);
    flip(disk, journal, (ends[1] ?? 0) + 3);
    const windows = ['a', 'b'].map((name) => new NotesWindow(name, disk.filesOf(name)));
    await Promise.all(windows.map(({ engine }) => engine.continueAfterDamage()));
    await Promise.all(windows.map((window, i) => window.call(putNote, { id: `from ${i}`, text: '' })));
    for (const window of windows) assert.deepEqual(await window.call(listNotes), ['0:1', 'from 0:1', 'from 1:1']);
  });
});
