import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { appendEvents } from '../../../src/operations/audit/audit-appending.ts';
import type { NotedEvent } from '../../../src/operations/audit/audit-record.ts';
import { verifyAuditLog } from '../../../src/operations/audit/audit-verifying.ts';

const lines = 12;
const segment = 'activity-0000000001.jsonl';

function event(count: number): NotedEvent {
  return { at: Date.UTC(2026, 10, 21) + count, window: 'w', action: 'memory.used', ids: [`m${count}`] };
}

/** A whole record of twelve lines in one segment. */
async function sampleRecord(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-altered-'));
  await appendEvents(folder, Array.from({ length: lines }, (_, count) => event(count)));
  return folder;
}

/** Checks what becomes of a copy in which a file is changed. */
async function withChanged<T>(folder: string, name: string, change: (bytes: Buffer) => Buffer, check: (copy: string) => Promise<T>): Promise<T> {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-altered-'));
  try {
    fs.cpSync(folder, copy, { recursive: true });
    fs.writeFileSync(path.join(copy, name), change(fs.readFileSync(path.join(copy, name))));
    return await check(copy);
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
}

function ofLines(change: (all: string[]) => string[]): (bytes: Buffer) => Buffer {
  return (bytes) => Buffer.from(change(bytes.toString('utf8').split('\n').slice(0, -1)).map((line) => `${line}\n`).join(''));
}

describe('a record of activity that was altered', () => {
  let folder: string;
  before(async () => { folder = await sampleRecord(); });
  after(() => { fs.rmSync(folder, { recursive: true }); });

  const found = (change: (all: string[]) => string[]) =>
    withChanged(folder, segment, ofLines(change), async (copy) => (await verifyAuditLog(copy)).problems.map(({ type, line }) => `${type} ${line}`));

  it('is whole when nobody has touched it', async () => {
    assert.deepEqual(await verifyAuditLog(folder), { lines, shortenedBy: 0, problems: [] });
  });

  it('names the line that was changed', async () => {
    assert.deepEqual(await found((all) => all.map((line, index) => (index === 4 ? line.replace('"m4"', '"m5"') : line))), ['changed 5']);
  });

  it('names the last line too, which no other line follows', async () => {
    assert.deepEqual(await found((all) => all.map((line, index) => (index === lines - 1 ? line.replace('"m11"', '"m12"') : line))), ['changed 12']);
  });

  it('names the place where a line was removed, also at the beginning and at the end', async () => {
    for (const [removed, place] of [[0, 1], [5, 6], [lines - 1, lines - 1]] as const) {
      assert.deepEqual(await found((all) => all.filter((_, index) => index !== removed)), [`missing ${place}`], `without line ${removed + 1}`);
    }
  });

  it('is found wherever any line is removed, added again or put elsewhere', async () => {
    const place = fc.nat(lines - 1);
    const alteration = fc.oneof(
      fc.record({ type: fc.constant('remove'), from: place, to: place }),
      fc.record({ type: fc.constant('repeat'), from: place, to: place }),
      fc.record({ type: fc.constant('move'), from: place, to: place }).filter(({ from, to }) => from !== to),
    );
    await fc.assert(fc.asyncProperty(alteration, async ({ type, from, to }) => {
      const problems = await found((all) => {
        const line = all[from] ?? '';
        const rest = type === 'repeat' ? all : all.toSpliced(from, 1);
        return type === 'remove' ? rest : rest.toSpliced(to, 0, line);
      });
      assert.notDeepEqual(problems, []);
    }), { numRuns: 60 });
  });

  it('is found by every flipped bit of a hundred, in the lines and in HEAD', async () => {
    for (const name of [segment, 'HEAD']) {
      const { size } = fs.statSync(path.join(folder, name));
      for (let flip = 0; flip < 100; flip++) {
        const offset = Math.floor((flip / 100) * size);
        const flipped = (bytes: Buffer): Buffer => {
          bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << flip % 8), offset);
          return bytes;
        };
        const { problems } = await withChanged(folder, name, flipped, verifyAuditLog);
        assert.notDeepEqual(problems, [], `${name}, bit ${flip % 8} of byte ${offset}`);
      }
    }
  });

  it('is said to be without its end when HEAD is gone, or all of its lines are', async () => {
    await withChanged(folder, 'HEAD', (bytes) => bytes, async (copy) => {
      fs.rmSync(path.join(copy, 'HEAD'));
      assert.deepEqual((await verifyAuditLog(copy)).problems.map(({ type }) => type), ['no-head']);
    });
    await withChanged(folder, segment, () => Buffer.alloc(0), async (copy) => {
      assert.deepEqual((await verifyAuditLog(copy)).problems.map(({ type }) => type), ['missing']);
    });
  });

  it('says so in a line of its own when it is gone on with, and goes on behind what was found', async () => {
    const cutShort = ofLines((all) => all.slice(0, 8));
    await withChanged(folder, segment, cutShort, async (copy) => {
      await appendEvents(copy, [event(20)]);
      await appendEvents(copy, [event(21)]);
      const { lines: left, problems } = await verifyAuditLog(copy);
      assert.deepEqual([left, problems.map(({ type, line }) => `${type} ${line}`)], [11, ['noted 9']]);
    });
  });
});
