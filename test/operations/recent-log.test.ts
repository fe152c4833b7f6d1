import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { recentLog } from '../../src/operations/recent-log.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';

describe('the recent log', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hearthlink-log-'));
    file = path.join(folder, 'Hearthlink.log');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function linesOf(text: string, mostBytes?: number): Promise<unknown[]> {
    await writeFile(file, text);
    let json = '';
    for await (const piece of recentLog(file, mostBytes)) json += Buffer.from(piece).toString('utf8');
    assert.ok(json === '' || json.endsWith('\n'));
    return json.split('\n').slice(0, -1).map((line): unknown => JSON.parse(line));
  }

  it('tells time, level and text of each line, and leaves out one that is still being written', async () => {
    const lines = await linesOf('2026-11-21 15:00:00.123 [info] activated milliseconds=3\r\n2026-11-21 15:00:01.000 [warning] a [bracket] more\n2026-11-21 15:00');
    assert.deepEqual(lines, [
      { at: '2026-11-21 15:00:00.123', level: 'info', text: 'activated milliseconds=3' },
      { at: '2026-11-21 15:00:01.000', level: 'warning', text: 'a [bracket] more' },
    ]);
  });

  it('keeps lines that have no time of their own', async () => {
    assert.deepEqual(await linesOf('    at somewhere (else)\n\n'), [{ text: '    at somewhere (else)' }, { text: '' }]);
  });

  it('takes the whole lines of the end, however the end is cut', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/\s/gu, '_'));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.nat({ max: 400 }), async (texts, mostBytes) => {
        const taken = (await linesOf(texts.map((text) => `${text}\n`).join(''), mostBytes)).map((told) => (typeof told === 'object' && told !== null && 'text' in told ? told.text : null));
        const fitting = texts.map((_, i) => texts.slice(i)).filter((end) => end.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0) <= mostBytes);
        assert.deepEqual(taken, fitting[0] ?? []);
      }),
      { numRuns: 200 },
    );
  });

  it('says that a file cannot be read', async () => {
    await assert.rejects(recentLog(path.join(folder, 'gone.log')).next(), (error) => HearthlinkError.is(error));
  });
});
