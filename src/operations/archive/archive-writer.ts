import { createHash } from 'node:crypto';
import path from 'node:path';
import type { RandomSource } from '../../shared/ports.ts';
import { storeFileError } from '../../store/files/file-error.ts';
import { refused } from './archive-error.ts';
import { ArchiveCipher, type ArchiveKey } from './archive-cipher.ts';
import type { ArchiveFiles, WritableFile } from './archive-files.ts';
import { chunkBytes, encodeChunkHeader, encodeTrailer, largestManifestBytes, manifestName, manifestPart, sealLength, trailerLength, type Codec } from './archive-format.ts';
import { availableCodec, compress } from './compression.ts';
import { manifestSchema, type Manifest, type ManifestHead, type ManifestPart } from './manifest.ts';
import { mapAhead } from './map-ahead.ts';
import type { PartName } from './part-name.ts';

/** One part to be written. Its content is read once, when its turn comes; pieces may be of any size. */
export interface PartSource {
  readonly name: PartName;
  readonly content: Content;
}

type Content = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
type Parts = AsyncIterable<PartSource> | Iterable<PartSource>;
/** What the backup is, once all its parts have been read. */
type Describe = (parts: readonly ManifestPart[]) => ManifestHead;

export interface ArchiveWriting {
  readonly files: ArchiveFiles;
  readonly random: RandomSource;
  /** Null: not encrypted. */
  readonly key: ArchiveKey | null;
  /** The best that this Node has where it is left out. */
  readonly codec?: Codec;
}

export interface WrittenArchive {
  readonly manifest: Manifest;
  /** Of the file. */
  readonly bytes: number;
}

/** So many chunks of a megabyte are compressed at once. */
const chunksAhead = 4;
const unfinishedSuffix = '.partial';

/**
 * Writes a backup beside its place, flushes it, and gives it its name, so that there is a whole file by that name or none.
 * @param target the absolute path of the file
 * @param parts one after the other; pieces are copied before the next is asked for
 * @param describe asked when all parts have been read
 * @throws store-full, store-read-only, store-stopped, or what reading a part threw. Nothing is left behind then, unless the
 * flush of the folder failed: the file has its name, and may lose it with the power
 */
export async function writeArchive(target: string, parts: Parts, describe: Describe, writing: ArchiveWriting): Promise<WrittenArchive> {
  const { files, random } = writing;
  const unfinished = `${target}.${Buffer.from(random.bytes(4)).toString('hex')}${unfinishedSuffix}`;
  const cipher = ArchiveCipher.forWriting(writing.key, random);
  try {
    const written = await writeUnfinished(unfinished, cipher, parts, describe, writing);
    await told(() => files.rename(unfinished, target));
    await told(() => files.flushFolder(path.dirname(target)));
    return written;
  } catch (error) {
    // What went wrong first is what counts; a file that cannot be removed now is tidied away later by its name.
    await files.remove(unfinished).catch(() => undefined);
    throw error;
  } finally {
    cipher.dispose();
  }
}

async function writeUnfinished(name: string, cipher: ArchiveCipher, parts: Parts, describe: Describe, writing: ArchiveWriting): Promise<WrittenArchive> {
  const file = await told(() => writing.files.create(name));
  try {
    const archive = new ArchiveFile(file, cipher, writing);
    await archive.begin();
    const entries: ManifestPart[] = [];
    for await (const { name: part, content } of parts) entries.push({ name: part, ...await archive.writePart(entries.length, part, content) });
    const manifest = manifestSchema.parse({ ...describe(entries), parts: entries });
    const bytes = await archive.end(Buffer.from(JSON.stringify(manifest)));
    await told(() => file.flush());
    return { manifest, bytes };
  } finally {
    await told(() => file.close());
  }
}

/** The file while it grows. */
class ArchiveFile {
  readonly #file: WritableFile;
  readonly #cipher: ArchiveCipher;
  readonly #random: RandomSource;
  readonly #codec: Codec;
  #offset = 0;

  constructor(file: WritableFile, cipher: ArchiveCipher, { random, codec = availableCodec() }: ArchiveWriting) {
    this.#file = file;
    this.#cipher = cipher;
    this.#random = random;
    this.#codec = codec;
  }

  async begin(): Promise<void> {
    await this.#write([this.#cipher.headerBytes]);
  }

  async writePart(part: number, name: string, content: Content): Promise<Omit<ManifestPart, 'name'>> {
    const start = this.#offset;
    const digest = createHash('sha256');
    let bytes = 0;
    const read = (plain: Buffer) => {
      digest.update(plain);
      bytes += plain.length;
    };
    for await (const pieces of this.#sealedChunks(part, name, content, read)) await this.#write(pieces);
    return { bytes, storedBytes: this.#offset - start, sha256: digest.digest('hex') };
  }

  /** Answers the bytes of the whole file. */
  async end(manifest: Buffer): Promise<number> {
    if (manifest.length > largestManifestBytes) throw refused('too-large');
    const manifestOffset = this.#offset;
    const chunks: Buffer[] = [];
    for await (const pieces of this.#sealedChunks(manifestPart, manifestName, [manifest], () => undefined)) chunks.push(...pieces);
    const manifestBytes = chunks.reduce((sum, { length }) => sum + length, 0);
    const fileBytes = manifestOffset + manifestBytes + trailerLength;
    const unsealed = { manifestOffset, manifestBytes, fileBytes, seal: Buffer.alloc(sealLength) };
    await this.#write([...chunks, encodeTrailer({ ...unsealed, seal: this.#cipher.sealOf(chunks, unsealed) })]);
    return fileBytes;
  }

  /** The chunks of a part as they go into the file; `read` is told of each before it is compressed. */
  async* #sealedChunks(part: number, name: string, content: Content, read: (plain: Buffer) => void): AsyncGenerator<readonly Buffer[]> {
    const compressed = mapAhead(chunksOf(content), chunksAhead, async ({ plain, chunk, isLast }) => {
      read(plain);
      return { chunk, isLast, plainBytes: plain.length, ...await compress(plain, this.#codec) };
    });
    for await (const { data, ...chunk } of compressed) {
      yield this.#cipher.sealChunk(encodeChunkHeader({ ...chunk, part, storedBytes: data.length }), name, data, this.#random);
    }
  }

  async #write(pieces: readonly Buffer[]): Promise<void> {
    await told(() => this.#file.write(pieces));
    for (const { length } of pieces) this.#offset += length;
  }
}

interface PlainChunk {
  readonly plain: Buffer;
  readonly chunk: number;
  readonly isLast: boolean;
}

/** Content in chunks of one size, copied, since whoever yields it may use its memory again. At least one, if empty. */
async function* chunksOf(content: Content): AsyncGenerator<PlainChunk> {
  let room = Buffer.allocUnsafeSlow(chunkBytes);
  let filled = 0;
  let chunk = 0;
  for await (const piece of content) {
    for (let at = 0; at < piece.length;) {
      if (filled === chunkBytes) {
        yield { plain: room, chunk, isLast: false };
        chunk++;
        room = Buffer.allocUnsafeSlow(chunkBytes);
        filled = 0;
      }
      const taken = piece.subarray(at, at + chunkBytes - filled);
      room.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  yield { plain: room.subarray(0, filled), chunk, isLast: true };
}

/** A file system's error as one that a person can be told of. */
async function told<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storeFileError(error);
  }
}
