import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { encryptedFiles } from '../../../src/store/encryption/encrypted-files.ts';
import { noKeys } from '../../../src/store/encryption/store-keys.ts';
import type { JournalFile, StoreFiles } from '../../../src/store/files/store-files.ts';
import { emptyJournal } from '../../../src/store/journal/journal.ts';
import { allEncrypted, testKeys } from '../support/encrypted.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { seededRandom } from '../support/window.ts';

const name = 'journal-1-aa.log';
const header = emptyJournal('cd'.repeat(16), 1, seededRandom(5));

/** A disk with an empty encrypted journal, and its files. */
async function emptyOne(): Promise<{ disk: MemoryDisk; files: StoreFiles }> {
  const disk = new MemoryDisk();
  const files = allEncrypted(disk.filesOf('window'), 1);
  await files.writeFile(name, [header]);
  return { disk, files };
}

function opened(files: StoreFiles): JournalFile {
  return files.openJournal(name) ?? assert.fail('It is not there.');
}

const all = (journal: JournalFile) => journal.read(0, journal.size());
const batch = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes));

describe('an encrypted journal', () => {
  it('reads as the one that was written, from anywhere, by whoever appended and by others', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(batch, fc.boolean()), { maxLength: 8 }), fc.nat(), fc.nat(), async (batches, a, b) => {
      const { files } = await emptyOne();
      const windows = [opened(files), opened(files)] as const;
      for (const [bytes, first] of batches) assert.equal(await windows[first ? 0 : 1].append(bytes), bytes.length);
      const expected = Buffer.concat([header, ...batches.map(([bytes]) => bytes)]);
      for (const journal of [...windows, opened(files)]) {
        assert.ok(all(journal).equals(expected));
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map((at) => at % (expected.length + 1));
        assert.ok(journal.read(from ?? 0, (to ?? 0) - (from ?? 0)).equals(expected.subarray(from, Math.max(from ?? 0, to ?? 0))));
      }
    }), { numRuns: 60 });
  });

  it('holds nothing of what was appended', async () => {
    const { disk, files } = await emptyOne();
    await opened(files).append(Buffer.from('the lighthouse keeper drinks tea'));
    assert.equal(disk.bytesOf(name).indexOf('lighthouse'), -1);
  });

  it('is, at every cut of its end, the one before the append, and takes the next one behind it', async () => {
    const { disk, files } = await emptyOne();
    const [first, second, third] = [Buffer.from('first'), Buffer.from('the second one'), Buffer.from('third')] as const;
    const journal = opened(files);
    await journal.append(first);
    const before = disk.bytesOf(name).length;
    await journal.append(second);
    const whole = Buffer.from(disk.bytesOf(name));
    for (let length = before; length < whole.length; length++) {
      disk.alter(name, () => whole.subarray(0, length));
      const cut = opened(files);
      assert.ok(all(cut).equals(Buffer.concat([header, first])), `cut at ${length}`);
      await cut.append(third);
      for (const reader of [cut, opened(files)]) assert.ok(all(reader).equals(Buffer.concat([header, first, third])), `cut at ${length}, after the next`);
    }
  });

  it('says of a short write that it was short', async () => {
    const { disk, files } = await emptyOne();
    const text = Buffer.from('cut short');
    disk.immediate = false;
    for (const bytes of [0, 20, 80, 96]) {
      const appending = opened(files).append(text);
      disk.operations[0]?.perform({ type: 'short', bytes });
      assert.ok((await appending) < text.length);
    }
    assert.ok(all(opened(files)).equals(header));
  });

  it('is damaged at the append in which any bit was changed, and holds what stands before', async function () {
    this.timeout(60_000);
    const { disk, files } = await emptyOne();
    const texts = ['first', 'the second one', 'third'].map((text) => Buffer.from(text));
    const ends: number[] = [];
    for (const text of texts) {
      await opened(files).append(text);
      ends.push(disk.bytesOf(name).length);
    }
    const whole = Buffer.from(disk.bytesOf(name));
    for (let bit = 8 * header.length; bit < 8 * whole.length; bit++) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      disk.alter(name, () => changed);
      const damaged = ends.findIndex((end) => bit >> 3 < end);
      const before = Buffer.concat([header, ...texts.slice(0, damaged)]);
      const found = all(opened(files));
      assert.ok(found.subarray(0, before.length).equals(before), `bit ${bit}`);
      assert.ok(found.length > before.length, `bit ${bit} is not passed over`);
      assert.notEqual(found[before.length], header[36], `bit ${bit}: no record begins there`);
    }
  });

  it('is no journal at all where a bit of its header was changed', async () => {
    const { disk, files } = await emptyOne();
    const whole = Buffer.from(disk.bytesOf(name));
    for (let bit = 0; bit < 8 * header.length; bit++) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      disk.alter(name, () => changed);
      assert.ok(all(opened(files)).equals(changed), `bit ${bit}: passed on as it is, for whoever reads it to refuse`);
    }
  });

  it('does not take a frame of another journal for its own', async () => {
    const { disk, files } = await emptyOne();
    await opened(files).append(Buffer.from('mine'));
    // The same markers: a copy with another number.
    const other = emptyJournal('cd'.repeat(16), 2, seededRandom(5));
    await files.writeFile('journal-2-bb.log', [other]);
    disk.alter('journal-2-bb.log', (bytes) => Buffer.concat([bytes, disk.bytesOf(name).subarray(header.length)]));
    const journal = files.openJournal('journal-2-bb.log') ?? assert.fail('It is not there.');
    assert.equal(all(journal).indexOf('mine'), -1);
    assert.equal(journal.size(), other.length + 4);
  });

  it('is locked without its key', async () => {
    const { disk } = await emptyOne();
    for (const keys of [noKeys, testKeys([2]), testKeys([1], 9)]) {
      assert.throws(() => encryptedFiles(disk.filesOf('window'), keys, seededRandom(1)).openJournal(name), (error) => HearthlinkError.is(error, 'store-locked'));
    }
  });

  it('is itself where it is not encrypted', async () => {
    const disk = new MemoryDisk();
    const files = encryptedFiles(disk.filesOf('window'), testKeys([1]), seededRandom(1));
    await files.writeFile(name, [header]);
    await opened(files).append(Buffer.from('plain'));
    assert.ok(disk.bytesOf(name).equals(Buffer.concat([header, Buffer.from('plain')])));
    assert.ok(all(opened(files)).equals(disk.bytesOf(name)));
  });
});
