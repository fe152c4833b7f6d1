import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Codec } from './archive-format.ts';

/** Compressing and decompressing whole chunks, in the threads that Node has for it. */

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);

/** Chunks are 1 MB (2^20), and so no window has to be larger; what asks for a larger one was not written by us. */
const windowLog = 20;
const zstdLevel = 3;
/** Under this size a chunk is stored as it is. */
const worthwhileBytes = 64;
/** Node takes no smaller piece. */
const smallestPiece = 64;
/** What comes out fits into one piece of this size. Of many small ones, as Node has them, each is another way to its threads and back: twice the work. */
const pieceFor = (bytes: number) => ({ chunkSize: Math.max(smallestPiece, bytes) });

/** The best codec of this Node: VS Code's has zstd since 1.101, other builds may lack it. */
export function availableCodec(): Codec {
  return 'zstdCompress' in zlib ? 'zstd' : 'gzip';
}

export interface Compressed {
  readonly codec: Codec;
  readonly data: Buffer;
}

/** The chunk compressed, or as it was where that makes it no smaller. */
export async function compress(plain: Buffer, codec: Codec): Promise<Compressed> {
  if (codec === 'stored' || plain.length < worthwhileBytes) return { codec: 'stored', data: plain };
  const data = codec === 'zstd' ? await zstdCompress(plain) : await gzip(plain, { level: 6, ...pieceFor(plain.length) });
  return data.length < plain.length ? { codec, data } : { codec: 'stored', data: plain };
}

/**
 * @param plainBytes what the chunk says it had before; never more is given out
 * @returns null where the data is not what its writer compressed
 * @throws RangeError when there is more in it than `plainBytes`
 */
export async function decompress({ codec, data }: Compressed, plainBytes: number): Promise<Buffer | null> {
  if (codec === 'stored') return data;
  try {
    const plain = codec === 'zstd' ? await zstdDecompress(data, plainBytes) : await gunzip(data, { maxOutputLength: plainBytes, ...pieceFor(plainBytes) });
    return plain.length === plainBytes ? plain : null;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return null;
  }
}

function zstdCompress(plain: Buffer): Promise<Buffer> {
  const { ZSTD_c_compressionLevel, ZSTD_c_windowLog } = zlib.constants;
  return promisify(zlib.zstdCompress)(plain, {
    params: { [ZSTD_c_compressionLevel]: zstdLevel, [ZSTD_c_windowLog]: windowLog },
    pledgedSrcSize: plain.length,
    ...pieceFor(plain.length),
  });
}

function zstdDecompress(data: Buffer, plainBytes: number): Promise<Buffer> {
  return promisify(zlib.zstdDecompress)(data, {
    params: { [zlib.constants.ZSTD_d_windowLogMax]: windowLog },
    maxOutputLength: plainBytes,
    ...pieceFor(plainBytes),
  });
}
