import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { createArchives } from '../../../src/operations/backup/archives.ts';
import { backupFileName } from '../../../src/operations/backup/file-name.ts';
import { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { defaultRetention } from '../../../src/operations/backup/retention.ts';
import { dayMs, defaultSchedule, hourMs } from '../../../src/operations/backup/schedule.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import { HandClock, seededIds } from '../../support/seeded-ports.ts';
import { FakeBackupStore } from './fake-backup-store.ts';

class Place {
  readonly root: string;
  readonly clock = new HandClock();
  readonly store = new FakeBackupStore();
  secondFolder: string | null = null;
  retention = defaultRetention;
  readonly service: BackupService;

  private constructor(root: string) {
    this.root = root;
    this.service = this.window('one');
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(path.join(tmpdir(), 'hearthlink-backups-')));
  }

  get folder(): string {
    return path.join(this.root, 'backups');
  }

  window(holder: string): BackupService {
    const ids = seededIds(this.clock, holder.length);
    const archives = createArchives({ files: nodeArchiveFiles, random: { bytes: (length) => randomBytes(length) }, key: () => null, keyOf: () => null });
    return new BackupService({
      store: { backup: this.store },
      archives,
      folder: this.folder,
      settings: () => ({ ...defaultSchedule, ...this.retention, secondFolder: this.secondFolder }),
      extensionVersion: '0.1.0',
      holder,
      clock: this.clock,
      ids,
      log: silentLog,
    });
  }

  async write(text: string): Promise<void> {
    await this.clock.advance(1_000);
    this.store.write(text, this.clock.now());
  }

  async backUp(kind: 'full' | 'changes' = 'changes'): Promise<string> {
    await this.clock.advance(1_000);
    const made = await this.service.backUp(kind, 'hand');
    assert.ok(made !== null, 'there was something to back up');
    return made.id;
  }

  async files(): Promise<string[]> {
    return (await readdir(this.folder)).filter((name) => name.endsWith('.hearthlink-backup'));
  }

  async soundness(id: string): Promise<string | undefined> {
    return (await this.service.overview()).backups.find((backup) => backup.id === id)?.soundness.type;
  }

  async fileOf(id: string): Promise<string> {
    const name = (await this.files()).find((file) => file.includes(id));
    assert.ok(name !== undefined);
    return path.join(this.folder, name);
  }
}

/** Flips a bit in the middle of a file, and leaves its size and time as they were. */
async function damage(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  await writeFile(file, bytes);
}

describe('the backup service', () => {
  let place: Place;

  beforeEach(async () => { place = await Place.make(); });
  afterEach(async () => {
    assert.ok(place.store.isTidy, 'nothing is left in the store');
    await rm(place.root, { recursive: true });
  });

  it('backs up everything first, then what changed since, and nothing when nothing did', async () => {
    await place.write('a');
    await place.backUp('changes');
    await place.write('b');
    await place.write('c');
    await place.write('d');
    await place.backUp('changes');
    assert.equal(await place.service.backUp('full', 'schedule'), null);
    const { backups } = await place.service.overview();
    assert.deepEqual(backups.map(({ kind }) => kind), ['changes', 'full']);
    assert.equal(backups[0]?.baseId, backups[1]?.id);
    assert.deepEqual(backups[0]?.manifest.counts, { text: 4 });
  });

  it('makes no backup of what windows write while they look after things', async () => {
    await place.write('a');
    const first = await place.backUp();
    await place.write('');
    await place.clock.advance(400 * dayMs);
    assert.equal(await place.service.backUp('full', 'hand'), null);
    assert.equal((await place.service.runSchedule()).due, null);
    const { safetyId } = await place.service.restore({ type: 'backup', id: first });
    assert.equal(safetyId, first, 'what is there now is in it already');
  });

  it('backs up everything after a purge, also when changes were asked for', async () => {
    await place.write('a');
    await place.backUp();
    place.store.purge();
    await place.write('b');
    await place.backUp('changes');
    assert.deepEqual((await place.service.overview()).backups.map(({ kind }) => kind), ['full', 'full']);
  });

  it('lists backups from before a purge, and removes them once there is a proved one without what they hold', async () => {
    await place.write('a');
    const first = await place.backUp();
    await place.write('b');
    const second = await place.backUp();
    assert.deepEqual((await place.service.overview()).mayHoldForgotten, []);
    await place.clock.advance(1_000);
    place.store.purge(place.clock.now());
    assert.deepEqual([...(await place.service.overview()).mayHoldForgotten].sort(), [first, second].sort());
    await place.clock.advance(1_000);
    assert.deepEqual([...await place.service.removeForgotten()].sort(), [first, second].sort());
    const { backups, mayHoldForgotten } = await place.service.overview();
    assert.deepEqual([backups.map(({ kind, soundness }) => [kind, soundness.type]), mayHoldForgotten], [[['full', 'proved']], []]);
    assert.deepEqual(await place.service.removeForgotten(), [], 'nothing is left to remove');
  });

  it('removes nothing that may hold what was forgotten when the backup without it cannot be proved', async () => {
    await place.write('a');
    const first = await place.backUp();
    place.store.purge(place.clock.now() + 1);
    const listening = place.service.onDidChangeActivity(({ type }) => { if (type === 'proving') place.service.stop(); });
    await place.clock.advance(1_000);
    await assert.rejects(place.service.removeForgotten(), (error) => HearthlinkError.is(error, 'cancelled'));
    listening.dispose();
    assert.equal(await place.soundness(first), 'not-proved');
  });

  it('calls a backup proved only after what it says about itself came out of it', async () => {
    await place.write('a');
    const full = await place.backUp();
    assert.equal(await place.soundness(full), 'not-proved');
    const report = await place.service.prove(full);
    assert.deepEqual(report.summary.tables, { text: 1 });
    assert.equal(await place.soundness(full), 'proved');
  });

  it('proves with a backup also what it rests on', async () => {
    await place.write('a');
    const base = await place.backUp();
    await place.write('b');
    const changes = await place.backUp();
    await place.service.prove(changes);
    assert.deepEqual([await place.soundness(base), await place.soundness(changes)], ['proved', 'proved']);
  });

  it('believes the bytes, not its own notes: a file that was touched since is not proved any more', async () => {
    await place.write('a');
    const full = await place.backUp();
    await place.service.prove(full);
    await utimes(await place.fileOf(full), 1, 1);
    assert.equal(await place.soundness(full), 'not-proved');
    await writeFile(path.join(place.folder, 'hearthlink-backups.json'), '{"version":1,"files":{"x":');
    assert.equal(await place.soundness(full), 'not-proved');
  });

  it('finds a flipped bit in a base by proving what follows it, marks the base, and makes the next one everything', async () => {
    await place.write('a');
    const base = await place.backUp();
    await place.write('b');
    const changes = await place.backUp();
    await damage(await place.fileOf(base));
    await assert.rejects(place.service.prove(changes), (error) => HearthlinkError.is(error, 'archive-damaged'));
    assert.equal(await place.soundness(base), 'damaged');
    assert.equal(await place.soundness(changes), 'not-proved');
    await assert.rejects(place.service.prove(changes), (error) => HearthlinkError.is(error, 'backup-incomplete'));
    await place.write('c');
    const next = await place.backUp('changes');
    assert.equal((await place.service.overview()).backups.find(({ id }) => id === next)?.kind, 'full');
  });

  it('goes back to a backup, and keeps what was there in one that is proved', async () => {
    await place.write('a');
    const first = await place.backUp();
    await place.write('b');
    const { safetyId } = await place.service.restore({ type: 'backup', id: first });
    assert.deepEqual(place.store.texts, ['a']);
    assert.ok(safetyId !== null);
    assert.equal(await place.soundness(safetyId), 'proved');
    await place.service.restore({ type: 'backup', id: safetyId });
    assert.deepEqual(place.store.texts, ['a', 'b']);
  });

  it('goes back to a moment between two backups, and says before what it would bring', async () => {
    await place.write('a');
    await place.backUp();
    await place.write('b');
    const moment = place.clock.now();
    await place.write('c');
    await place.backUp();
    const preview = await place.service.preview({ type: 'moment', at: moment });
    assert.deepEqual([preview.get.tables, preview.now?.tables, preview.at], [{ text: 2 }, { text: 3 }, moment]);
    assert.deepEqual(place.store.texts, ['a', 'b', 'c'], 'a preview changes nothing');
    await place.service.restore({ type: 'moment', at: moment });
    assert.deepEqual(place.store.texts, ['a', 'b']);
  });

  it('leaves everything as it is when the backup turns out to be damaged, or something was written meanwhile', async () => {
    await place.write('a');
    const first = await place.backUp();
    await place.write('b');
    await damage(await place.fileOf(first));
    await assert.rejects(place.service.restore({ type: 'backup', id: first }), (error) => HearthlinkError.is(error, 'archive-damaged', 'backup-incomplete'));
    assert.deepEqual(place.store.texts, ['a', 'b']);
    const good = await place.backUp();
    place.service.onDidChangeActivity(({ type }) => { if (type === 'restoring') place.store.write('meanwhile', place.clock.now()); });
    await assert.rejects(place.service.restore({ type: 'backup', id: good }), (error) => HearthlinkError.is(error, 'conflict'));
    assert.ok(place.store.texts.includes('meanwhile'));
  });

  it('restores a store that cannot be read, without a backup of it', async () => {
    await place.write('a');
    const first = await place.backUp();
    await place.write('b');
    place.store.damaged = true;
    place.store.purge();
    const { safetyId } = await place.service.restore({ type: 'backup', id: first });
    assert.equal(safetyId, null);
    assert.deepEqual(place.store.texts, ['a']);
  });

  it('stops when it is told to, and leaves nothing half made', async () => {
    await place.write('a');
    const listening = place.service.onDidChangeActivity(({ type }) => { if (type === 'writing') place.service.stop(); });
    await assert.rejects(place.backUp(), (error) => HearthlinkError.is(error, 'cancelled'));
    listening.dispose();
    assert.deepEqual(await place.files(), []);
    assert.equal(place.service.activity.type, 'idle');
    await place.backUp();
  });

  it('is done by one window at a time; one that died holds up nobody for long', async () => {
    await place.write('a');
    const other = place.window('other');
    const listening = place.service.onDidChangeActivity(({ type }) => {
      if (type === 'writing') attempt = other.backUp('full', 'hand').then(() => 'done', (error: unknown) => HearthlinkError.from(error).code);
    });
    let attempt: Promise<string> | undefined;
    await place.backUp();
    listening.dispose();
    assert.equal(await attempt, 'backup-busy');
    await writeFile(path.join(place.folder, 'hearthlink-backups.lease'), JSON.stringify({ holder: 'dead', until: place.clock.now() + 60_000 }));
    await assert.rejects(place.service.backUp('full', 'hand'), (error) => HearthlinkError.is(error, 'backup-busy'));
    await place.clock.advance(60_001);
    await place.write('b');
    await place.backUp();
  });

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

  it('does what is due by itself, proves it, and lets what is too old leave', async () => {
    place.retention = { allDays: 2, dailyDays: 5, weeklyDays: 7 };
    for (let day = 0; day < 12; day++) {
      await place.write(`day ${String(day)}`);
      await place.service.runSchedule();
      await place.clock.advance(dayMs);
    }
    const leaving = (await place.service.overview()).retention.leaving;
    assert.deepEqual(await place.service.prune(), leaving);
    const { backups, retention } = await place.service.overview();
    assert.ok(backups.every(({ soundness }) => soundness.type === 'proved'));
    assert.deepEqual(retention.leaving, []);
    assert.ok(backups.length >= 4 && backups.length <= 7, String(backups.length));
    const { nextChangesAt } = await place.service.runSchedule();
    assert.ok(nextChangesAt <= place.clock.now() + 6 * hourMs);
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
