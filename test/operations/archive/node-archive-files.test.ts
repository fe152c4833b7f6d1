import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openArchive } from '../../../src/operations/archive/archive-reader.ts';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { replaceWhole, readWhole } from '../../../src/operations/archive/whole-file.ts';
import { dataKey, seededRandom, writeSample } from './support/sample-archive.ts';

describe('backups on a real disk', () => {
  const inFolder = async (act: (folder: string) => Promise<void>) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-archive-'));
    try {
      await act(folder);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  };
  const keyOf = () => dataKey;

  it('are written and read, for their owner alone', () => inFolder(async (folder) => {
    const name = path.join(folder, 'one.hearthlink');
    const { bytes } = await writeSample({ files: nodeArchiveFiles, name, encrypted: true });
    assert.deepEqual(fs.readdirSync(folder), ['one.hearthlink']);
    assert.equal(fs.statSync(name).size, bytes);
    if (process.platform !== 'win32') assert.equal(fs.statSync(name).mode & 0o777, 0o600);
    const archive = await openArchive(name, keyOf, nodeArchiveFiles);
    await archive.checkAllParts();
    await archive.close();
  }));

  it('are not read from what is not a file, nor waited for at a pipe', () => inFolder(async (folder) => {
    const refused = { code: 'archive-refused', parameters: { reason: 'not-a-file' } };
    await assert.rejects(openArchive(folder, keyOf, nodeArchiveFiles), refused);
    if (process.platform === 'win32') return;
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(openArchive(pipe, keyOf, nodeArchiveFiles), refused);
  }));

  it('are not there when their folder is not', () => inFolder(async (folder) => {
    const name = path.join(folder, 'gone', 'one.hearthlink');
    await assert.rejects(openArchive(name, keyOf, nodeArchiveFiles), { code: 'not-found' });
    await assert.rejects(writeSample({ files: nodeArchiveFiles, name }), { code: 'store-stopped' });
  }));

  it('lie beside small files that are replaced whole', () => inFolder(async (folder) => {
    const name = path.join(folder, 'KEYS');
    assert.equal(await readWhole(name, nodeArchiveFiles), null);
    const random = seededRandom();
    for (const text of ['a longer text', 'a text']) await replaceWhole(name, Buffer.from(text), nodeArchiveFiles, random);
    assert.equal((await readWhole(name, nodeArchiveFiles))?.toString(), 'a text');
    assert.deepEqual(fs.readdirSync(folder), ['KEYS']);
  }));
});
