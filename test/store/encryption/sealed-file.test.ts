import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { encryptedFiles } from '../../../src/store/encryption/encrypted-files.ts';
import { noKeys } from '../../../src/store/encryption/store-keys.ts';
import { allEncrypted, testKeys } from '../support/encrypted.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { seededRandom } from '../support/window.ts';

const chunk = 256 * 1024;
const isLocked = (error: unknown) => HearthlinkError.is(error, 'store-locked');

function bytesOf(length: number, seed = 7): Buffer {
  const block = Buffer.from(seededRandom(seed).bytes(4096));
  return Buffer.alloc(length, block);
}

describe('an encrypted file', () => {
  it('is read as it was written, whatever its length and its parts, at once and in pieces', async () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk - 7));
    await fc.assert(fc.asyncProperty(length, fc.array(fc.nat(), { maxLength: 4 }), fc.nat(), fc.nat(), async (size, cuts, a, b) => {
      const disk = new MemoryDisk();
      const files = allEncrypted(disk.filesOf('window'), 3);
      const content = bytesOf(size);
      const ends = [...cuts.map((cut) => cut % (size + 1)), size].sort((one, other) => one - other);
      const checksum = await files.writeFile('g/file', ends.map((end, i) => content.subarray(ends[i - 1] ?? 0, end)));
      assert.equal(checksum, crc32(content));
      assert.ok(files.read('g/file')?.equals(content));
      const opened = files.openFile('g/file') ?? assert.fail('It is not there.');
      const [from, to] = [Math.min(a % (size + 1), b % (size + 1)), Math.max(a % (size + 1), b % (size + 1))];
      assert.equal(opened.size(), size);
      assert.ok(opened.read(from, to - from).equals(content.subarray(from, to)));
      assert.ok(opened.read(from, size + 5).equals(content.subarray(from)));
    }), { numRuns: 60 });
  });

  it('holds nothing of what was written, and is never the same twice', async () => {
    const disk = new MemoryDisk();
    const files = allEncrypted(disk.filesOf('window'), 1);
    const words = Buffer.from('the lighthouse keeper drinks tea '.repeat(40));
    for (const name of ['one', 'two']) await files.writeFile(name, [words]);
    assert.equal(disk.bytesOf('one').indexOf('lighthouse'), -1);
    const bodies = ['one', 'two'].map((name) => disk.bytesOf(name).subarray(64));
    assert.ok(bodies[0]?.equals(bodies[1] ?? Buffer.alloc(0)) === false);
  });

  it('reads as nothing where any bit of it was changed, any byte cut off, or another added', async function () {
    this.timeout(60_000);
    const disk = new MemoryDisk();
    const files = allEncrypted(disk.filesOf('window'), 1);
    const content = bytesOf(150);
    await files.writeFile('file', [content]);
    const whole = Buffer.from(disk.bytesOf('file'));
    const unlike = (changed: Buffer, what: string) => {
      disk.alter('file', () => changed);
      const read = files.read('file') ?? assert.fail('It is there.');
      assert.ok(read.length !== content.length, what);
      assert.equal(read.indexOf(content.subarray(0, 8)), -1, what);
    };
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      unlike(changed, `bit ${bit}`);
    }
    for (let length = 0; length < whole.length; length++) unlike(whole.subarray(0, length), `cut at ${length}`);
    unlike(Buffer.concat([whole, Buffer.of(0)]), 'one more byte');
  });

  it('is damaged for those who read it in pieces where a chunk was changed, or changed places', async () => {
    const disk = new MemoryDisk();
    const files = allEncrypted(disk.filesOf('window'), 1);
    await files.writeFile('file', [bytesOf(3 * chunk)]);
    const [first, second] = [64, 64 + chunk + 16];
    disk.alter('file', (bytes) => Buffer.concat([
      bytes.subarray(0, first), bytes.subarray(second, second + chunk + 16), bytes.subarray(first, second), bytes.subarray(second + chunk + 16),
    ]));
    const opened = files.openFile('file') ?? assert.fail('It is not there.');
    assert.throws(() => opened.read(0, 10), (error) => HearthlinkError.is(error, 'store-damaged') && error.parameters['file'] === 'file');
    assert.ok(opened.read(2 * chunk, chunk).equals(bytesOf(3 * chunk).subarray(2 * chunk)));
    assert.equal(files.read('file')?.length, 0);
  });

  it('cannot take the place of another with another name', async () => {
    const disk = new MemoryDisk();
    const files = allEncrypted(disk.filesOf('window'), 1);
    await files.writeFile('g1-a/calls.bin', [bytesOf(100)]);
    await files.writeFile('g1-a/COVERS', [bytesOf(100)]);
    disk.alter('g1-a/COVERS', () => disk.bytesOf('g1-a/calls.bin'));
    assert.equal(files.read('g1-a/COVERS')?.length, 0);
  });

  it('is locked without its key, and with another key by the same id', async () => {
    const disk = new MemoryDisk();
    const raw = disk.filesOf('window');
    await allEncrypted(raw, 2).writeFile('file', [bytesOf(10)]);
    for (const keys of [noKeys, testKeys([1, 3]), testKeys([2], 9)]) {
      const files = encryptedFiles(raw, keys, seededRandom(1));
      assert.throws(() => files.read('file'), isLocked);
      assert.throws(() => files.openFile('file'), isLocked);
    }
    await assert.rejects(encryptedFiles(raw, testKeys([1]), seededRandom(1)).writeFile('new', [bytesOf(10)], 2), isLocked);
    assert.ok(!disk.names().includes('new'));
  });

  it('stands beside others under other keys and under none, each of which is read as it is', async () => {
    const disk = new MemoryDisk();
    const files = encryptedFiles(disk.filesOf('window'), testKeys([1, 2]), seededRandom(1));
    for (const keyId of [0, 1, 2]) await files.writeFile(`file${keyId}`, [bytesOf(500, keyId)], keyId);
    for (const keyId of [0, 1, 2]) assert.ok(files.read(`file${keyId}`)?.equals(bytesOf(500, keyId)));
    assert.ok(disk.bytesOf('file0').equals(bytesOf(500, 0)));
  });
});

describe('files that know of no keys', () => {
  it('refuse to write what is to be encrypted', async () => {
    await assert.rejects(new MemoryDisk().filesOf('window').writeFile('file', [bytesOf(10)], 1), isLocked);
  });
});
