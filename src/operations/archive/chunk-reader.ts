import { HearthlinkError } from '../../shared/errors.ts';
import type { ArchiveCipher } from './archive-cipher.ts';
import { damaged, refused } from './archive-error.ts';
import type { ReadableFile } from './archive-files.ts';
import { chunkBytes, chunkHeaderLength, chunkOverhead, decodeChunkHeader, type ChunkHeader } from './archive-format.ts';
import { availableCodec, decompress } from './compression.ts';
import { mapAhead } from './map-ahead.ts';

/** So many chunks of a megabyte are decompressed at once. */
const chunksAhead = 4;

/** The stored bytes of one part, from its first to its last. */
export interface StoredBytes {
  /** Exactly so many. @throws archive-damaged where there are fewer */
  next(length: number): Promise<Buffer>;
  readonly left: number;
}

/** What the manifest, or for the manifest the format, says of a part before it is read. */
export interface ExpectedPart {
  readonly number: number;
  readonly name: string;
  readonly mostBytes: number;
}

interface OpenedChunk {
  readonly header: ChunkHeader;
  readonly data: Buffer;
}

/**
 * The content of a part, chunk by chunk. Nothing is decompressed that is not as it was written, and never to more than the
 * chunk says and the part may have.
 * @throws archive-damaged, archive-refused
 */
export function readChunks(cipher: ArchiveCipher, stored: StoredBytes, expected: ExpectedPart): AsyncGenerator<Buffer> {
  return mapAhead(openChunks(cipher, stored, expected), chunksAhead, (chunk) => decompressChunk(chunk, expected.name));
}

async function* openChunks(cipher: ArchiveCipher, stored: StoredBytes, { number, name, mostBytes }: ExpectedPart): AsyncGenerator<OpenedChunk> {
  const behindHeader = chunkOverhead(cipher.kind) - chunkHeaderLength;
  let bytes = 0;
  for (let chunk = 0; ; chunk++) {
    const headerBytes = await stored.next(chunkHeaderLength);
    const header = decodeChunkHeader(headerBytes);
    if (header === null || header.part !== number || header.chunk !== chunk) throw damaged(name);
    if (!header.isLast && header.plainBytes !== chunkBytes) throw damaged(name);
    const data = cipher.openChunk(headerBytes, name, await stored.next(header.storedBytes + behindHeader));
    if (data === null || header.isLast !== (stored.left === 0)) throw damaged(name);
    bytes += header.plainBytes;
    if (bytes > mostBytes) throw refused('too-large');
    yield { header, data };
    if (header.isLast) return;
  }
}

async function decompressChunk({ header: { codec, plainBytes }, data }: OpenedChunk, name: string): Promise<Buffer> {
  if (codec === 'zstd' && availableCodec() !== 'zstd') throw refused('compression');
  let plain;
  try {
    plain = await decompress({ codec, data }, plainBytes);
  } catch (error) {
    throw refused('too-large', error);
  }
  if (plain === null) throw damaged(name);
  return plain;
}

/** Bytes that have been read already. */
export function storedInMemory(bytes: Buffer, name: string): StoredBytes {
  let at = 0;
  return {
    get left() {
      return bytes.length - at;
    },
    next(length) {
      if (at + length > bytes.length) return Promise.reject(damaged(name));
      at += length;
      return Promise.resolve(bytes.subarray(at - length, at));
    },
  };
}

/** The bytes of a file from `start` to `end`. */
export function storedInFile(file: ReadableFile, start: number, end: number, name: string): StoredBytes {
  let at = start;
  return {
    get left() {
      return end - at;
    },
    async next(length) {
      if (at + length > end) throw damaged(name);
      at += length;
      return readExactly(file, at - length, length, name);
    },
  };
}

/** @throws archive-damaged where there are fewer bytes, or the disk cannot read them */
export async function readExactly(file: ReadableFile, offset: number, length: number, name: string): Promise<Buffer> {
  let bytes;
  try {
    bytes = await file.read(offset, length);
  } catch (error) {
    throw HearthlinkError.is(error) ? error : damaged(name, error);
  }
  if (bytes.length !== length) throw damaged(name);
  return bytes;
}
