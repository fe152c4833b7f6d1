import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import zlib, { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { chunkBytes, largestManifestBytes } from '../../../src/operations/archive/archive-format.ts';
import { openArchive } from '../../../src/operations/archive/archive-reader.ts';
import { compressed, forge, storedLength, type ForgedChunk, type Forgery } from './support/forged-archive.ts';
import { MemoryArchiveFiles } from './support/memory-archive-files.ts';
import { sampleHead, sampleName, writeSample } from './support/sample-archive.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Reads all of it. Answers how many bytes came out. */
async function readAll(bytes: Buffer): Promise<number> {
  const files = new MemoryArchiveFiles();
  files.contents.set(sampleName, bytes);
  const archive = await openArchive(sampleName, () => null, files);
  let read = 0;
  await archive.checkAllParts((sofar) => { read = sofar; });
  await archive.close();
  return read;
}

const refusedFor = (reason: string) => ({ code: 'archive-refused', parameters: { reason } });

function onePart(chunks: readonly ForgedChunk[], changed: object = {}): Forgery {
  const whole = Buffer.concat(chunks.map(({ data }) => data));
  const storedBytes = chunks.reduce((sum, chunk) => sum + storedLength(chunk), 0);
  return { chunks, manifest: { parts: [{ name: 'snapshot.sqlite', bytes: whole.length, storedBytes, sha256: sha256(whole), ...changed }] } };
}

describe('a file that says it is a backup', () => {
  it('is read when all it says is true', async () => {
    assert.equal(await readAll(forge(onePart([{ data: Buffer.from('Gull') }]))), 4);
  });

  it('is refused when it is something else', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hl'), Buffer.from('SQLite format 3\0'), Buffer.alloc(5000), zlib.gzipSync('Gull')]) {
      await assert.rejects(readAll(bytes), refusedFor('not-a-backup'));
    }
    await assert.rejects(openArchive(sampleName, () => null, new MemoryArchiveFiles()), { code: 'not-found' });
  });

  it('is refused whatever is in it, with an error of ours', async () => {
    const files = new MemoryArchiveFiles();
    await writeSample({ files });
    const whole = files.contents.get(sampleName) ?? Buffer.alloc(0);
    await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat(whole.length - 1), async (noise, at) => {
      const bytes = Buffer.concat([whole.subarray(0, at), noise, whole.subarray(at + noise.length)]);
      if (!bytes.equals(whole)) await assert.rejects(readAll(bytes), ({ code }: { code?: string }) => code === 'archive-damaged' || code === 'archive-refused' || code === 'archive-newer');
    }), { numRuns: 200 });
  });

  it('is told from damage when a later release made it', async () => {
    for (const change of [(bytes: Buffer) => bytes.writeUInt8(2, 8), (bytes: Buffer) => bytes.writeUInt8(9, 9)]) {
      const bytes = forge({});
      change(bytes);
      bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
      await assert.rejects(readAll(bytes), { code: 'archive-newer' });
    }
  });

  for (const name of ['../../.ssh/authorized_keys', '/etc/passwd', 'C:\\Windows\\win.ini', 'snapshot.sqlite/../../x', 'snapshot.sqlite\0', 'blob-../x', 'con', '', '.', 'MANIFEST']) {
    it(`is refused with a part that is called ${JSON.stringify(name)}`, async () => {
      await assert.rejects(readAll(forge(onePart([{ data: Buffer.from('Gull') }], { name }))), refusedFor('part-name'));
    });
  }

  it('is refused when its manifest contradicts itself or the file', async () => {
    const chunk = { data: Buffer.from('Gull') };
    const [part] = [{ name: 'snapshot.sqlite', bytes: 4, storedBytes: storedLength(chunk), sha256: sha256(chunk.data) }];
    const contradictions: Forgery[] = [
      { manifest: { kind: 'changes' } },
      { manifest: { base: { id: sampleHead().id } } },
      { manifest: { storeId: '../..' } },
      { manifest: { to: null } },
      { manifest: { counts: { 'a/b': 1 } } },
      { chunks: [chunk], manifest: { parts: [] } },
      { chunks: [chunk], manifest: { parts: [{ ...part, storedBytes: 1 }] } },
      { chunks: [chunk], manifest: { parts: [part, { ...part, storedBytes: 0 }] } },
      { chunks: [chunk], manifest: { parts: [{ ...part, bytes: 2 ** 41 }] } },
      { chunks: [chunk], manifest: { parts: [{ ...part, bytes: -1 }] } },
      { manifestChunks: [{ data: Buffer.from('{') }] },
      { manifestChunks: [{ data: Buffer.from('null') }] },
    ];
    for (const forgery of contradictions) await assert.rejects(readAll(forge(forgery)), refusedFor('manifest'), JSON.stringify(forgery.manifest));
  });

  it('is refused when its chunks are not as our chunks are, although their content is right', async () => {
    const whole = { data: Buffer.alloc(chunkBytes, 'Gull') };
    const rest = { data: Buffer.from('Gull') };
    assert.equal(await readAll(forge(onePart([whole, rest]))), chunkBytes + 4);
    const misfits: [string, ForgedChunk[]][] = [
      ['another order', [{ ...whole, chunk: 1 }, { ...rest, chunk: 0 }]],
      ['another part', [{ ...rest, part: 1 }]],
      ['a short one before the last', [rest, whole]],
      ['an end before the last', [{ ...whole, isLast: true }, rest]],
      ['no end', [whole, { ...rest, isLast: false }]],
      ['something where zero should be', [{ ...rest, reserved: 1 }]],
    ];
    for (const [what, chunks] of misfits) await assert.rejects(readAll(forge(onePart(chunks))), { code: 'archive-damaged' }, what);
    const manifest = Buffer.from(JSON.stringify({ ...sampleHead(), parts: [] }));
    const behindTheEnd = [{ data: manifest, isLast: true }, rest];
    await assert.rejects(readAll(forge({ manifestChunks: behindTheEnd })), { code: 'archive-damaged', parameters: { part: 'manifest' } });
  });

  it('is refused when a part is not what the manifest says, with the name of the part', async () => {
    const chunk = { data: Buffer.from('Gull') };
    for (const forgery of [onePart([chunk], { sha256: sha256(Buffer.from('gull')) }), onePart([chunk], { bytes: 5, sha256: sha256(chunk.data) })]) {
      await assert.rejects(readAll(forge(forgery)), { code: 'archive-damaged', parameters: { part: 'snapshot.sqlite' } });
    }
  });
});

describe('a bomb', () => {
  const zeros = Buffer.alloc(chunkBytes);

  for (const codec of ['gzip', 'zstd'] as const) {
    it(`of ${codec} is given up where a chunk has more in it than it says`, async () => {
      const data = compressed(codec, zeros);
      const forgery = onePart([{ data, codec, plainBytes: 5000 }], { bytes: 5000 });
      await assert.rejects(readAll(forge(forgery)), refusedFor('too-large'));
    });

    it(`of ${codec} is given up where a part has more in it than the manifest says`, async () => {
      const data = compressed(codec, zeros);
      const chunks = Array.from({ length: 50 }, () => ({ data, codec, plainBytes: chunkBytes }));
      await assert.rejects(readAll(forge(onePart(chunks, { bytes: 3 * chunkBytes }))), refusedFor('too-large'));
    });
  }

  it('is not taken for a manifest', async () => {
    const data = compressed('zstd', zeros);
    const manifestChunks = Array.from({ length: largestManifestBytes / chunkBytes + 1 }, () => ({ data, codec: 'zstd' as const, plainBytes: chunkBytes }));
    await assert.rejects(readAll(forge({ manifestChunks })), refusedFor('too-large'));
  });

  it('of a manifest is not even read when it is too large as it is stored', async () => {
    const manifestChunks = Array.from({ length: 18 }, () => ({ data: zeros }));
    const files = new MemoryArchiveFiles();
    files.contents.set(sampleName, forge({ manifestChunks }));
    await assert.rejects(openArchive(sampleName, () => null, files), refusedFor('too-large'));
    assert.ok(files.largestRead < 100);
  });

  it('cannot make the unpacking of a chunk take more memory than our chunks need', async () => {
    const entry = { bytes: chunkBytes, sha256: sha256(zeros) };
    const withWindow = async (windowLog: number) => {
      const data = await streamedZstd(zeros, windowLog);
      return forge(onePart([{ data, codec: 'zstd', plainBytes: chunkBytes }], entry));
    };
    assert.equal(await readAll(await withWindow(20)), chunkBytes);
    await assert.rejects(readAll(await withWindow(26)), { code: 'archive-damaged' });
  });

  it('cannot be a chunk larger than chunks are', async () => {
    const large = Buffer.alloc(chunkBytes + 1);
    await assert.rejects(readAll(forge(onePart([{ data: large }]))), { code: 'archive-damaged' });
  });
});

/** Compressed without its length being known, so that a window has to be stated: 2^`windowLog` bytes. */
async function streamedZstd(plain: Buffer, windowLog: number): Promise<Buffer> {
  const stream = zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_windowLog]: windowLog } });
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.write(plain.subarray(0, 1000));
  await new Promise<void>((resolve) => { stream.flush(resolve); });
  stream.end(plain.subarray(1000));
  await new Promise((resolve) => { stream.on('end', resolve); });
  return Buffer.concat(pieces);
}
