import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { createArchives } from '../../../src/operations/backup/archives.ts';
import { backupFileName } from '../../../src/operations/backup/file-name.ts';
import { dayMs } from '../../../src/operations/backup/schedule.ts';
import { Shelf } from '../../../src/operations/backup/shelf.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { damage, Place } from './backup-place.ts';

describe('the folders of backups', () => {
  let place: Place;

  beforeEach(async () => { place = await Place.make(); });
  afterEach(() => place.remove());

  it('copies to the second folder when it is there, catches up when it comes back, and restores from there', async () => {
    const second = path.join(place.root, 'attic');
    place.secondFolder = second;
    await place.write('a');
    const first = await place.backUp();
    assert.deepEqual((await place.service.overview()).folders.map(({ isHere }) => isHere), [true, false]);
    await mkdir(second);
    await writeFile(path.join(second, 'holiday.jpg'), 'not ours');
    await place.write('b');
    const next = await place.backUp();
    assert.equal((await readdir(second)).length, 3);
    await rm(place.folder, { recursive: true });
    await place.service.prove(next);
    await place.service.restore({ type: 'backup', id: first });
    assert.deepEqual(place.store.texts, ['a']);
    assert.ok((await readdir(second)).includes('holiday.jpg'));
  });

  it('goes on from what is encrypted alone once backups are, and copies nothing else to the second folder', async () => {
    const second = path.join(place.root, 'attic');
    await place.write('a');
    const open = await place.backUp();
    place.key = { id: 1, ringId: '00'.repeat(16), bytes: Buffer.alloc(32, 7) };
    place.secondFolder = second;
    await mkdir(second);
    assert.notEqual(await place.service.backUp('changes', 'hand'), null, 'nothing is new, but what is there lies open');
    await place.write('b');
    const newest = await place.backUp();
    const { backups } = await place.service.overview();
    assert.deepEqual(backups.filter(({ isEncrypted }) => isEncrypted).map(({ kind }) => kind), ['changes', 'full']);
    assert.deepEqual(backups.filter(({ places }) => places.length === 1).map(({ id }) => id), [open]);
    await rm(place.folder, { recursive: true });
    await place.service.restore({ type: 'backup', id: newest });
    assert.deepEqual(place.store.texts, ['a', 'b']);
  });

  it('copies what it can where one backup cannot be copied, and none that is damaged', async () => {
    const second = path.join(place.root, 'attic');
    await place.write('a');
    const spoilt = await place.backUp();
    await damage(await place.fileOf(spoilt));
    await assert.rejects(place.service.prove(spoilt), (error) => HearthlinkError.is(error, 'archive-damaged'));
    await place.write('b');
    const older = await place.backUp();
    place.secondFolder = second;
    await mkdir(second);
    await place.write('c');
    const blocked = await place.backUp();
    const [name = ''] = (await readdir(second)).filter((file) => file.includes(blocked));
    await rm(path.join(second, name));
    await mkdir(path.join(second, name));
    await rm(path.join(second, path.basename(await place.fileOf(older))));
    await place.write('d');
    const newest = await place.backUp();
    const copied = await place.service.overview().then(({ backups }) => backups.filter(({ places }) => places.some(({ folder }) => folder === second)));
    assert.deepEqual(copied.map(({ id }) => id), [newest, older]);
  });

  it('lists what is there still where a file goes while one looks', async () => {
    await place.write('a');
    const kept = await place.fileOf(await place.backUp());
    const going = kept.replace(/[^/\\]{26}\.hearthlink-backup$/, `${'x'.repeat(26)}.hearthlink-backup`);
    await copyFile(kept, going);
    const archives = createArchives({ files: nodeArchiveFiles, random: { bytes: (length) => randomBytes(length) }, key: () => null, keyOf: () => null });
    const shelf = new Shelf({
      ...archives,
      open: async (file) => {
        await rm(going, { force: true });
        return archives.open(file);
      },
    }, () => [place.folder]);
    const { backups, unreadable } = await shelf.list();
    assert.deepEqual([backups.map(({ places: [{ file }] }) => file), unreadable], [[path.basename(kept)], []]);
  });

  it('keeps one file with the latest changes in the second folder, which every copy replaces and the next backup makes needless', async () => {
    const second = path.join(place.root, 'attic');
    await place.write('a');
    await place.backUp();
    assert.equal(await place.service.copyJournal(), false, 'there is no second folder');
    place.secondFolder = second;
    await place.write('b');
    assert.equal(await place.service.copyJournal(), false, 'it is not there');
    await mkdir(second);
    for (const text of ['c', 'd', 'e']) {
      await place.write(text);
      assert.equal(await place.service.copyJournal(), true);
      assert.equal(await place.service.copyJournal(), false, 'nothing is new');
    }
    const journals = async () => (await place.service.overview()).backups.filter(({ reason }) => reason === 'journal');
    const [copy, ...others] = await journals();
    assert.deepEqual([others, copy?.places.map(({ folder }) => folder), copy?.manifest.counts], [[], [second], { text: 5 }]);
    assert.deepEqual((await place.service.overview()).retention.leaving, []);

    await place.clock.advance(dayMs);
    assert.equal((await place.service.runSchedule()).due, null);
    assert.equal(await place.service.copyJournal(), false);
    assert.deepEqual(await journals(), [], 'the backup has it');
  });

  it('restores from the second folder alone what changed a quarter of an hour ago, after the disk was lost', async () => {
    const second = path.join(place.root, 'attic');
    place.secondFolder = second;
    await mkdir(second);
    await place.write('a');
    await place.backUp();
    await place.write('b');
    await place.service.copyJournal();
    await rm(place.folder, { recursive: true });
    place.store.damaged = true;
    const [newest] = (await place.service.overview()).backups;
    assert.equal(newest?.reason, 'journal');
    await place.service.restore({ type: 'backup', id: newest.id });
    assert.deepEqual(place.store.texts, ['a', 'b']);
  });

  it('removes what a writer that died left behind, once it is an hour old, and nothing of anybody else', async () => {
    await place.write('a');
    const name = path.basename(await place.fileOf(await place.backUp()));
    const old = ['.partial', '.0123abcd.partial'].map((ending) => `${name}${ending}`);
    const kept = ['thesis.partial', `${name.replace('full', 'half')}.partial`];
    for (const file of [...old, ...kept]) {
      await writeFile(path.join(place.folder, file), 'begun');
      await utimes(path.join(place.folder, file), place.clock.now() / 1000 - 3_700, place.clock.now() / 1000 - 3_700);
    }
    const young = `${name}.89abcdef.partial`;
    await writeFile(path.join(place.folder, young), 'in the making');
    await utimes(path.join(place.folder, young), place.clock.now() / 1000, place.clock.now() / 1000);
    await place.service.prune();
    assert.deepEqual((await readdir(place.folder)).filter((file) => file.endsWith('.partial')).sort(), [...kept, young].sort());
  });

  it('writes everything into one file of its own, with the settings, which a shelf elsewhere can restore', async () => {
    await place.write('a');
    await place.backUp();
    await place.write('b');
    const target = path.join(place.root, 'stick');
    await mkdir(target);
    const file = path.join(target, backupFileName({ id: 'x'.repeat(26), kind: 'full', madeAt: place.clock.now() }));
    const { parts, kind } = await place.service.writePortable(file);
    assert.deepEqual([kind, parts.map(({ name }) => name)], ['full', ['records', 'settings.json']]);
    assert.equal((await place.files()).length, 1, 'it is none of the shelf');
    await rm(place.folder, { recursive: true });
    place.secondFolder = target;
    const [portable] = (await place.service.overview()).backups;
    assert.ok(portable !== undefined);
    await place.write('c');
    await place.service.restore({ type: 'backup', id: portable.id });
    assert.deepEqual(place.store.texts, ['a', 'b']);
  });

  it('reads the good copy where the other is damaged', async () => {
    const second = path.join(place.root, 'attic');
    place.secondFolder = second;
    await mkdir(second);
    await place.write('a');
    const first = await place.backUp();
    await damage(await place.fileOf(first));
    await assert.rejects(place.service.prove(first), (error) => HearthlinkError.is(error, 'archive-damaged'));
    await place.service.prove(first);
    assert.equal(await place.soundness(first), 'proved');
  });

  it('lists what only looks like a backup as unreadable, with the reason, and never touches it', async () => {
    await place.write('a');
    const first = await place.backUp();
    const twin = (await place.fileOf(first)).replace(first, first.replaceAll(/./g, '0'));
    await copyFile(await place.fileOf(first), twin);
    await writeFile(twin, 'nothing of the kind');
    const { unreadable } = await place.service.overview();
    assert.deepEqual(unreadable.map(({ error }) => error.code), ['archive-refused']);
    assert.deepEqual(await place.service.prune(), []);
    assert.equal(await readFile(twin, 'utf8'), 'nothing of the kind');
  });
});
