import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { nodeFileSearch } from '../../../src/store/files/node-file-search.ts';
import { sqlJs } from '../sql/support/in-process-store.ts';

/** A store folder with these files, searched for a text; names of the files that hold it. */
async function searching<Result>(files: Readonly<Record<string, Buffer | string>>, use: (find: (text: string) => Promise<string[]>, folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearthlink-search-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    const search = nodeFileSearch(folder);
    const find = async (text: string): Promise<string[]> => {
      const found: string[] = [];
      for (const file of await search.files({ backupFolders: [] })) {
        for (let from: number | null = 0; from !== null; ) {
          const answer: { found: boolean; next: number | null } = await search.inPiece({ file, text, from });
          if (answer.found) found.push(file.name);
          from = answer.next;
        }
      }
      return found;
    };
    return await use(find, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const noise = (length: number, seed = 7): Buffer => {
  let state = seed;
  return Buffer.from(Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24));
};

describe('searching files for a text', () => {
  it('finds it in any file of any folder, in capitals, normal forms, spacing, JSON and UTF-16', async () => {
    const text = 'Zoë said "never mind" to Ottilie';
    const files = {
      'plain.log': Buffer.concat([noise(500), Buffer.from(text), noise(500, 9)]),
      'deep/er/capitals': text.toUpperCase(),
      decomposed: text.normalize('NFD'),
      spaced: text.replaceAll(' ', '\n  '),
      json: JSON.stringify({ text }),
      'wide-odd': Buffer.concat([Buffer.from('x'), Buffer.from(text, 'utf16le')]),
      'wide-big': Buffer.from(text, 'utf16le').swap16(),
      other: text.replace('Ottilie', 'Otto'),
      empty: '',
    };
    await searching(files, async (find) => {
      assert.deepEqual(await find(text), ['decomposed', 'deep/er/capitals', 'json', 'plain.log', 'spaced', 'wide-big', 'wide-odd']);
    });
  });

  it('finds it wherever it begins in a long file, also across the parts that are read', async () => {
    const text = 'Wohnt in Lissabon am Fluß';
    const mebibyte = 1 << 20;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2, 16, 17).chain((part) => fc.integer({ min: -40, max: 40 }).map((by) => part * mebibyte + by)), async (at) => {
        const file = Buffer.alloc(18 * mebibyte, 'Anna said nothing. ');
        file.write(text, at);
        await searching({ long: file }, async (find) => {
          assert.deepEqual(await find(text), ['long']);
          assert.deepEqual(await find(`${text}?`), []);
        });
      }),
      { numRuns: 8 },
    );
  }).timeout(60_000);

  it('finds it in an SQLite file, wherever a page ends in it, and in pages that are free', async () => {
    const text = 'the quiet badger of Harbour Street';
    for (const before of [0, 10, 400, 900, 4060, 4070, 4080, 4090, 8150, 8160]) {
      const database = new sqlJs.Database();
      database.exec('PRAGMA secure_delete = OFF; CREATE TABLE note (text TEXT)');
      const long = `${'x'.repeat(before)}${text}${'y'.repeat(9000)}`;
      database.run('INSERT INTO note VALUES (?)', [long]);
      const held = Buffer.from(database.export());
      database.run('DELETE FROM note');
      const deleted = Buffer.from(database.export());
      database.exec('PRAGMA secure_delete = ON; VACUUM');
      const clean = Buffer.from(database.export());
      database.close();
      await searching({ held, deleted, clean }, async (find) => {
        assert.deepEqual(await find(text), ['deleted', 'held'], `after ${String(before)} characters`);
      });
    }
  });

  it('finds every split of a text over two pages', async () => {
    const text = 'Quillon the badger';
    const database = new sqlJs.Database();
    database.exec('CREATE TABLE note (text TEXT)');
    for (let before = 4000; before < 4100; before++) database.run('INSERT INTO note VALUES (?)', [`${'x'.repeat(before)}|${String(before)} ${text}${'y'.repeat(5000)}`]);
    const bytes = Buffer.from(database.export());
    database.close();
    await searching({ 'snapshot.sqlite': bytes }, async (find) => {
      for (let before = 4000; before < 4100; before += 3) assert.deepEqual(await find(`|${String(before)} ${text}`), ['snapshot.sqlite'], String(before));
    });
  }).timeout(60_000);

  it('looks into folders of backups, by their own names, and passes over those that are gone', async () => {
    await searching({ 'store-file': 'nothing here' }, async (_, folder) => {
      await searching({ 'b1/journal.log': 'Likes green tea' }, async (find, backups) => {
        assert.deepEqual(await find('likes green tea'), ['b1/journal.log']);
        const search = nodeFileSearch(folder);
        const files = await search.files({ backupFolders: [backups, path.join(backups, 'gone')] });
        assert.deepEqual(files.map(({ backupFolder, name, bytes }) => [backupFolder, name, bytes]), [[null, 'store-file', 12], [backups, 'b1/journal.log', 15]]);
        const backup = files.find(({ backupFolder }) => backupFolder !== null);
        assert.ok(backup !== undefined);
        assert.equal((await search.inPiece({ file: backup, text: 'green tea', from: 0 })).found, true);
        assert.deepEqual(await search.inPiece({ file: { ...backup, name: 'tidied-away' }, text: 'green tea', from: 0 }), { found: false, next: null });
      });
    });
  });

  it('refuses a text that is too short to mean anything, or too long to be looked for', async () => {
    await searching({ file: 'ab' }, async (find) => {
      for (const text of ['ab', '  a ', 'x'.repeat(501)]) await assert.rejects(find(text), { code: 'invalid-input' });
    });
  });
});
