import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { backupFileName } from '../../src/operations/backup/file-name.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { compressed, forge, storedLength } from '../operations/archive/support/forged-archive.ts';
import { sampleHead } from '../operations/archive/support/sample-archive.ts';
import { closeMemoryStores } from '../support/store/memory-store.ts';
import { BackupPlace } from './support/backup-place.ts';
import { seededFlips, tornLengths } from './support/seeded-damage.ts';
import { flipped } from './support/store-folder.ts';

const flips = 100;
const cuts = 25;

interface Backups extends Disposable {
  readonly place: BackupPlace;
  readonly full: string;
  readonly changes: string;
}

/** A full backup with two memories and one of the changes, with a third; a fourth is in the store alone. */
async function backedUp(encrypted: boolean): Promise<Backups> {
  const place = new BackupPlace({ encrypted });
  await place.remember('The harbour master waters orchids.');
  await place.remember('Letters arrive on Tuesdays.');
  const full = await place.backUp('full');
  await place.remember('The second barrel stands behind the shed.');
  const changes = await place.backUp('changes');
  await place.remember('Rye needs a day to rise.');
  return { place, full, changes, [Symbol.dispose]: () => { place[Symbol.dispose](); } };
}

/** What is said when a backup is proved whose file may be damaged: `proved`, or the code. One that cannot be looked into says why in the list. */
async function said({ service }: BackupPlace, id: string): Promise<string> {
  const { unreadable } = await service.overview();
  const [found] = unreadable;
  if (found !== undefined) return found.error.code;
  return service.prove(id).then(() => 'proved', (error: unknown) => HearthlinkError.from(error).code);
}

const isFound = (code: string) => code === 'archive-damaged' || code === 'archive-refused';

for (const encrypted of [false, true]) {
  describe(encrypted ? 'an encrypted backup that is damaged' : 'a backup that is damaged', () => {
    afterEach(closeMemoryStores);

    for (const kind of ['full', 'changes'] as const) {
      it(`is found out ${flips} times of ${flips} when one bit of it is the other way, and is not restored (${kind})`, async function () {
        this.timeout(180_000);
        using backups = await backedUp(encrypted);
        const { place } = backups;
        const file = place.fileOf(backups[kind]);
        const whole = place.read(backups[kind]);
        const before = await place.store.status();
        const missed: string[] = [];
        for (const [i, { at, bit }] of seededFlips(whole.length, flips, `${kind}${String(encrypted)}`).entries()) {
          writeFileSync(file, flipped(whole, at, bit));
          const code = await said(place, backups[kind]);
          if (!isFound(code)) missed.push(`byte ${at}, bit ${bit}: ${code}`);
          if (i % 10 === 0) await assert.rejects(place.service.restore({ type: 'backup', id: backups[kind] }), `byte ${at}, bit ${bit}`);
        }
        assert.deepEqual(missed, []);
        const { chain, counts } = await place.store.status();
        assert.deepEqual({ chain, counts }, { chain: before.chain, counts: before.counts }, 'nothing changed in the store');
        writeFileSync(file, whole);
        assert.equal(await said(place, backups[kind]), 'proved', 'as it was written it is good');
      });

      it(`is found out wherever it ends too soon (${kind})`, async function () {
        this.timeout(60_000);
        using backups = await backedUp(encrypted);
        const { place } = backups;
        const whole = place.read(backups[kind]);
        const file = place.fileOf(backups[kind]);
        for (const length of tornLengths(whole.length, cuts, kind)) {
          writeFileSync(file, whole.subarray(0, length));
          assert.ok(isFound(await said(place, backups[kind])), `${length} bytes of ${whole.length}`);
        }
      });
    }
  });
}

describe('a file among the backups that means ill', () => {
  afterEach(closeMemoryStores);

  const { id, kind, madeAt } = sampleHead();
  const name = backupFileName({ id, kind, madeAt });
  const onePart = { name: 'snapshot.sqlite', bytes: 4, sha256: '00'.repeat(32) };
  const chunk = { data: Buffer.from('Gull') };
  const bomb = { data: compressed('zstd', Buffer.alloc(1 << 20)), codec: 'zstd', plainBytes: 5000 } as const;

  function newer(): Buffer {
    const bytes = forge({});
    bytes.writeUInt8(2, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
    return bytes;
  }

  const hostile = [
    ['is not a backup at all', Buffer.from('SQLite format 3\0 and so on'), 'archive-refused'],
    ['was made by a later release', newer(), 'archive-newer'],
    ['wants to be written elsewhere', forge({ chunks: [chunk], manifest: { parts: [{ ...onePart, storedBytes: storedLength(chunk), name: '../../../.bashrc' }] } }), 'archive-refused'],
    ['unpacks to more than it says', forge({ chunks: [bomb], manifest: { parts: [{ ...onePart, storedBytes: storedLength(bomb), bytes: 5000 }] } }), 'archive-refused'],
  ] as const;

  for (const [what, bytes, code] of hostile) {
    it(`is refused when it ${what}, and nothing changes`, async () => {
      using place = new BackupPlace();
      await place.remember('The harbour master waters orchids.');
      mkdirSync(place.folder);
      writeFileSync(path.join(place.folder, name), bytes);
      const before = await place.store.status();
      assert.equal(await said(place, id), code);
      await assert.rejects(place.service.restore({ type: 'backup', id }), HearthlinkError);
      assert.deepEqual(await place.store.status(), before);
    });
  }

  it('is passed over when it is a link or a folder, wherever it leads', async () => {
    using backups = await backedUp(false);
    using place = new BackupPlace();
    mkdirSync(place.folder);
    symlinkSync(backups.place.fileOf(backups.full), path.join(place.folder, path.basename(backups.place.fileOf(backups.full))));
    mkdirSync(path.join(place.folder, name));
    const { backups: found, unreadable } = await place.service.overview();
    assert.deepEqual([found, unreadable], [[], []]);
    await assert.rejects(place.service.restore({ type: 'backup', id: backups.full }), (error) => HearthlinkError.is(error, 'not-found'));
  });

  it('is not read without its key, and says that it is locked', async () => {
    using backups = await backedUp(true);
    using place = new BackupPlace({ folder: backups.place.folder });
    const { backups: found, unreadable } = await place.service.overview();
    assert.deepEqual([found, unreadable.map(({ error }) => error.code)], [[], ['archive-locked', 'archive-locked']]);
    await assert.rejects(place.service.restore({ type: 'backup', id: backups.full }), (error) => HearthlinkError.is(error, 'not-found'));
  });
});
