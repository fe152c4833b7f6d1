import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { storeFileError } from '../../../src/store/files/file-error.ts';
import { nodeStoreFiles } from '../../../src/store/files/node-store-files.ts';

/** A new folder, taken away at the end. */
async function inFolder(use: (folder: string) => unknown): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-files-'));
  try {
    await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const modeOf = (file: string) => (fs.statSync(file).mode & 0o777).toString(8);

describe('files of a store', () => {
  it('are for their owner alone', async function () {
    if (process.platform === 'win32') this.skip();
    await inFolder(async (folder) => {
      const store = path.join(folder, 'deep', 'store');
      const files = nodeStoreFiles(store);
      await files.createStoreFolder();
      await files.createFolder('g1');
      await files.writeFile('g1/snapshot', [Buffer.from('bytes')]);
      assert.deepEqual([modeOf(store), modeOf(path.join(store, 'g1')), modeOf(path.join(store, 'g1/snapshot'))], ['700', '700', '600']);
    });
  });

  it('are written whole from parts of any length, with the checksum of all of them', async () => {
    await inFolder(async (folder) => {
      const files = nodeStoreFiles(folder);
      const large = Buffer.alloc(2_500_000, 7);
      const split = await files.writeFile('split', [large.subarray(0, 3), large.subarray(3)]);
      assert.equal(split, await files.writeFile('whole', [large]));
      assert.deepEqual(files.read('split'), large);
      assert.equal(files.bytes(), 5_000_000);
    });
  });

  it('are null, or an empty list, where there are none', async () => {
    await inFolder((folder) => {
      const files = nodeStoreFiles(path.join(folder, 'missing'));
      assert.deepEqual([files.read('a'), files.size('a'), files.modifiedAt('a'), files.openJournal('a')], [null, null, null, null]);
      assert.deepEqual([files.list(), files.bytes()], [[], 0]);
    });
  });

  it('append to the end, whoever else appends, and read from anywhere', async () => {
    await inFolder(async (folder) => {
      const files = nodeStoreFiles(folder);
      await files.writeFile('journal', [Buffer.from('head')]);
      const [one, other] = [files.openJournal('journal'), files.openJournal('journal')];
      assert.ok(one !== null && other !== null);
      assert.equal(await one.append(Buffer.from('-one')), 4);
      await other.append(Buffer.from('-other'));
      await one.flush();
      assert.deepEqual([one.size(), one.read(5, 100).toString()], [14, 'one-other']);
      one.close();
      other.close();
    });
  });

  it('rename a folder only to a name that is free', async () => {
    await inFolder(async (folder) => {
      const files = nodeStoreFiles(folder);
      for (const name of ['one', 'other']) {
        await files.createFolder(name);
        await files.writeFile(`${name}/file`, [Buffer.from(name)]);
      }
      assert.equal(await files.renameFolder('one', 'first'), true);
      assert.equal(await files.renameFolder('other', 'first'), false);
      assert.deepEqual(files.list().toSorted(), ['first', 'other']);
      assert.equal(files.read('first/file')?.toString(), 'one');
    });
  });

  it('tell soon that something changed', async () => {
    await inFolder(async (folder) => {
      const files = nodeStoreFiles(folder);
      await new Promise<void>((resolve) => {
        const watching = files.watch(() => {
          watching.dispose();
          resolve();
        });
        void files.writeFile('new', [Buffer.from('x')]);
      });
    });
  });
});

describe('errors of the file system', () => {
  const told = (code: string) => storeFileError(Object.assign(new Error(`${code}: it went wrong`), { code })).code;

  it('are told apart by what a person can do about them', () => {
    assert.deepEqual(['ENOSPC', 'EDQUOT', 'EFBIG'].map(told), ['store-full', 'store-full', 'store-full']);
    assert.deepEqual(['EROFS', 'EACCES', 'EPERM', 'ENOTDIR'].map(told), Array(4).fill('store-read-only'));
    assert.equal(told('EIO'), 'store-stopped');
  });

  it('keep the system\'s own words where nothing else can be said', () => {
    const error = storeFileError(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
    assert.equal(error.parameters['detail'], 'EIO: i/o error, fdatasync');
    assert.ok(HearthlinkError.is(error));
  });

  it('come from a folder that is a file', async () => {
    await inFolder((folder) => {
      const file = path.join(folder, 'store');
      fs.writeFileSync(file, '');
      assert.throws(() => nodeStoreFiles(file).list(), (error) => HearthlinkError.is(error, 'store-read-only'));
    });
  });
});
