import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { nodeStoreFiles } from '../../../src/store/files/node-store-files.ts';
import { readAhead } from '../../../src/store/files/read-ahead.ts';
import type { StoreFiles } from '../../../src/store/files/store-files.ts';
import { putNote } from '../support/notes-content.ts';
import { NotesWindow } from '../support/window.ts';

const anywhere = (_: string, bytes: number) => Buffer.alloc(bytes);

describe('reading ahead', () => {
  /** A store of two generations, and its files with a list of the names that were really read. */
  async function storeAndReads(folder: string): Promise<{ files: StoreFiles; reads: string[]; newest: string }> {
    const maker = new NotesWindow('maker', nodeStoreFiles(folder));
    await maker.call(putNote, { id: 'a', text: 'x' });
    await maker.engine.rotate();
    await maker.engine.close();
    const files = nodeStoreFiles(folder);
    const reads: string[] = [];
    const newest = files.list().find((name) => name.startsWith('g2-')) ?? assert.fail('There is no second generation.');
    return { files: { ...files, read: (name) => { reads.push(name); return files.read(name); } }, reads, newest };
  }

  it('hands out the newest generation once, the same as on the disk', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-ahead-'));
    const { files, reads, newest } = await storeAndReads(folder);
    const ahead = await readAhead(files, folder, true, anywhere);
    const names = ['snapshot.sqlite', 'index.bin'].map((name) => `${newest}/${name}`);
    for (const name of names) {
      const [bytes, onDisk] = [ahead.read(name), nodeStoreFiles(folder).read(name)];
      assert.ok(bytes !== null);
      assert.deepEqual(bytes, onDisk);
      assert.equal(ahead.checksum(bytes), crc32(bytes));
    }
    assert.deepEqual(reads, []);
    for (const name of names) ahead.read(name);
    assert.deepEqual(reads, names, 'read again, it is read from the disk: the first reader may have changed the bytes');
    fs.rmSync(folder, { recursive: true });
  });

  it('puts the pieces of a large file together in their order, and sums them up', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-ahead-'));
    const { files, reads, newest } = await storeAndReads(folder);
    const large = Buffer.from(Uint32Array.from({ length: 2_300_000 }, (_, i) => Math.imul(i, 0x9e3779b1)).buffer);
    const names = ['snapshot.sqlite', 'vectors-m.bin'].map((name) => `${newest}/${name}`);
    for (const name of names) fs.writeFileSync(path.join(folder, name), large);
    const summedAgain = () => assert.fail('It was summed up while it was read.');
    const ahead = await readAhead({ ...files, checksum: summedAgain }, folder, true, anywhere);
    for (const name of names) {
      const bytes = ahead.read(name) ?? assert.fail(`${name} was not read.`);
      assert.ok(bytes.equals(large));
      assert.equal(ahead.checksum(bytes), crc32(large));
    }
    assert.deepEqual(reads, []);
    fs.rmSync(folder, { recursive: true });
  });

  it('leaves a file that turns out shorter than it was to whoever needs it', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-ahead-'));
    const { files, reads, newest } = await storeAndReads(folder);
    const shortened = `${newest}/snapshot.sqlite`;
    const ahead = await readAhead(files, folder, true, (name, bytes) => {
      if (name === shortened) fs.truncateSync(path.join(folder, name), 100);
      return Buffer.alloc(bytes);
    });
    assert.equal(ahead.read(shortened)?.length, 100);
    assert.deepEqual(reads, [shortened]);
    fs.rmSync(folder, { recursive: true });
  });

  it('leaves the files for searching until they are needed', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-ahead-'));
    const { files, reads, newest } = await storeAndReads(folder);
    const ahead = await readAhead(files, folder, false, anywhere);
    ahead.read(`${newest}/snapshot.sqlite`);
    assert.deepEqual(reads, []);
    ahead.read(`${newest}/index.bin`);
    assert.deepEqual(reads, [`${newest}/index.bin`]);
    fs.rmSync(folder, { recursive: true });
  });

  it('changes nothing where there is no store, or none that can be read', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-ahead-'));
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    for (const place of [path.join(folder, 'missing'), file]) {
      const ahead = await readAhead(nodeStoreFiles(place), place, true, anywhere);
      assert.equal(ahead.location, place);
    }
    fs.rmSync(folder, { recursive: true });
  });
});
