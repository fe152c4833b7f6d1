import assert from 'node:assert/strict';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { StoreChange } from '../../../src/store/port.ts';
import { settled } from '../../support/seeded-ports.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { getNote, insertNote, listNotes, putNote, searchNotes, touchNothing, writingRead } from '../support/notes-content.ts';
import { NotesWindow } from '../support/window.ts';

const journalOf = (disk: MemoryDisk) => disk.names().find((name) => /^journal-1-/.test(name)) ?? assert.fail('There is no journal.');

describe('store engine', () => {
  it('answers a read from what was written, in this window and the other', async () => {
    const disk = new MemoryDisk();
    const here = new NotesWindow('here', disk.filesOf('here'));
    const there = new NotesWindow('there', disk.filesOf('there'));
    assert.equal(await here.call(putNote, { id: 'a', text: 'first' }), 1);
    assert.deepEqual(await there.call(getNote, 'a'), { text: 'first', version: 1 });
    assert.equal(await there.call(putNote, { id: 'a', text: 'second' }), 2);
    assert.deepEqual(await here.call(getNote, 'a'), { text: 'second', version: 2 });
    assert.deepEqual(await here.call(searchNotes, 'second'), ['a']);
  });

  it('commits calls that arrive together in one record, and one that fails rejects alone', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    await window.call(insertNote, { id: 'taken', text: '' });
    const before = (await window.engine.status()).sequence;
    const results = await Promise.allSettled([
      window.call(insertNote, { id: 'a', text: '' }),
      window.call(insertNote, { id: 'taken', text: '' }),
      window.call(insertNote, { id: 'b', text: '' }),
    ]);
    assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled']);
    assert.equal((await window.engine.status()).sequence, before + 1);
    assert.deepEqual(await window.call(listNotes), ['a:1', 'b:1', 'taken:1']);
  });

  it('appends nothing for calls that wrote nothing', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    assert.equal(await window.call(touchNothing), 0);
    assert.equal((await window.engine.status()).sequence, 0);
  });

  it('answers a repeated call from what it did, in any window, also after a rotation', async () => {
    const disk = new MemoryDisk();
    const here = new NotesWindow('here', disk.filesOf('here'));
    assert.equal(await here.call(putNote, { id: 'a', text: 'x' }, 'one call'), 1);
    assert.equal(await here.call(putNote, { id: 'a', text: 'x' }, 'one call'), 1);
    await here.engine.rotate();
    const later = new NotesWindow('later', disk.filesOf('later'));
    assert.equal(await later.call(putNote, { id: 'a', text: 'x' }, 'one call'), 1);
    assert.deepEqual(await later.call(getNote, 'a'), { text: 'x', version: 1 });
  });

  it('runs a call once that is repeated while it is under way', async () => {
    const window = new NotesWindow('window', new MemoryDisk().filesOf('window'));
    const answers = await Promise.all([window.call(putNote, { id: 'a', text: 'x' }, 'same'), window.call(putNote, { id: 'a', text: 'x' }, 'same')]);
    assert.deepEqual(answers, [1, 1]);
    assert.deepEqual(await window.call(getNote, 'a'), { text: 'x', version: 1 });
  });

  it('refuses a read that writes', async () => {
    const window = new NotesWindow('window', new MemoryDisk().filesOf('window'));
    await window.call(putNote, { id: 'a', text: 'x' });
    await assert.rejects(window.call(writingRead), (error) => HearthlinkError.is(error, 'internal'));
    assert.deepEqual(await window.call(listNotes), ['a:1']);
  });

  it('tells this window and the other which rows changed', async () => {
    const disk = new MemoryDisk();
    const here = new NotesWindow('here', disk.filesOf('here'));
    const there = new NotesWindow('there', disk.filesOf('there'));
    await there.call(listNotes);
    const heard: [string, StoreChange['origin'], readonly string[]][] = [];
    for (const [name, window] of [['here', here], ['there', there]] as const) {
      window.engine.onDidChange((change) => heard.push([name, change.origin, change.slices]));
    }
    await here.call(putNote, { id: 'a', text: 'x' });
    const watching = there.engine.watch();
    await there.clock.advance(500);
    watching.dispose();
    assert.deepEqual(heard, [['here', 'this-window', ['a']], ['there', 'other-window', ['a']]]);
  });

  it('does not lose a write to a lock that another window takes away', async () => {
    const disk = new MemoryDisk();
    const here = new NotesWindow('here', disk.filesOf('here'));
    const there = new NotesWindow('there', disk.filesOf('there'));
    await Promise.all(Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? here : there).call(putNote, { id: 'shared', text: `${i}` })));
    assert.equal((await here.engine.status()).chain, (await there.engine.status()).chain);
    const note = await here.call(getNote, 'shared');
    assert.deepEqual(note, await there.call(getNote, 'shared'));
    assert.match(JSON.stringify(note), /"version":30/);
  });

  it('applies what others write while it waits for them', async () => {
    const disk = new MemoryDisk();
    const heard: string[] = [];
    const there = new NotesWindow('there', disk.filesOf('there'), {
      lock: {
        acquire: ({ meanwhile }) => {
          heard.push('waits');
          meanwhile();
          heard.push('has the lock');
        },
        release: () => undefined,
      },
    });
    const here = new NotesWindow('here', disk.filesOf('here'));
    there.engine.onDidChange(({ origin, slices }) => heard.push(`${origin}: ${slices.join()}`));
    await there.call(listNotes);
    await here.call(putNote, { id: 'a', text: 'x' });
    await there.call(listNotes);
    await here.call(putNote, { id: 'b', text: 'x' });
    await there.call(putNote, { id: 'c', text: 'x' });
    assert.deepEqual(heard.slice(-4), ['waits', 'other-window: b', 'has the lock', 'this-window: c']);
  });

  it('keeps what is not there out of reach of a store that was taken away', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    await window.call(putNote, { id: 'a', text: 'x' });
    for (const name of disk.names()) disk.delete(name);
    const watching = window.engine.watch();
    await window.clock.advance(500);
    watching.dispose();
    await assert.rejects(window.call(putNote, { id: 'b', text: 'x' }), (error) => HearthlinkError.is(error, 'store-damaged'));
    assert.deepEqual(await window.call(listNotes), ['a:1'], 'what it holds can still be read');
  });
});

describe('a store that was just started', () => {
  it('keeps what is acknowledged, though the window that started it died before its folder was flushed', async () => {
    const disk = new MemoryDisk({ immediate: false });
    const starter = new NotesWindow('starter', disk.filesOf('starter'));
    void starter.call(listNotes);
    for (let renamed = false; !renamed;) {
      await settled();
      const [operation] = disk.operations;
      renamed = operation?.name === 'rename';
      operation?.perform({ type: 'none' });
    }
    disk.kill('starter');
    disk.immediate = true;
    await new NotesWindow('other', disk.filesOf('other')).call(putNote, { id: 'a', text: 'x' });
    const loseEverythingNotFlushed = () => 0;
    disk.losePower(loseEverythingNotFlushed);
    assert.deepEqual(await new NotesWindow('restarted', disk.filesOf('restarted')).call(listNotes), ['a:1']);
  });
});

describe('a disk that fails', () => {
  it('rejects a write that does not fit, and the next one goes on behind the bytes', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    await window.call(putNote, { id: 'a', text: 'x' });
    const length = disk.bytesOf(journalOf(disk)).length;
    disk.failNext('append', { type: 'short', bytes: 20 });
    await assert.rejects(window.call(putNote, { id: 'b', text: 'x' }), (error) => HearthlinkError.is(error, 'store-full'));
    assert.equal(disk.bytesOf(journalOf(disk)).length, length + 20, 'a live journal is not truncated');
    await window.call(putNote, { id: 'c', text: 'x' });
    assert.deepEqual(await new NotesWindow('other', disk.filesOf('other')).call(listNotes), ['a:1', 'c:1']);
  });

  it('says that a write is not known to be saved when its flush fails, and answers the repeated call once a flush succeeds', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('window', disk.filesOf('window'));
    await window.call(putNote, { id: 'a', text: 'x' });
    disk.failNext('flush', { type: 'fails', code: 'store-stopped' });
    const notKnown = (error: unknown) => HearthlinkError.is(error, 'store-not-known-saved');
    await assert.rejects(window.call(putNote, { id: 'b', text: 'x' }, 'the call'), notKnown);
    disk.failNext('flush', { type: 'fails', code: 'store-stopped' });
    await assert.rejects(window.call(putNote, { id: 'b', text: 'x' }, 'the call'), notKnown, 'the journal must be flushed before anything is written');
    assert.equal(await window.call(putNote, { id: 'b', text: 'x' }, 'the call'), 1);
    assert.deepEqual(await window.call(getNote, 'b'), { text: 'x', version: 1 });
  });

  for (const failing of ['reading back', 'looking where the others are'] as const) {
    it(`says that a write is not known to be saved when ${failing} fails behind a good flush, and answers the repeated call`, async () => {
      const disk = new MemoryDisk();
      const files = disk.filesOf('window');
      let fails = false;
      const failOnce = () => {
        if (!fails) return;
        fails = false;
        throw new HearthlinkError('store-stopped', { detail: 'EIO' });
      };
      const window = new NotesWindow('window', {
        ...files,
        size: (name) => {
          if (failing === 'looking where the others are') failOnce();
          return files.size(name);
        },
        openJournal: (name) => {
          const journal = files.openJournal(name);
          if (journal === null) return null;
          const read: typeof journal.read = (offset, length) => {
            if (failing === 'reading back') failOnce();
            return journal.read(offset, length);
          };
          return { ...journal, read };
        },
      });
      await window.call(putNote, { id: 'a', text: 'x' });
      fails = true;
      await assert.rejects(window.call(putNote, { id: 'b', text: 'x' }, 'the call'), (error) => HearthlinkError.is(error, 'store-not-known-saved'));
      assert.equal(await window.call(putNote, { id: 'b', text: 'x' }, 'the call'), 1);
      assert.deepEqual(await window.call(getNote, 'b'), { text: 'x', version: 1 });
      window.discard();
    });
  }

  it('reads from a folder that cannot be written, and says so', async () => {
    const disk = new MemoryDisk();
    await new NotesWindow('before', disk.filesOf('before')).call(putNote, { id: 'a', text: 'x' });
    const files = disk.filesOf('window');
    const window = new NotesWindow('window', {
      ...files,
      openJournal: (name) => {
        const journal = files.openJournal(name);
        return journal === null ? null : { ...journal, writable: false };
      },
    });
    assert.deepEqual(await window.call(listNotes), ['a:1']);
    await assert.rejects(window.call(putNote, { id: 'b', text: 'x' }), (error) => HearthlinkError.is(error, 'store-read-only'));
    assert.equal((await window.engine.status()).state, 'read-only');
  });

  it('is not an empty store when it cannot be read', async () => {
    const files = new MemoryDisk().filesOf('window');
    const refused = () => { throw new HearthlinkError('store-read-only', { detail: 'ENOTDIR' }); };
    const window = new NotesWindow('window', { ...files, list: refused, createStoreFolder: refused });
    await assert.rejects(window.call(listNotes), (error) => HearthlinkError.is(error, 'store-read-only'));
    assert.deepEqual((await window.engine.status()).problem, { code: 'store-read-only', parameters: { detail: 'ENOTDIR' } });
  });
});
