import assert from 'node:assert/strict';
import { createDecipheriv, createHash, createHmac, hkdfSync, scryptSync } from 'node:crypto';
import zlib from 'node:zlib';
import * as z from 'zod';
import { newRing, passphrase, ringSetup } from '../keys/support/sample-ring.ts';
import { writeArchive } from '../../../src/operations/archive/archive-writer.ts';
import { MemoryArchiveFiles } from './support/memory-archive-files.ts';
import { sampleHead, sampleName, sampleParts, seededRandom } from './support/sample-archive.ts';

/** A reader made from docs/backup-format.md alone: when this fails, the page or the format is wrong. */

const hkdf = (key: Buffer, salt: Buffer, info: string, length: number) => Buffer.from(hkdfSync('sha256', key, salt, info, length));

function decrypt(key: Buffer, sealed: Buffer, additional: Buffer | string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from(additional));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

const keysJson = z.object({
  storeId: z.string(),
  locks: z.object({ passphrase: z.object({ salt: z.string(), cost: z.object({ N: z.int(), r: z.int(), p: z.int() }), wrapped: z.string() }) }),
  keys: z.array(z.object({ id: z.int(), wrapped: z.string() })),
});
const manifestJson = z.object({ kind: z.string(), parts: z.array(z.object({ name: z.string(), bytes: z.int(), storedBytes: z.int(), sha256: z.string() })) });

function dataKeysOf(file: Buffer, typed: string): Map<number, Buffer> {
  const [json = '', seal = '', checksum = ''] = file.toString().split('\n');
  assert.equal(checksum, zlib.crc32(`${json}\n${seal}\n`).toString(16).padStart(8, '0'));
  const { storeId, locks: { passphrase: lock }, keys } = keysJson.parse(JSON.parse(json));
  const typedKey = scryptSync(typed.normalize('NFKC').trim(), Buffer.from(lock.salt, 'base64'), 32, { ...lock.cost, maxmem: 1 << 29 });
  const ringKey = decrypt(typedKey, Buffer.from(lock.wrapped, 'base64'), `hearthlink ring key 1:${storeId}:passphrase`);
  assert.equal(seal, createHmac('sha256', hkdf(ringKey, Buffer.alloc(0), 'hearthlink ring 1: seal', 32)).update(json).digest('hex'));
  const wrapKey = hkdf(ringKey, Buffer.alloc(0), 'hearthlink ring 1: wrap', 32);
  return new Map(keys.map(({ id, wrapped }) => [id, decrypt(wrapKey, Buffer.from(wrapped, 'base64'), `hearthlink data key 1:${storeId}:${id}`)]));
}

function read(file: Buffer, dataKeys: Map<number, Buffer>): { readonly kind: string; readonly parts: Map<string, Buffer> } {
  const header = file.subarray(0, 64);
  assert.equal(header.toString('latin1', 0, 8), 'hl-bak\r\n');
  assert.equal(header.readUInt32LE(60), zlib.crc32(header.subarray(0, 60)));
  assert.equal(header[8], 1);
  const isEncrypted = header[9] === 1;
  const dataKey = dataKeys.get(header.readUInt32LE(12)) ?? Buffer.alloc(32);
  const keys = hkdf(dataKey, header.subarray(16, 32), 'hearthlink backup 1', 76);
  if (isEncrypted) assert.deepEqual(keys.subarray(64), header.subarray(48, 60));

  const chunksOf = (name: string, part: number, bytes: Buffer): Buffer => {
    const pieces = [];
    for (let at = 0, chunk = 0, isLast = false; !isLast; chunk++) {
      const head = bytes.subarray(at, at + 20);
      assert.deepEqual([head.readUInt32LE(8), head.readUInt32LE(12)], [part, chunk]);
      const end = at + 20 + head.readUInt32LE(0) + (isEncrypted ? 28 : 4);
      const body = bytes.subarray(at + 20, end);
      if (!isEncrypted) assert.equal(body.readUInt32LE(body.length - 4), zlib.crc32(Buffer.concat([head, body.subarray(0, -4)])));
      const data = isEncrypted ? decrypt(keys.subarray(0, 32), body, Buffer.concat([header, head, Buffer.from(name)])) : body.subarray(0, -4);
      const plain = [(d: Buffer) => d, zlib.gunzipSync, zlib.zstdDecompressSync][head[16] ?? 0]?.(data) ?? data;
      assert.equal(plain.length, head.readUInt32LE(4));
      pieces.push(plain);
      isLast = head[17] === 1;
      assert.equal(isLast, end === bytes.length);
      at = end;
    }
    return Buffer.concat(pieces);
  };

  const trailer = file.subarray(-64);
  assert.equal(trailer.toString('latin1', 56), 'hl-end\r\n');
  assert.equal(Number(trailer.readBigUInt64LE(48)), file.length);
  const manifestAt = Number(trailer.readBigUInt64LE(0));
  const stored = file.subarray(manifestAt, manifestAt + trailer.readUInt32LE(8));
  const sealed = Buffer.concat([header, stored, trailer.subarray(0, 16), trailer.subarray(48)]);
  const seal = isEncrypted ? createHmac('sha256', keys.subarray(32, 64)).update(sealed).digest() : createHash('sha256').update(sealed).digest();
  assert.deepEqual(trailer.subarray(16, 48), seal);
  const manifest = manifestJson.parse(JSON.parse(chunksOf('manifest', 0xffff_ffff, stored).toString()));

  const parts = new Map<string, Buffer>();
  let at = 64;
  for (const [number, { name, bytes, storedBytes, sha256 }] of manifest.parts.entries()) {
    const content = chunksOf(name, number, file.subarray(at, at + storedBytes));
    assert.equal(content.length, bytes);
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256);
    parts.set(name, content);
    at += storedBytes;
  }
  assert.equal(at, manifestAt);
  return { kind: manifest.kind, parts };
}

describe('a reader made from the description of the format', () => {
  for (const codec of ['stored', 'gzip', 'zstd'] as const) {
    for (const encrypted of [false, true]) {
      it(`reads a backup that is ${encrypted ? 'encrypted' : 'not encrypted'}, with ${codec}`, async () => {
        const files = new MemoryArchiveFiles();
        const { ring } = await newRing(ringSetup(files));
        const large = { name: 'records', content: [Buffer.alloc(2_500_000, 'Gull rows. ')] };
        const writing = { files, random: seededRandom(), key: encrypted ? ring.activeKey() : null, codec };
        await writeArchive(sampleName, [...sampleParts, large], () => sampleHead(), writing);
        const dataKeys = dataKeysOf(files.contents.get('/store/KEYS') ?? Buffer.alloc(0), passphrase);
        const { kind, parts } = read(files.contents.get(sampleName) ?? Buffer.alloc(0), encrypted ? dataKeys : new Map<number, Buffer>());
        assert.equal(kind, 'full');
        assert.equal(parts.get('snapshot.sqlite')?.toString(), 'Gull is blue. '.repeat(20));
        assert.equal(parts.get('calls.bin')?.length, 0);
        assert.deepEqual(parts.get('records'), large.content[0]);
      });
    }
  }
});
