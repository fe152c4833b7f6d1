import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AuditLog } from '../../../src/operations/audit/audit-log.ts';
import { verifyAuditLog } from '../../../src/operations/audit/audit-verifying.ts';
import { accountsOf } from '../../../src/operations/backup/accounts.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog, type Log } from '../../../src/shared/ports.ts';
import { keepingLog } from '../../support/seeded-ports.ts';
import { Place } from './backup-place.ts';

describe('the record of activity and the log in a backup', () => {
  let place: Place;

  beforeEach(async () => { place = await Place.make(); });
  afterEach(() => place.remove());

  function fileIn(name: string): string {
    return path.join(place.root, name);
  }

  /** What is written about itself by a window that has a record in segments, and a log. */
  function writtenBy(audit: AuditLog, log: Log = silentLog): void {
    place.accounts = () => accountsOf({ recordFolder: fileIn('activity'), flushRecord: () => audit.flush(), logFile: fileIn('Hearthlink.log'), log });
  }

  function auditLog(): AuditLog {
    const { clock } = place;
    return new AuditLog({ folder: fileIn('activity'), window: 'window-1', clock, timers: clock, log: silentLog, limits: { segmentBytes: 400, segments: 16 } });
  }

  async function held(id: string, account: 'record' | 'log'): Promise<string> {
    let text = '';
    for await (const piece of place.service.heldAccount({ type: 'backup', id }, account)) text += Buffer.from(piece).toString('utf8');
    return text;
  }

  it('go into every backup of everything, as parts that are proved with it, and into no changes', async () => {
    const audit = auditLog();
    writtenBy(audit);
    await writeFile(fileIn('Hearthlink.log'), '2026-11-21 15:00:00.123 [info] activated\n');
    await place.write('a');
    audit.note({ action: 'memory.used', ids: ['m1'] });
    const full = (await place.service.backUp('full', 'hand'))?.id ?? '';
    await place.write('b');
    const changes = await place.backUp('changes');
    await place.service.prove(changes);
    const { backups } = await place.service.overview();
    assert.deepEqual(backups.map(({ manifest: { parts } }) => parts.map(({ name }) => name)), [['records'], ['records', 'settings.json', 'audit.jsonl', 'logs.jsonl']]);
    assert.deepEqual((await place.service.heldAlong({ type: 'backup', id: changes })).accounts, ['record', 'log'], 'of what they begin with');
    assert.equal(await held(full, 'log'), '{"at":"2026-11-21 15:00:00.123","level":"info","text":"activated"}\n');
    assert.match(await held(full, 'record'), /"action":"memory\.used"/, 'what was noted just before is in it');
  });

  it('keep the chain of the record over all of its segments, so that it can be verified from the backup alone', async () => {
    const audit = auditLog();
    writtenBy(audit);
    for (let noted = 0; noted < 10; noted++) {
      audit.note({ action: 'memory.added', ids: [`m${noted}`] });
      await audit.flush();
    }
    await place.write('a');
    const id = await place.backUp('full');
    await mkdir(fileIn('elsewhere'));
    await writeFile(fileIn('elsewhere/activity-0000000001.jsonl'), await held(id, 'record'));
    await writeFile(fileIn('elsewhere/HEAD'), await readFile(fileIn('activity/HEAD')));
    assert.deepEqual(await verifyAuditLog(fileIn('elsewhere')), { lines: 10, shortenedBy: 0, problems: [] });
  });

  it('leave out a line that another window is still writing', async () => {
    const audit = auditLog();
    writtenBy(audit);
    audit.note({ action: 'store.checked' });
    await audit.flush();
    await appendFile(fileIn('activity/activity-0000000001.jsonl'), '{"sequence":2,"at"');
    await place.write('a');
    const text = await held(await place.backUp('full'), 'record');
    assert.equal(text, (await readFile(fileIn('activity/activity-0000000001.jsonl'), 'utf8')).replace('{"sequence":2,"at"', ''));
  });

  it('are as encrypted as the rest, and not readable with another key', async () => {
    const audit = auditLog();
    writtenBy(audit);
    audit.note({ action: 'memory.used', what: 'a-word-to-look-for' });
    place.key = { id: 7, ringId: '1'.repeat(32), bytes: Buffer.alloc(32, 5) };
    await place.write('a');
    const id = await place.backUp('full');
    assert.ok((await held(id, 'record')).includes('a-word-to-look-for'));
    assert.equal((await readFile(await place.fileOf(id))).includes('a-word-to-look-for'), false);
    place.key = null;
    await assert.rejects(held(id, 'record'), (error) => HearthlinkError.is(error));
  });

  it('are missing where there is neither, and a backup from before is read as ever', async () => {
    await place.write('a');
    const before = await place.backUp('full');
    writtenBy(auditLog());
    await place.write('b');
    const without = await place.backUp('full');
    for (const id of [before, without]) {
      assert.deepEqual((await place.service.heldAlong({ type: 'backup', id })).accounts, []);
      await assert.rejects(held(id, 'record'), (error) => HearthlinkError.is(error, 'not-found'));
      await place.service.prove(id);
    }
  });

  it('end where they cannot be read, and the backup is made all the same', async () => {
    const log = keepingLog();
    const audit = auditLog();
    writtenBy(audit, log);
    for (const id of ['m1', 'm2', 'm3', 'm4']) {
      audit.note({ action: 'memory.added', ids: [id] });
      await audit.flush();
    }
    const newest = (await readdir(fileIn('activity'))).filter((name) => name.startsWith('activity-')).sort().at(-1) ?? '';
    await rm(fileIn(`activity/${newest}`));
    await mkdir(fileIn(`activity/${newest}`));
    await place.write('a');
    const id = await place.backUp('full');
    await place.service.prove(id);
    assert.match(await held(id, 'record'), /"m1"/);
    assert.doesNotMatch(await held(id, 'record'), /"m4"/);
    assert.deepEqual(log.lines.filter((line) => line.includes('"account":"record"')).length, 1);
  });

  it('are damage like any other where a bit of them is flipped', async () => {
    const audit = auditLog();
    writtenBy(audit);
    for (let noted = 0; noted < 5; noted++) audit.note({ action: 'memory.added', ids: [`m${noted}`] });
    await place.write('a');
    const id = await place.backUp('full');
    const file = await place.fileOf(id);
    const bytes = await readFile(file);
    // The last part ends where the manifest begins, which the trailer says.
    const last = Number(bytes.readBigUInt64LE(bytes.length - 64)) - 20;
    bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
    await writeFile(file, bytes);
    await assert.rejects(place.service.prove(id), (error) => HearthlinkError.is(error, 'archive-damaged') && error.parameters['part'] === 'audit.jsonl');
    assert.equal(await place.soundness(id), 'damaged');
  });
});
