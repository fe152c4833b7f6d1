import assert from 'node:assert/strict';
import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dayMs, hourMs } from '../../../src/operations/backup/schedule.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { damage, Place } from './backup-place.ts';

describe('the backup service', () => {
  let place: Place;

  beforeEach(async () => { place = await Place.make(); });
  afterEach(() => place.remove());

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
    await assert.rejects(place.service.prove(changes), (error) => HearthlinkError.is(error, 'archive-damaged'));
    await place.write('c');
    const next = await place.backUp('changes');
    assert.equal((await place.service.overview()).backups.find(({ id }) => id === next)?.kind, 'full');
  });

  it('proves a backup again that was once found damaged, because the disk could not be read then', async () => {
    await place.write('a');
    const full = await place.backUp();
    await damage(await place.fileOf(full));
    await assert.rejects(place.service.prove(full), (error) => HearthlinkError.is(error, 'archive-damaged'));
    await damage(await place.fileOf(full)); // the bit as it was
    await place.service.prove(full);
    assert.equal(await place.soundness(full), 'proved');
  });

  it('says what the store says that takes nothing of a backup any more, and blames no backup for it', async () => {
    await place.write('a');
    const id = await place.backUp('full');
    place.store.scratchPut = () => Promise.reject(new HearthlinkError('store-stopped'));
    await assert.rejects(place.service.prove(id), { code: 'store-stopped' });
    assert.equal(await place.soundness(id), 'not-proved');
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
    const preview = await place.service.open({ type: 'moment', at: moment });
    await place.store.scratchDrop(preview.scratch);
    assert.deepEqual([preview.get.tables, preview.now?.tables, preview.at], [{ text: 2 }, { text: 3 }, moment]);
    assert.deepEqual(place.store.texts, ['a', 'b', 'c'], 'looking changes nothing');
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
});
