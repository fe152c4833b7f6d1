import assert from 'node:assert/strict';
import path from 'node:path';
import { HearthlinkError, type ErrorCode } from '../../src/shared/errors.ts';
import { closeMemoryStores } from '../support/store/memory-store.ts';
import { BackupPlace } from './support/backup-place.ts';
import { FaultyArchiveFiles } from './support/faulty-archive-files.ts';
import { needsDisks, SmallDisk } from './support/small-disk.ts';

const megabyte = 1 << 20;
const yearMs = 365 * 24 * 60 * 60 * 1000;
const outcome = (made: Promise<unknown>): Promise<string> => made.then(() => 'done', (error: unknown) => HearthlinkError.from(error).code);

describe('a disk that fails while a backup is written', () => {
  afterEach(closeMemoryStores);

  for (const [fault, code] of [['ENOSPC', 'store-full'], ['EIO', 'store-stopped'], ['EROFS', 'store-read-only']] as const satisfies [string, ErrorCode][]) {
    it(`(${fault}, at any step) is told of, leaves nothing behind and the store as it was, and the next backup is good`, async function () {
      this.timeout(60_000);
      const reached: string[] = [];
      for (let step = 0; reached.at(-1) !== 'flush folder'; step++) {
        const files = new FaultyArchiveFiles();
        using place = new BackupPlace({ files, encrypted: true });
        await place.remember('The harbour master waters orchids.');
        const before = await place.store.status();
        files.failAt(step, fault);
        const said = await outcome(place.service.backUp('full', 'hand'));
        reached.push(files.steps[step] ?? assert.fail('There are no more steps.'));
        files.mend();
        assert.equal(said, code, reached.at(-1));
        assert.deepEqual(await place.store.status(), before);
        // Where only the flush of the folder failed, the file is whole and has its name.
        const { backups, unfinished } = place.names();
        assert.deepEqual([backups.length, unfinished], [reached.at(-1) === 'flush folder' ? 1 : 0, []], reached.at(-1));
        await place.remember('Letters arrive on Tuesdays.');
        await place.service.prove(await place.backUp('full'));
      }
      assert.ok(['create', 'write', 'flush', 'rename'].every((step) => reached.includes(step)), reached.join());
    });
  }

  it('(EIO, at steps of reading from the first to the last) either restores or is told of and leaves the store as it was', async function () {
    this.timeout(120_000);
    const outcomes = new Map<string, number>();
    for (let step = 0, isReached = true; isReached; step += step < 12 ? 1 : 5) {
      const files = new FaultyArchiveFiles();
      using place = new BackupPlace({ files });
      await place.remember('The harbour master waters orchids.');
      const id = await place.backUp('full');
      await place.remember('Letters arrive on Tuesdays.');
      await place.backUp('changes');
      const memories = await place.memories();
      files.failAt(step, 'EIO');
      const said = await outcome(place.service.restore({ type: 'backup', id }));
      isReached = files.steps.length > step;
      files.mend();
      outcomes.set(said, (outcomes.get(said) ?? 0) + 1);
      assert.deepEqual(await place.memories(), said === 'done' ? ['The harbour master waters orchids.'] : memories, `step ${String(step)}: ${said}`);
    }
    assert.ok(outcomes.has('done') && outcomes.has('archive-damaged'), [...outcomes].join());
  });
});

describe('a disk that flushes slowly while a backup is written', () => {
  afterEach(closeMemoryStores);

  it('holds up nobody who writes, and the backup is of the moment at which it was begun', async () => {
    const files = new FaultyArchiveFiles();
    using place = new BackupPlace({ files });
    await place.remember('Before.');
    const [begun, goOn] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    files.before = async (step) => {
      if (step !== 'flush') return;
      begun.resolve(undefined);
      await goOn.promise;
    };
    const making = place.backUp('full');
    await begun.promise;
    await place.remember('Meanwhile.');
    assert.deepEqual(await place.memories(), ['Before.', 'Meanwhile.']);
    goOn.resolve(undefined);
    const id = await making;
    files.mend();
    await place.backUp('changes');
    await place.service.restore({ type: 'backup', id });
    assert.deepEqual(await place.memories(), ['Before.']);
  });
});

describe('a clock that is set while backups are made', () => {
  afterEach(closeMemoryStores);

  for (const [what, jumpMs] of [['back', -yearMs], ['ahead', yearMs]] as const) {
    it(`by a year ${what} spoils none of them: each is proved, and restores what it holds`, async () => {
      const files = new FaultyArchiveFiles();
      using place = new BackupPlace({ files });
      const held = new Map<string, string[]>();
      for (const kind of ['full', 'changes', 'changes'] as const) {
        await place.remember(`${kind} ${String(held.size)}`);
        files.before = (step) => { if (step === 'flush') place.jump(jumpMs); };
        const id = await place.backUp(kind);
        files.mend();
        held.set(id, await place.memories());
        await place.service.prove(id);
      }
      await place.service.prune();
      for (const [id, memories] of held) {
        if ((await place.soundness(id)) === undefined) continue; // it had its time, by the clock as it is now
        place.jump(jumpMs);
        await place.service.restore({ type: 'backup', id });
        assert.deepEqual(await place.memories(), memories);
      }
      const [newest = ''] = [...held.keys()].slice(-1);
      assert.equal(await place.soundness(newest), 'proved', 'the last one that is proved stays');
    });
  }
});

describe('a disk for backups', () => {
  before(function () { needsDisks(this); });
  afterEach(closeMemoryStores);

  it('that is full is told of, keeps the backups it has, and takes the next one once there is room', async () => {
    using disk = new SmallDisk(2 * megabyte);
    using place = new BackupPlace({ folder: path.join(disk.path, 'backups') });
    await place.remember('The harbour master waters orchids.');
    const first = await place.backUp('full');
    const filling = disk.fill(12_000);
    await place.remember('Letters arrive on Tuesdays.');
    assert.equal(await outcome(place.service.backUp('full', 'hand')), 'store-full');
    assert.deepEqual([place.names().backups.length, place.names().unfinished], [1, []]);
    filling.remove();
    const second = await place.backUp('full');
    for (const id of [first, second]) await place.service.prove(id);
  });

  it('that is write-protected is told of, and what lies there can be read still', async () => {
    using disk = new SmallDisk(2 * megabyte);
    using place = new BackupPlace({ folder: path.join(disk.path, 'backups') });
    await place.remember('The harbour master waters orchids.');
    const id = await place.backUp('full');
    await place.remember('Letters arrive on Tuesdays.');
    disk.protect();
    assert.equal(await outcome(place.service.backUp('full', 'hand')), 'store-read-only');
    assert.deepEqual((await place.service.overview()).backups.map((backup) => backup.id), [id]);
    disk.unprotect();
    await place.backUp('changes');
  });
});
