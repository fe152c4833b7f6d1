import zlib from 'node:zlib';
import { ArchiveCipher } from '../../../../src/operations/archive/archive-cipher.ts';
import { encodeChunkHeader, encodeTrailer, headerLength, manifestPart, sealLength, trailerLength, type ChunkHeader } from '../../../../src/operations/archive/archive-format.ts';
import { sampleHead, seededRandom } from './sample-archive.ts';

/** An archive as somebody with ill will may put it together: every checksum is right, and what it says need not be true. */

const cipher = ArchiveCipher.forWriting(null, seededRandom());

export interface ForgedChunk extends Partial<ChunkHeader> {
  readonly data: Buffer;
  /** What stands where the format has zero. */
  readonly reserved?: number;
}

export interface Forgery {
  readonly chunks?: readonly ForgedChunk[];
  /** Over a manifest with no parts. */
  readonly manifest?: object;
  readonly manifestChunks?: readonly ForgedChunk[];
}

export function forge({ chunks = [], manifest = {}, manifestChunks }: Forgery): Buffer {
  const parts = joined(chunks, 0);
  const text = Buffer.from(JSON.stringify({ ...sampleHead(), parts: [], ...manifest }));
  const stored = joined(manifestChunks ?? [{ data: text }], manifestPart);
  const unsealed = {
    manifestOffset: headerLength + parts.length,
    manifestBytes: stored.length,
    fileBytes: headerLength + parts.length + stored.length + trailerLength,
    seal: Buffer.alloc(sealLength),
  };
  return Buffer.concat([cipher.headerBytes, parts, stored, encodeTrailer({ ...unsealed, seal: cipher.sealOf([stored], unsealed) })]);
}

/** How long a chunk of a forged archive is in the file. */
export const storedLength = ({ data }: ForgedChunk) => joined([{ data }], 0).length;

export function compressed(codec: 'gzip' | 'zstd', plain: Buffer): Buffer {
  return codec === 'gzip' ? zlib.gzipSync(plain) : zlib.zstdCompressSync(plain);
}

function joined(chunks: readonly ForgedChunk[], part: number): Buffer {
  return Buffer.concat(chunks.flatMap(({ data, reserved = 0, ...header }, chunk) => {
    const usual = { storedBytes: data.length, plainBytes: data.length, part, chunk, codec: 'stored', isLast: chunk === chunks.length - 1 } as const;
    const bytes = encodeChunkHeader({ ...usual, ...header });
    bytes.writeUInt16LE(reserved, 18);
    return cipher.sealChunk(bytes, '', data, seededRandom());
  }));
}
