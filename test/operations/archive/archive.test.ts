import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { chunkBytes } from '../../../src/operations/archive/archive-format.ts';
import { openArchive, readArchiveHeader, type Archive } from '../../../src/operations/archive/archive-reader.ts';
import { writeArchive } from '../../../src/operations/archive/archive-writer.ts';
import { MemoryArchiveFiles } from './support/memory-archive-files.ts';
import { dataKey, ringId, sampleHead, sampleName, sampleParts, seededRandom, writeSample } from './support/sample-archive.ts';

const keyOf = (id: number, ring: string) => (id === 1 && ring === ringId ? dataKey : null);

async function contentOf(archive: Archive, name: string): Promise<Buffer> {
  const pieces = [];
  for await (const piece of archive.readPart(name)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('a backup', () => {
  for (const encrypted of [false, true]) {
    describe(encrypted ? 'that is encrypted' : 'that is not encrypted', () => {
      it('gives back every part as it was, in whatever pieces it came', async () => {
        await fc.assert(fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 5 }),
          fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 5 }),
          fc.constantFrom('stored', 'gzip', 'zstd'),
          async (first, second, codec) => {
            const files = new MemoryArchiveFiles();
            await writeSample({ files, encrypted, codec, parts: [{ name: 'snapshot.sqlite', content: first }, { name: 'calls.bin', content: second }] });
            const archive = await openArchive(sampleName, keyOf, files);
            assert.deepEqual(await contentOf(archive, 'snapshot.sqlite'), Buffer.concat(first));
            assert.deepEqual(await contentOf(archive, 'calls.bin'), Buffer.concat(second));
            await archive.close();
          },
        ), { numRuns: 40 });
      });

      it('cuts large parts into chunks, and reads no more than one of them at once', async () => {
        const files = new MemoryArchiveFiles();
        const random = Buffer.from(seededRandom().bytes(chunkBytes));
        const large = Buffer.concat([random, Buffer.alloc(chunkBytes), random.subarray(0, 100)]);
        await writeSample({ files, encrypted, parts: [{ name: 'snapshot.sqlite', content: [large.subarray(0, 10), large.subarray(10)] }] });
        const archive = await openArchive(sampleName, keyOf, files);
        assert.ok((await contentOf(archive, 'snapshot.sqlite')).equals(large));
        assert.ok(files.largestRead <= chunkBytes + 64);
        assert.ok(archive.bytes < 1.01 * chunkBytes + 2000, 'zeros take next to no room');
      });

      it('ends exactly at a chunk when a part does', async () => {
        const files = new MemoryArchiveFiles();
        const whole = Buffer.alloc(2 * chunkBytes, 'Gull');
        await writeSample({ files, encrypted, parts: [{ name: 'snapshot.sqlite', content: [whole] }] });
        assert.ok((await contentOf(await openArchive(sampleName, keyOf, files), 'snapshot.sqlite')).equals(whole));
      });

      it('says in its manifest what is in it', async () => {
        const files = new MemoryArchiveFiles();
        const written = await writeSample({ files, encrypted });
        const archive = await openArchive(sampleName, keyOf, files);
        assert.deepEqual(archive.manifest, written.manifest);
        assert.deepEqual({ ...archive.manifest, parts: undefined }, { ...sampleHead(), parts: undefined });
        const [snapshot] = archive.manifest.parts;
        assert.equal(snapshot?.bytes, 280);
        assert.equal(snapshot.sha256, createHash('sha256').update('Gull is blue. '.repeat(20)).digest('hex'));
        assert.equal(archive.bytes, files.contents.get(sampleName)?.length);
        assert.equal(archive.keyId, encrypted ? 1 : 0);
      });

      it('is refused when any bit of it is not as it was written', async () => {
        const files = new MemoryArchiveFiles();
        await writeSample({ files, encrypted });
        const whole = Buffer.from(files.contents.get(sampleName) ?? '');
        const passed = [];
        for (let at = 0; at < whole.length; at++) {
          const flipped = Buffer.from(whole);
          flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
          files.contents.set(sampleName, flipped);
          const code = await codeOfReadingAll(files);
          if (code !== 'archive-damaged' && !(at < 8 && code === 'archive-refused')) passed.push(`${at}: ${code}`);
        }
        assert.deepEqual(passed, []);
      });

      it('is refused when it ends too soon, wherever, and when something follows it', async () => {
        const files = new MemoryArchiveFiles();
        await writeSample({ files, encrypted });
        const whole = files.contents.get(sampleName) ?? Buffer.alloc(0);
        for (let length = 8; length < whole.length; length++) {
          files.contents.set(sampleName, whole.subarray(0, length));
          assert.equal(await codeOfReadingAll(files), 'archive-damaged', `${length} bytes of it`);
        }
        files.contents.set(sampleName, Buffer.concat([whole, Buffer.alloc(1)]));
        assert.equal(await codeOfReadingAll(files), 'archive-damaged');
      });

      it('is refused when its chunks change places', async () => {
        const files = new MemoryArchiveFiles();
        const twice = [...sampleParts.slice(0, 1), { ...sampleParts[0], name: 'calls.bin', content: [Buffer.from('Gull is gray. '.repeat(20))] }];
        const { manifest } = await writeSample({ files, encrypted, parts: twice, codec: 'stored' });
        const whole = files.contents.get(sampleName) ?? Buffer.alloc(0);
        const length = manifest.parts[0]?.storedBytes ?? 0;
        const [first, second] = [whole.subarray(64, 64 + length), whole.subarray(64 + length, 64 + 2 * length)];
        files.contents.set(sampleName, Buffer.concat([whole.subarray(0, 64), second, first, whole.subarray(64 + 2 * length)]));
        assert.equal(await codeOfReadingAll(files), 'archive-damaged');
      });
    });
  }

  async function codeOfReadingAll(files: MemoryArchiveFiles): Promise<string> {
    try {
      const archive = await openArchive(sampleName, keyOf, files);
      await archive.checkAllParts();
      return 'read';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  }
});

describe('an encrypted backup', () => {
  it('shows nothing of what is in it, nor the names of its parts', async () => {
    const files = new MemoryArchiveFiles();
    await writeSample({ files, encrypted: true, codec: 'stored' });
    const text = files.contents.get(sampleName)?.toString('latin1') ?? '';
    assert.doesNotMatch(text, /Gull|snapshot|message|journal/);
  });

  it('tells without its key by which key it is encrypted', async () => {
    const files = new MemoryArchiveFiles();
    await writeSample({ files, encrypted: true });
    assert.deepEqual(await readArchiveHeader(sampleName, files), { cipher: 'aes-256-gcm', keyId: 1, ringId });
    await assert.rejects(openArchive(sampleName, () => null, files), { code: 'archive-locked', parameters: { keyId: 1, ringId } });
  });

  it('tells a wrong key from damage', async () => {
    const files = new MemoryArchiveFiles();
    await writeSample({ files, encrypted: true });
    await assert.rejects(openArchive(sampleName, () => Buffer.alloc(32, 8), files), { code: 'archive-wrong-key', parameters: { keyId: 1 } });
  });

  it('is not written with a key that was overwritten meanwhile', async () => {
    const files = new MemoryArchiveFiles();
    const writing = { files, random: seededRandom(), key: { id: 1, ringId, bytes: Buffer.alloc(32) } };
    await assert.rejects(writeArchive(sampleName, sampleParts, () => sampleHead(), writing), { code: 'vault-locked' });
    assert.equal(files.contents.size, 0);
  });

  it('never has one nonce twice', async () => {
    const files = new MemoryArchiveFiles();
    const { manifest } = await writeSample({ files, encrypted: true });
    const whole = files.contents.get(sampleName) ?? Buffer.alloc(0);
    const nonces = new Set<string>();
    let at = 64;
    for (const { storedBytes } of manifest.parts) {
      nonces.add(whole.toString('hex', at + 20, at + 32));
      at += storedBytes;
    }
    assert.equal(nonces.size, manifest.parts.length);
  });
});

describe('writing a backup', () => {
  it('flushes the file before it has its name, and the folder then', async () => {
    const files = new MemoryArchiveFiles();
    await writeSample({ files });
    const names = files.steps.map((step) => step.split(' ')[0]);
    assert.deepEqual(names.filter((name) => name !== 'write'), ['create', 'flush', 'close', 'rename', 'flush']);
    assert.equal(files.steps.at(-1), 'flush /backups');
    assert.match(files.steps[0] ?? '', /\.partial$/);
  });

  it('leaves nothing behind, whichever step fails, and says why', async () => {
    const untroubled = new MemoryArchiveFiles();
    await writeSample({ files: untroubled });
    for (let step = 0; step < untroubled.steps.length; step++) {
      const files = new MemoryArchiveFiles();
      files.failing = { step, code: 'ENOSPC' };
      await assert.rejects(writeSample({ files }), { code: 'store-full' });
      const isLast = step === untroubled.steps.length - 1;
      assert.deepEqual([...files.contents.keys()], isLast ? [sampleName] : [], untroubled.steps[step]);
    }
  });

  it('leaves nothing behind when a part cannot be read', async () => {
    const files = new MemoryArchiveFiles();
    const failing = (function* () {
      yield Buffer.from('a');
      throw new RangeError('gone');
    })();
    await assert.rejects(writeSample({ files, parts: [{ name: 'snapshot.sqlite', content: failing }] }), RangeError);
    assert.equal(files.contents.size, 0);
  });

  it('copies what it is given, for the memory may be used again', async () => {
    const files = new MemoryArchiveFiles();
    const room = Buffer.alloc(chunkBytes);
    const reusing = (function* () {
      for (const letter of 'abc') yield room.fill(letter);
    })();
    await writeSample({ files, parts: [{ name: 'snapshot.sqlite', content: reusing }] });
    const content = await contentOf(await openArchive(sampleName, keyOf, files), 'snapshot.sqlite');
    assert.equal([0, chunkBytes, 2 * chunkBytes].map((at) => content.toString('latin1', at, at + 1)).join(''), 'abc');
  });

  it('refuses a name that no part has', async () => {
    for (const name of ['../../escape', 'C:\\boot.ini', '/etc/passwd', 'snapshot.sqlite/..', 'blob-12', 'SNAPSHOT.SQLITE', 'snapshot.sqlite\n', '']) {
      const files = new MemoryArchiveFiles();
      await assert.rejects(writeSample({ files, parts: [{ name, content: [] }] }));
      assert.equal(files.contents.size, 0, name);
    }
  });
});
