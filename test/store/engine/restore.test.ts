import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { copyOf, loadNotes, recordsOf, restoreNotes } from '../support/notes-backup.ts';
import { deleteNote, doOnce, forgottenText, getNote, listNotes, notesContent, putNote, searchNotes } from '../support/notes-content.ts';
import { MemoryDisk, type Fault } from '../support/memory-disk.ts';
import { NotesWindow } from '../support/window.ts';

/** Everything that notes are: rows and what the index finds. */
async function notesIn(window: NotesWindow): Promise<unknown> {
  return { rows: await window.call(listNotes), found: await window.call(searchNotes, '') };
}

const isDamaged = (error: unknown) => HearthlinkError.is(error, 'archive-damaged');

type Deed = { readonly type: 'put'; readonly id: string } | { readonly type: 'delete'; readonly id: string } | { readonly type: 'rotate' };

const noteId = fc.constantFrom('a', 'b', 'c', 'd');
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('put' as const), id: noteId }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), id: noteId }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rotate' as const) }) },
);

async function perform(window: NotesWindow, one: Deed, text: string): Promise<void> {
  if (one.type === 'put') await window.call(putNote, { id: one.id, text });
  else if (one.type === 'delete') await window.call(deleteNote, one.id);
  else await window.engine.rotate();
}

describe('a backup with the records since', () => {
  it('gives the content of any moment since', () =>
    fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 12 }), fc.array(deed, { minLength: 1, maxLength: 20 }), fc.nat(), async (before, since, pick) => {
        const disk = new MemoryDisk();
        const window = new NotesWindow('A', disk.filesOf('A'));
        // Sealed journals are young enough to be kept for a backup.
        disk.time = window.clock.now();
        for (const [i, one] of before.entries()) await perform(window, one, `before ${i}`);
        const copy = await copyOf(window);
        const moments: { readonly at: number; readonly notes: unknown }[] = [];
        for (const [i, one] of since.entries()) {
          await window.clock.advance(1000);
          await perform(window, one, `since ${i}`);
          moments.push({ at: window.clock.now(), notes: await notesIn(window) });
        }
        const moment = moments[pick % moments.length] ?? assert.fail();
        const { scratch } = await loadNotes(window, copy, { records: await recordsOf(window, copy.position), until: moment.at });
        const context = scratch.content.readingContext();
        assert.deepEqual({ rows: await listNotes.run(context, undefined), found: await searchNotes.run(context, '') }, moment.notes);
        scratch.close();
        window.discard();
      }),
      { numRuns: 100 },
    ));

  it('gives the content of its own beginning too, where records are in it', async () => {
    const window = new NotesWindow('A', new MemoryDisk().filesOf('A'));
    const start = window.clock.now();
    await window.call(putNote, { id: 'a', text: 'first' });
    await window.clock.advance(1000);
    await window.call(putNote, { id: 'b', text: 'second' });
    const { scratch, at, records } = await loadNotes(window, await copyOf(window), { until: start });
    assert.deepEqual(await listNotes.run(scratch.content.readingContext(), undefined), ['a:1']);
    assert.deepEqual([at, records], [start, 1]);
    window.discard();
  });

  it('is refused when a record between is missing', async () => {
    const window = new NotesWindow('A', new MemoryDisk().filesOf('A'));
    await window.call(putNote, { id: 'a', text: 'first' });
    const copy = await copyOf(window);
    await window.call(putNote, { id: 'b', text: 'second' });
    const { position } = await copyOf(window);
    await window.call(putNote, { id: 'c', text: 'third' });
    await assert.rejects(loadNotes(window, copy, { records: await recordsOf(window, position) }), isDamaged);
    window.discard();
  });

  it('takes records twice that two backups both hold', async () => {
    const window = new NotesWindow('A', new MemoryDisk().filesOf('A'));
    const { position: first } = await copyOf(window);
    await window.call(putNote, { id: 'a', text: 'first' });
    const copy = await copyOf(window);
    await window.call(putNote, { id: 'b', text: 'second' });
    const { scratch } = await loadNotes(window, copy, { records: await recordsOf(window, first) });
    assert.deepEqual(await listNotes.run(scratch.content.readingContext(), undefined), ['a:1', 'b:1']);
    window.discard();
  });
});

describe('a restored store', () => {
  it('answers a call that was made before, and does not do it again', async () => {
    const window = new NotesWindow('A', new MemoryDisk().filesOf('A'));
    const copy = await copyOf(window);
    await window.call(doOnce, 'x', 'the call');
    await restoreNotes(window, copy);
    await window.call(doOnce, 'x', 'the call');
    assert.deepEqual(await window.call(listNotes), []);
    window.discard();
  });

  it('keeps forgotten what another window forgets while the restore is under way', async () => {
    const disk = new MemoryDisk();
    const window = new NotesWindow('A', disk.filesOf('A'));
    const other = new NotesWindow('B', disk.filesOf('B'));
    await window.call(putNote, { id: 'a', text: 'a secret' });
    const copy = await copyOf(window);
    disk.immediate = false;
    const restoring = restoreNotes(window, copy);
    const forgetting: Promise<unknown>[] = [];
    await pump(disk, (step) => {
      // The generation is written by now; the SEAL is not.
      if (step === 4) forgetting.push(other.call(putNote, { id: 'a', text: forgottenText }));
      return { type: 'none' };
    });
    await Promise.all([restoring, ...forgetting]);
    disk.immediate = true;
    assert.deepEqual([await window.call(getNote, 'a'), await other.call(searchNotes, 'secret')], [{ text: forgottenText, version: 1 }, []]);
    window.discard();
    other.discard();
  });

  it('is brought to the schema of this release, from a backup of an earlier one', async () => {
    const disk = new MemoryDisk();
    const older = new NotesWindow('A', disk.filesOf('A'));
    await older.call(putNote, { id: 'a', text: 'first' });
    const copy = await copyOf(older);
    older.discard();
    const window = new NotesWindow('B', disk.filesOf('B'), { content: notesContent(2) });
    const { migratedFrom, scratch } = await loadNotes(window, copy);
    assert.equal(migratedFrom, 1);
    scratch.close();
    await restoreNotes(window, copy);
    await window.call(putNote, { id: 'b', text: 'second' });
    assert.deepEqual(await window.call(listNotes), ['a:1', 'b:1']);
    window.discard();
  });

  it('is not made of a backup of a later release', async () => {
    const disk = new MemoryDisk();
    const newer = new NotesWindow('A', new MemoryDisk().filesOf('A'), { content: notesContent(2) });
    const copy = await copyOf(newer);
    newer.discard();
    const window = new NotesWindow('B', disk.filesOf('B'));
    await window.call(putNote, { id: 'a', text: 'first' });
    await assert.rejects(restoreNotes(window, copy), (error) => HearthlinkError.is(error, 'store-newer-schema'));
    assert.deepEqual(await window.call(listNotes), ['a:1']);
    window.discard();
  });
});

/** Performs what waits on a disk, one after the other, until nothing does. */
async function pump(disk: MemoryDisk, faultOf: (step: number) => Fault | 'crash'): Promise<void> {
  for (let step = 0; ; step++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    const [operation] = disk.operations;
    if (operation === undefined) return;
    const fault = faultOf(step);
    if (fault === 'crash') {
      disk.kill(operation.window);
      return;
    }
    operation.perform(fault);
  }
}

describe('a restore that meets a fault at any of its steps', () => {
  /** More than a restore takes. */
  const manySteps = 60;

  /** A store with something newer than the backup of it. */
  async function beforeRestore() {
    const disk = new MemoryDisk();
    const window = new NotesWindow('A', disk.filesOf('A'));
    await window.call(putNote, { id: 'old', text: 'in the backup' });
    const copy = await copyOf(window);
    const restored = await notesIn(window);
    await window.call(putNote, { id: 'new', text: 'since' });
    return { disk, window, copy, restored, present: await notesIn(window) };
  }

  function foldersOf(disk: MemoryDisk): string[] {
    return disk.names().filter((name) => !disk.isFile(name));
  }

  async function opened(disk: MemoryDisk): Promise<unknown> {
    const window = new NotesWindow('B', disk.filesOf('B'));
    const notes = await notesIn(window);
    assert.equal((await window.engine.status()).state, 'ready');
    window.discard();
    return notes;
  }

  for (const fault of [{ type: 'fails', code: 'store-full' }, { type: 'fails', code: 'store-stopped' }, { type: 'short', bytes: 9 }] as const) {
    it(`(${fault.type} ${'code' in fault ? fault.code : ''}) leaves the store as it was, or is told to be done`, async () => {
      const outcomes = new Set<string>();
      for (let failing = 0; failing < manySteps; failing++) {
        const { disk, window, copy, restored, present } = await beforeRestore();
        disk.immediate = false;
        const told = restoreNotes(window, copy).then(() => 'done', (error: unknown) => HearthlinkError.from(error).code);
        await pump(disk, (step) => (step === failing ? fault : { type: 'none' }));
        const outcome = await told;
        disk.immediate = true;
        const notes = await notesIn(window);
        assert.deepEqual(await opened(disk), notes, `step ${failing}: another window sees the same`);
        if (outcome !== 'store-not-known-saved') assert.deepEqual(notes, outcome === 'done' ? restored : present, `step ${failing}: ${outcome}`);
        await window.call(putNote, { id: 'later', text: 'goes on' });
        if (outcome === 'store-full') assert.deepEqual(foldersOf(disk), ['g1-first'], `step ${failing}: the room is given back`);
        outcomes.add(outcome);
        window.discard();
      }
      assert.ok(outcomes.has('done') && outcomes.size > 1, [...outcomes].join());
    });
  }

  it('(the end of the process) leaves either content whole', async () => {
    const seen = new Set<string>();
    for (let last = 0; last < manySteps; last++) {
      const { disk, window, copy, restored, present } = await beforeRestore();
      disk.immediate = false;
      void restoreNotes(window, copy).catch(() => undefined);
      await pump(disk, (step) => (step === last ? 'crash' : { type: 'none' }));
      disk.immediate = true;
      const notes = JSON.stringify(await opened(disk));
      assert.ok([restored, present].some((content) => JSON.stringify(content) === notes), `step ${last}`);
      seen.add(notes);
      window.discard();
    }
    assert.equal(seen.size, 2);
  });
});
