import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AuditLog } from '../../../src/operations/audit/audit-log.ts';
import type { AuditEvent } from '../../../src/operations/audit/audit.ts';
import { auditLines, type AuditLine } from '../../../src/operations/audit/audit-reading.ts';
import { verifyAuditLog } from '../../../src/operations/audit/audit-verifying.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import { HandClock, keepingLog, settled } from '../../support/seeded-ports.ts';

/** A folder for a record, removed with the test. */
class RecordFolder implements Disposable {
  readonly #above = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-record-'));
  readonly path = path.join(this.#above, 'activity');

  text(): string {
    return this.names().map((name) => fs.readFileSync(path.join(this.path, name), 'utf8')).join('');
  }

  names(): string[] {
    return fs.readdirSync(this.path).filter((name) => name.endsWith('.jsonl')).sort();
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.#above, { recursive: true, force: true });
  }
}

function windowOn(folder: RecordFolder, clock: HandClock, window = 'window-1'): AuditLog {
  return new AuditLog({ folder: folder.path, window, clock, timers: clock, log: silentLog });
}

async function linesIn(folder: RecordFolder): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  for await (const line of auditLines(folder.path)) lines.push(line);
  return lines;
}

async function actions(folder: RecordFolder): Promise<(string | undefined)[]> {
  return (await linesIn(folder)).map(({ record }) => record?.action);
}

describe('the record of activity', () => {
  it('holds what was noted, in order, with time, window, ids and counts', async () => {
    using folder = new RecordFolder();
    const clock = new HandClock(Date.UTC(2026, 10, 21, 12));
    const log = windowOn(folder, clock);
    log.note({ action: 'memory.used', ids: ['m1', 'm2'] });
    log.note({ action: 'keys.unlocked', outcome: 'refused', what: 'vault-refused' });
    log.note({ action: 'memory.exported', count: 812 });
    await log.flush();
    const records = (await linesIn(folder)).map(({ record }) => record);
    const told = records.map((record) => (record === null ? null : { ...record, previous: '' }));
    const common = { at: '2026-11-21T12:00:00.000Z', window: 'window-1', previous: '' };
    assert.deepEqual(told, [
      { ...common, sequence: 1, action: 'memory.used', outcome: 'done', ids: ['m1', 'm2'] },
      { ...common, sequence: 2, action: 'keys.unlocked', outcome: 'refused', what: 'vault-refused' },
      { ...common, sequence: 3, action: 'memory.exported', outcome: 'done', count: 812 },
    ]);
    assert.deepEqual(await verifyAuditLog(folder.path), { lines: 3, shortenedBy: 0, problems: [] });
  });

  it('never holds what could be words of a person', async () => {
    using folder = new RecordFolder();
    const clock = new HandClock();
    const log = windowOn(folder, clock);
    log.note({ action: 'memory.changed', ids: ['my sister is called Ada', 'm1'], what: 'She is ill.' });
    await log.flush();
    assert.doesNotMatch(folder.text(), /sister|Ada|ill/);
    assert.match(folder.text(), /"ids":\["m1"\],"count":2/);
  });

  it('writes the first ids of very many, and how many there are', async () => {
    using folder = new RecordFolder();
    const log = windowOn(folder, new HandClock());
    log.note({ action: 'memory.forgotten', ids: Array.from({ length: 1000 }, (_, n) => `m${n}`) });
    await log.flush();
    const [line] = await linesIn(folder);
    assert.equal(line?.record?.ids?.length, 50);
    assert.equal(line.record.count, 1000);
  });

  it('is written by itself, a moment after something was noted', async () => {
    using folder = new RecordFolder();
    const clock = new HandClock();
    const log = windowOn(folder, clock);
    log.note({ action: 'backup.made', ids: ['b1'] });
    assert.equal(fs.existsSync(folder.path), false, 'nothing is written on the way of whoever notes');
    await clock.advance(200);
    await log.flush();
    assert.deepEqual(await actions(folder), ['backup.made']);
  });

  it('is for its owner alone', async function () {
    if (process.platform === 'win32') this.skip();
    using folder = new RecordFolder();
    const log = windowOn(folder, new HandClock());
    log.note({ action: 'backup.made' });
    await log.flush();
    assert.equal(fs.statSync(folder.path).mode & 0o777, 0o700);
    for (const name of fs.readdirSync(folder.path)) assert.equal(fs.statSync(path.join(folder.path, name)).mode & 0o777, 0o600, name);
  });

  it('is one chain, however many windows write at once', async () => {
    using folder = new RecordFolder();
    const realTimers = { after: (milliseconds: number, run: () => void) => {
      const timer = setTimeout(run, milliseconds / 50);
      return () => { clearTimeout(timer); };
    } };
    const clock = new HandClock();
    const windows = ['a', 'b', 'c', 'd'].map((window) => new AuditLog({ folder: folder.path, window, clock, timers: realTimers, log: silentLog }));
    const note = (event: AuditEvent) => Promise.all(windows.map((log) => {
      log.note(event);
      return log.flush();
    }));
    for (let round = 0; round < 20; round++) await note({ action: 'memory.used', ids: [`m${round}`] });
    assert.deepEqual(await verifyAuditLog(folder.path), { lines: 80, shortenedBy: 0, problems: [] });
  });

  it('goes on behind a line that a window has left unfinished', async () => {
    using folder = new RecordFolder();
    const clock = new HandClock();
    const first = windowOn(folder, clock);
    first.note({ action: 'memory.used', ids: ['m1'] });
    await first.flush();
    fs.appendFileSync(path.join(folder.path, folder.names()[0] ?? ''), '{"sequence":2,"at":"2026-');
    assert.deepEqual((await verifyAuditLog(folder.path)).problems, [], 'what was never finished is no line');
    const second = windowOn(folder, clock, 'window-2');
    second.note({ action: 'memory.used', ids: ['m2'] });
    await second.flush();
    assert.deepEqual(await verifyAuditLog(folder.path), { lines: 2, shortenedBy: 0, problems: [] });
  });

  it('takes the lock of a window that died with it', async () => {
    using folder = new RecordFolder();
    const clock = new HandClock();
    fs.mkdirSync(folder.path);
    fs.writeFileSync(path.join(folder.path, 'lock'), '');
    const log = windowOn(folder, clock);
    log.note({ action: 'backup.made' });
    const written: true[] = [];
    void log.flush().then(() => written.push(true));
    while (written.length === 0) {
      await settled();
      await clock.advance(100);
    }
    assert.deepEqual(await actions(folder), ['backup.made']);
  });

  it('begins a new segment when one is long, and says which lines it let go', async () => {
    using folder = new RecordFolder();
    const clock = new HandClock();
    const log = new AuditLog({ folder: folder.path, window: 'w', clock, timers: clock, log: silentLog, limits: { segmentBytes: 1000, segments: 3 } });
    for (let count = 0; count < 40; count++) {
      log.note({ action: 'memory.used', ids: [`m${count}`] });
      await log.flush();
    }
    assert.equal(folder.names().length, 3);
    const { problems, shortenedBy, lines } = await verifyAuditLog(folder.path);
    assert.deepEqual(problems, []);
    assert.ok(shortenedBy > 0 && lines < 40, `${lines} lines are left, ${shortenedBy} are gone`);
    fs.rmSync(path.join(folder.path, folder.names()[0] ?? ''));
    assert.deepEqual((await verifyAuditLog(folder.path)).problems.map(({ type }) => type), ['missing']);
  });
});

describe('a record that cannot be written', () => {
  it('is kept in memory, tried again after 1, 5 and 30 seconds and then every minute, and written whole once it can be', async () => {
    using folder = new RecordFolder();
    fs.writeFileSync(folder.path, 'a file in its place');
    const clock = new HandClock();
    const log = keepingLog();
    const record = new AuditLog({ folder: folder.path, window: 'w', clock, timers: clock, log });
    record.note({ action: 'memory.used', ids: ['m1'] });
    const triedAfter = async (milliseconds: number): Promise<void> => {
      const before = log.lines.length;
      await clock.advance(milliseconds - 1);
      assert.deepEqual([log.lines.length, clock.waiting], [before, 1], `not before ${milliseconds} ms`);
      await clock.advance(1);
      // Until the refusal is heard of and the next try planned.
      while (log.lines.length === before || clock.waiting === 0) await settled();
    };
    for (const pause of [200, 1_000, 5_000, 30_000, 60_000, 60_000]) await triedAfter(pause);
    fs.rmSync(folder.path);
    record.note({ action: 'memory.used', ids: ['m2'] });
    await record.flush();
    assert.deepEqual(await actions(folder), ['memory.used', 'memory.used']);
    assert.deepEqual((await verifyAuditLog(folder.path)).problems, []);
  });

  it('says how much was lost when more was noted meanwhile than it keeps', async () => {
    using folder = new RecordFolder();
    fs.writeFileSync(folder.path, 'a file in its place');
    const log = windowOn(folder, new HandClock());
    for (let count = 0; count < 5003; count++) log.note({ action: 'memory.used' });
    await assert.rejects(log.flush(), (error) => HearthlinkError.is(error, 'store-read-only', 'store-stopped'));
    fs.rmSync(folder.path);
    await log.flush();
    const [first] = await linesIn(folder);
    assert.deepEqual([first?.record?.action, first?.record?.count], ['record.lost', 3]);
  });
});
