import assert from 'node:assert/strict';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { echoNote, listNotes, notesContent, putNote, searchNotes } from '../support/notes-content.ts';
import { NotesWindow, openDatabase } from '../support/window.ts';

const generations = (disk: MemoryDisk) => disk.names().filter((name) => /^g\d+-[^/]*$/.test(name)).map((name) => Number(/\d+/.exec(name)?.[0]));
const journals = (disk: MemoryDisk) => disk.names().filter((name) => name.startsWith('journal-')).map((name) => Number(/\d+/.exec(name)?.[0]));

/** Names of the files in which these bytes stand. */
function filesWith(disk: MemoryDisk, text: string): string[] {
  return disk.names().filter((name) => disk.isFile(name) && disk.bytesOf(name).includes(text));
}

describe('rotation', () => {
  it('seals the journal when it is long enough, and both windows go on in the next', async () => {
    const disk = new MemoryDisk();
    const here = new NotesWindow('here', disk.filesOf('here'), { rotateAtBytes: () => 20_000 });
    const there = new NotesWindow('there', disk.filesOf('there'));
    for (let i = 0; i < 40; i++) await here.call(putNote, { id: `${i}`, text: 'x'.repeat(1000) });
    const status = await here.engine.status();
    assert.ok(status.generation > 1);
    await there.call(putNote, { id: 'there', text: '' });
    assert.equal((await here.call(listNotes).then((notes) => JSON.stringify(notes))).includes('there:1'), true);
    assert.equal((await here.engine.status()).chain, (await there.engine.status()).chain);
  });

  it('leaves the rotation to the window that holds the lease', async () => {
    const disk = new MemoryDisk();
    const asked: unknown[] = [];
    const refused = (_: unknown, argument: unknown) => {
      asked.push(argument);
      return Promise.resolve(false);
    };
    const window = new NotesWindow('window', disk.filesOf('window'), {
      rotateAtBytes: () => 100, rotationLease: { acquire: { kind: 'write', run: refused }, holder: 'me' },
    });
    for (let i = 0; i < 5; i++) await window.call(putNote, { id: `${i}`, text: 'x' });
    assert.deepEqual(generations(disk), [1]);
    const at = window.clock.now();
    assert.deepEqual(asked, [{ name: 'rotation', holder: 'me', until: at + 60_000, at }], 'it does not ask again at once');
  });

  it('waits while the disk is nearly full, and is made up for once there is room', async () => {
    const disk = new MemoryDisk();
    const room = { left: false };
    const window = new NotesWindow('window', disk.filesOf('window'), { rotateAtBytes: () => 100, hasRoom: () => room.left });
    for (let i = 0; i < 5; i++) await window.call(putNote, { id: `${i}`, text: 'x' });
    assert.deepEqual(generations(disk), [1]);
    room.left = true;
    await window.clock.advance(15_000);
    for (let i = 0; i < 5; i++) await window.call(putNote, { id: `later ${i}`, text: 'x' });
    assert.ok((await window.engine.status()).generation > 1);
  });

  it('keeps one older generation, and the journals that the kept ones are read with', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    for (let i = 0; i < 5; i++) {
      await window.call(putNote, { id: `${i}`, text: 'x' });
      assert.equal(await window.engine.rotate(), true);
    }
    assert.deepEqual(generations(disk), [5, 6]);
    for (const needed of [4, 5, 6]) assert.ok(journals(disk).includes(needed), `journal ${needed}`);
    for (const name of ['g6', 'g5']) {
      // Each of the two alone leads to everything.
      const copy = disk.copy();
      for (const file of copy.names()) if (/^g\d+-[^/]*$/.test(file) && !file.startsWith(`${name}-`)) copy.delete(file);
      assert.equal(JSON.stringify(await new NotesWindow('restarted', copy.filesOf('restarted')).call(listNotes)), '["0:1","1:1","2:1","3:1","4:1"]');
    }
  });

  it('keeps sealed journals for a week, for the next backup', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    disk.time = window.clock.now();
    for (let i = 0; i < 4; i++) await window.engine.rotate();
    assert.deepEqual(journals(disk), [1, 2, 3, 4, 5]);
    await window.clock.advance(8 * 24 * 60 * 60 * 1000);
    await window.engine.rotate();
    assert.deepEqual(journals(disk), [4, 5, 6]);
  });

  it('carries the index and the calls', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    await window.call(putNote, { id: 'a', text: 'found' }, 'a call');
    await window.engine.rotate();
    const restarted = new NotesWindow('restarted', disk.filesOf('restarted'));
    assert.deepEqual(await restarted.call(searchNotes, 'found'), ['a']);
    assert.equal(await restarted.call(putNote, { id: 'a', text: 'found' }, 'a call'), 1);
  });
});

describe('purge', () => {
  it('leaves nothing of what was forgotten in any file, and everything else', async () => {
    const disk = new MemoryDisk();
    const here = new NotesWindow('here', disk.filesOf('here'));
    const there = new NotesWindow('there', disk.filesOf('there'));
    for (let i = 0; i < 200; i++) await here.call(putNote, { id: `kept ${i}`, text: `text ${i} ${'y'.repeat(300)}` });
    await here.call(putNote, { id: 'forgotten', text: 'the launch code is tuesday' });
    await here.engine.rotate();
    await there.call(searchNotes, 'tuesday');
    assert.notDeepEqual(filesWith(disk, 'tuesday'), []);

    const report = await there.engine.purge(1);
    assert.deepEqual(filesWith(disk, 'tuesday'), []);
    assert.equal(report.generation, 3);
    assert.ok(report.filesRemoved >= 4 && report.bytesFreed > 0);
    assert.deepEqual(generations(disk), [3]);
    assert.deepEqual(journals(disk), [3]);

    await here.call(putNote, { id: 'after', text: 'goes on' });
    await here.engine.rotate();
    assert.deepEqual(filesWith(disk, 'tuesday'), [], 'nor does another window bring it back');
    assert.deepEqual(await there.call(searchNotes, 'goes'), ['after']);
    assert.equal((await there.engine.status()).counts.slices, 201);
  });

  it('drops kept results with words, and refuses to answer such a call again; it is not done twice', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    await window.call(echoNote, { id: 'forgotten', text: 'unspeakable' }, 'with words');
    await window.call(putNote, { id: 'a', text: 'x' }, 'without');
    await window.engine.purge(1);
    assert.deepEqual(filesWith(disk, 'unspeakable'), []);
    await assert.rejects(window.call(echoNote, { id: 'forgotten', text: 'unspeakable' }, 'with words'), (error) => HearthlinkError.is(error, 'conflict'));
    assert.equal(await window.call(putNote, { id: 'a', text: 'x' }, 'without'), 1);
    assert.deepEqual(await window.call(listNotes), ['a:1']);
  });
});

describe('a newer schema', () => {
  it('is migrated to after a copy of the content was kept and checked, with the journal so far', async () => {
    const disk = new MemoryDisk();
    const before = new NotesWindow('before', disk.filesOf('before'));
    await before.call(putNote, { id: 'a', text: 'x' }, 'a call');
    before.discard();
    const after = new NotesWindow('after', disk.filesOf('after'), { content: notesContent(2) });
    assert.deepEqual(await after.call(listNotes), ['a:1']);
    assert.equal(await after.call(putNote, { id: 'a', text: 'x' }, 'a call'), 1);
    assert.equal((await after.engine.status()).generation, 2);
    const kept = disk.names().find((name) => /^before-v2-.*\/snapshot.sqlite$/.test(name)) ?? '';
    const copy = openDatabase(Buffer.from(disk.bytesOf(kept)));
    assert.deepEqual(copy.exec('SELECT id FROM note')[0]?.values, [['a']]);
    copy.close();
    const restarted = new NotesWindow('restarted', disk.filesOf('restarted'), { content: notesContent(2) });
    assert.deepEqual(await restarted.call(listNotes), ['a:1']);
    assert.equal((await restarted.engine.status()).generation, 2, 'it is migrated once');
  });

  it('stops the writing of a window that is older, which goes on reading what it had', async () => {
    const disk = new MemoryDisk();
    const older = new NotesWindow('older', disk.filesOf('older'));
    await older.call(putNote, { id: 'a', text: 'x' });
    const newer = new NotesWindow('newer', disk.filesOf('newer'), { content: notesContent(2) });
    await newer.call(putNote, { id: 'b', text: 'x' });
    await assert.rejects(older.call(putNote, { id: 'c', text: 'x' }), (error) => HearthlinkError.is(error, 'store-newer-schema'));
    assert.deepEqual(await older.call(listNotes), ['a:1']);
    assert.equal((await older.engine.status()).state, 'newer-schema');
    assert.deepEqual(await newer.call(listNotes), ['a:1', 'b:1']);
    const opened = new NotesWindow('opened', disk.filesOf('opened'));
    await assert.rejects(opened.call(listNotes), (error) => HearthlinkError.is(error, 'store-newer-schema'));
  });
});
