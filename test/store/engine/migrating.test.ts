import assert from 'node:assert/strict';
import { HearthlinkError, type ErrorCode } from '../../../src/shared/errors.ts';
import { MemoryDisk, type Operation } from '../support/memory-disk.ts';
import { copyOf, loadNotes, restoreNotes } from '../support/notes-backup.ts';
import { failsToMigrate, listNotes, notesContent, putNote } from '../support/notes-content.ts';
import { NotesWindow, type NotesSetup } from '../support/window.ts';

const is = (code: ErrorCode) => (error: unknown) => HearthlinkError.is(error, code);

/** A store of the first release, in which one note was written, and windows of either release. */
class Releases {
  readonly disk = new MemoryDisk();
  readonly #windows: NotesWindow[] = [];

  window(name: string, version: 1 | 2, changed: Partial<NotesSetup> = {}): NotesWindow {
    const window = new NotesWindow(name, this.disk.filesOf(name), { content: notesContent(version), ...changed });
    this.#windows.push(window);
    return window;
  }

  names(): string {
    return this.disk.names().toSorted().join(' ');
  }

  /** Of what was there before a migration. */
  copies(): string[] {
    return this.disk.filesOf('anybody').list().filter((name) => name.startsWith('before-v2-'));
  }

  close(): void {
    for (const window of this.#windows) window.discard();
  }
}

describe('a store of an earlier release', () => {
  let releases: Releases;

  beforeEach(async () => {
    releases = new Releases();
    await releases.window('older', 1).call(putNote, { id: 'a', text: 'first' });
  });
  afterEach(() => { releases.close(); });

  it('is migrated after what it holds was handed over to be backed up, and then is what was backed up', async () => {
    const asked: string[] = [];
    const newer = releases.window('newer', 2, {
      beforeMigration: ({ content, place }) => {
        asked.push(`${String(content.schemaVersion)} ${String(place.sequence)}`);
        return Promise.resolve();
      },
    });
    assert.deepEqual(await newer.call(listNotes), ['a:1']);
    assert.deepEqual(asked, ['1 1']);
  });

  it('is handed over again where a window of that release wrote meanwhile', async () => {
    const older = releases.window('another older', 1);
    const sequences: number[] = [];
    const newer = releases.window('newer', 2, {
      beforeMigration: async ({ place }) => {
        sequences.push(place.sequence);
        if (sequences.length === 1) await older.call(putNote, { id: 'b', text: 'meanwhile' });
      },
    });
    assert.deepEqual(await newer.call(listNotes), ['a:1', 'b:1']);
    assert.deepEqual(sequences, [1, 2]);
  });

  it('is migrated once, by whichever of two windows is faster', async () => {
    const asked: string[] = [];
    const faster = releases.window('faster', 2, { beforeMigration: () => Promise.resolve(void asked.push('faster')) });
    const slower = releases.window('slower', 2, {
      beforeMigration: async () => {
        asked.push('slower');
        await faster.call(putNote, { id: 'b', text: 'of this release' });
      },
    });
    assert.deepEqual(await slower.call(listNotes), ['a:1', 'b:1']);
    assert.deepEqual(asked, ['slower', 'faster']);
    assert.deepEqual([(await slower.engine.status()).generation, (await slower.engine.status()).state], [2, 'ready']);
    assert.equal(releases.copies().length, 1, 'of what was migrated');
  });

  it('keeps the copy of just what was migrated', async () => {
    const older = releases.window('another older', 1);
    const files = releases.disk.filesOf('newer');
    let isWritten = false;
    const writeFile: typeof files.writeFile = async (name, parts, keyId) => {
      if (name.startsWith('g2-') && !isWritten) {
        isWritten = true;
        await older.call(putNote, { id: 'b', text: 'after the copy was made' });
      }
      return files.writeFile(name, parts, keyId);
    };
    const newer = releases.window('newer', 2, { files: { ...files, writeFile } });
    assert.deepEqual(await newer.call(listNotes), ['a:1', 'b:1']);
    const [copy = '', ...others] = releases.copies();
    assert.deepEqual(others, []);
    assert.ok(releases.disk.bytesOf(`${copy}/snapshot.sqlite`).includes('after the copy was made'));
  });

  const refused: readonly (readonly [string, Operation['name'], RegExp])[] = [
    ['the copy', 'write', /^before-v2-.*snapshot/],
    ['what the copy is of', 'write', /^before-v2-.*COVERS/],
    ['the migrated generation', 'write', /^g2-.*snapshot/],
    ['its journal', 'write', /^journal-2-/],
    ['the SEAL', 'append', /^journal-1-/],
  ];
  for (const [what, name, file] of refused) {
    it(`is left as it is where the disk refuses ${what}, and no copy of it stays`, async () => {
      const before = releases.names();
      const newer = releases.window('newer', 2);
      await refuseOnce(releases.disk, newer.call(listNotes), { name, file });
      assert.equal((await newer.engine.status()).problem?.code, 'store-full');
      assert.equal(releases.names(), before);
      await newer.clock.advance(2_000);
      assert.deepEqual(await newer.call(listNotes), ['a:1']);
      assert.equal(releases.copies().length, 1);
    });
  }

  it('says why it could not be migrated also where the copy cannot be removed', async () => {
    const newer = releases.window('newer', 2, {
      beforeMigration: () => {
        releases.disk.failNext('write', { type: 'fails', code: 'store-full' });
        releases.disk.failNext('remove', { type: 'fails', code: 'store-stopped' });
        return Promise.resolve();
      },
    });
    await assert.rejects(newer.call(listNotes), is('store-full'));
  });

  it('keeps the copy of what was migrated where only the mark could not be written', async () => {
    const newer = releases.window('newer', 2);
    await refuseOnce(releases.disk, newer.call(listNotes), { name: 'write', file: /^g2-.*MARK/ });
    assert.equal(releases.copies().length, 1);
    await newer.clock.advance(2_000);
    assert.deepEqual(await newer.call(listNotes), ['a:1']);
    assert.deepEqual([releases.copies().length, (await newer.engine.status()).generation], [1, 2]);
  });

  it('is left as it is when it could not be backed up, and tried again after a while', async () => {
    const before = releases.names();
    const refusals: ErrorCode[] = ['vault-locked'];
    const newer = releases.window('newer', 2, {
      beforeMigration: () => {
        const code = refusals.pop();
        return code === undefined ? Promise.resolve() : Promise.reject(new HearthlinkError(code));
      },
    });
    await assert.rejects(newer.call(listNotes), is('vault-locked'));
    const { state, problem } = await newer.engine.status();
    assert.deepEqual([state, problem?.code], ['stopped', 'vault-locked']);
    assert.equal(releases.names(), before);
    await newer.clock.advance(2_000);
    assert.deepEqual(await newer.call(listNotes), ['a:1']);
    assert.equal((await newer.engine.status()).state, 'ready');
  });

  it('is not written to before it was migrated, however long ago that failed', async () => {
    let now = 0;
    const newer = releases.window('newer', 2, {
      clock: { now: () => (now += 2_000) },
      beforeMigration: () => Promise.reject(new HearthlinkError('vault-locked')),
    });
    await assert.rejects(newer.call(putNote, { id: 'b', text: 'x' }), is('vault-locked'));
    assert.deepEqual(await releases.window('older too', 1).call(listNotes), ['a:1']);
  });

  it('is migrated also before it is rotated', async () => {
    const newer = releases.window('newer', 2);
    assert.equal(await newer.engine.rotate(), true);
    assert.deepEqual([(await newer.engine.status()).generation, releases.copies().length], [3, 1]);
  });

  it('is left as it is when it cannot be migrated, says so, and is not tried again and again', async () => {
    await releases.window('older too', 1).call(putNote, { id: 'b', text: failsToMigrate });
    const before = releases.names();
    let asked = 0;
    const newer = releases.window('newer', 2, { beforeMigration: () => { asked++; return Promise.resolve(); } });
    for (let attempt = 0; attempt < 3; attempt++) {
      await assert.rejects(newer.call(listNotes), is('store-not-migrated'));
      await assert.rejects(newer.call(putNote, { id: 'c', text: 'x' }), is('store-not-migrated'));
      await newer.clock.advance(10_000);
    }
    assert.deepEqual([asked, releases.names()], [1, before]);
    assert.equal((await newer.engine.status()).problem?.code, 'store-not-migrated');
    assert.deepEqual(await releases.window('older again', 1).call(listNotes), ['a:1', 'b:1']);
  });

  it('that cannot be migrated goes back to a backup that can, and windows that could not open it follow', async () => {
    const older = releases.window('older too', 1);
    const copy = await copyOf(older);
    await older.call(putNote, { id: 'b', text: failsToMigrate });
    const waiting = releases.window('waiting', 2);
    await assert.rejects(waiting.call(listNotes), is('store-not-migrated'));
    await restoreNotes(releases.window('restoring', 2, { migrates: false }), copy);
    await waiting.clock.advance(2_000);
    assert.deepEqual(await waiting.call(listNotes), ['a:1']);
    await assert.rejects(older.call(putNote, { id: 'c', text: 'x' }), is('store-newer-schema'));
  });
});

describe('a store of a later release', () => {
  let releases: Releases;

  beforeEach(() => { releases = new Releases(); });
  afterEach(() => { releases.close(); });

  it('goes back to a backup that this release can read; what the later one wrote is kept, and its windows follow', async () => {
    const older = releases.window('older', 1);
    await older.call(putNote, { id: 'a', text: 'first' });
    const copy = await copyOf(older);
    const later = releases.window('later', 2);
    await later.call(putNote, { id: 'b', text: 'second' });
    await assert.rejects(older.call(putNote, { id: 'c', text: 'x' }), is('store-newer-schema'));

    const restoring = releases.window('restoring', 1);
    const { scratch } = await loadNotes(restoring, copy);
    assert.equal((await restoring.engine.continueAfterDamage(scratch.content)).state, 'ready');
    scratch.close();
    assert.deepEqual(await restoring.call(listNotes), ['a:1']);
    await older.clock.advance(2_000);
    assert.deepEqual(await older.call(listNotes), ['a:1']);
    await older.call(putNote, { id: 'd', text: 'goes on' });
    assert.ok(releases.names().includes('damaged-g2-'), 'the later generation is kept');
    await later.engine.status(); // as the poll of a window does, twice a second
    assert.deepEqual(await later.call(listNotes), ['a:1', 'd:1']);
    await assert.rejects(older.call(putNote, { id: 'e', text: 'x' }), is('store-newer-schema'));
  });

  it('is not gone on from without a backup', async () => {
    await releases.window('later', 2).call(putNote, { id: 'a', text: 'x' });
    const before = releases.names();
    const older = releases.window('older', 1);
    assert.equal((await older.engine.continueAfterDamage()).state, 'newer-schema');
    assert.equal(releases.names(), before);
  });
});

/** Lets a call change the disk step by step; the first change of this file fails for want of room, and so does the call. */
async function refuseOnce(disk: MemoryDisk, call: Promise<unknown>, refused: { readonly name: Operation['name']; readonly file: RegExp }): Promise<void> {
  let over = false;
  disk.immediate = false;
  const failed = assert.rejects(call, is('store-full')).finally(() => { over = true; });
  const isOver = () => over;
  for (let isRefused = false; !isOver(); await new Promise((resolve) => { setImmediate(resolve); })) {
    const [operation] = disk.operations;
    if (operation === undefined) continue;
    const refuses: boolean = !isRefused && operation.name === refused.name && refused.file.test(operation.file);
    isRefused ||= refuses;
    operation.perform(refuses ? { type: 'fails', code: 'store-full' } : { type: 'none' });
  }
  await failed;
  disk.immediate = true;
}
