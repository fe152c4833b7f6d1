import { createHash, timingSafeEqual } from 'node:crypto';
import { HearthlinkError } from '../../shared/errors.ts';
import { ArchiveCipher } from './archive-cipher.ts';
import { damaged, openingError, refused } from './archive-error.ts';
import type { ArchiveFiles, ReadableFile } from './archive-files.ts';
import {
  chunkBytes, chunkOverhead, decodeHeader, decodeTrailer, headerLength, largestManifestBytes, manifestName, manifestPart, trailerLength,
  type ArchiveHeader, type ArchiveTrailer,
} from './archive-format.ts';
import { readChunks, readExactly, storedInFile, storedInMemory } from './chunk-reader.ts';
import { manifestSchema, type Manifest } from './manifest.ts';
import type { PartName } from './part-name.ts';

/**
 * A data key by its id and by its ring, which goes by the id of the store it was made for; null for one that is not known, or not
 * while the vault is locked. Not changed by reading.
 */
export type KeyOf = (keyId: number, ringId: string) => Uint8Array | null;

/**
 * Opens a backup and reads its manifest, which is authenticated then; parts are authenticated while they are read.
 * @throws not-found
 * @throws archive-damaged where any bit is not as it was written, or the file ends too soon (`part`: which part of it)
 * @throws archive-newer where a later release wrote it
 * @throws archive-locked where it is encrypted and `keyOf` does not have its key (`keyId`, `ringId`)
 * @throws archive-wrong-key where `keyOf` has another key by this id (`keyId`)
 * @throws archive-refused where it is not a backup, or claims what no backup does (`reason`)
 */
export async function openArchive(name: string, keyOf: KeyOf, files: ArchiveFiles): Promise<Archive> {
  const file = await opened(name, files);
  try {
    const { bytes, header } = await readHeader(file);
    const trailer = await readTrailer(file);
    const cipher = cipherFor(bytes, header, keyOf);
    const manifest = await readManifest(file, cipher, trailer);
    return new Archive(file, cipher, { keyId: header.keyId, manifest, manifestDigest: trailer.seal.toString('hex') });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What anybody can see of a backup without its key. Throws as `openArchive` does. */
export async function readArchiveHeader(name: string, files: ArchiveFiles): Promise<Pick<ArchiveHeader, 'cipher' | 'keyId' | 'ringId'>> {
  const file = await opened(name, files);
  try {
    const { header: { cipher, keyId, ringId } } = await readHeader(file);
    return { cipher, keyId, ringId };
  } finally {
    await file.close();
  }
}

interface ReadHead {
  readonly keyId: number;
  readonly manifest: Manifest;
  readonly manifestDigest: string;
}

/** An open backup. `close` it. */
export class Archive {
  readonly manifest: Manifest;
  /** 0: not encrypted. */
  readonly keyId: number;
  /** Of the file. */
  readonly bytes: number;
  /** Hexadecimal; of the header and the manifest, which has the checksums of all parts: equal for equal backups alone. */
  readonly manifestDigest: string;
  readonly #file: ReadableFile;
  readonly #cipher: ArchiveCipher;

  constructor(file: ReadableFile, cipher: ArchiveCipher, { keyId, manifest, manifestDigest }: ReadHead) {
    this.manifest = manifest;
    this.manifestDigest = manifestDigest;
    this.keyId = keyId;
    this.bytes = file.bytes;
    this.#file = file;
    this.#cipher = cipher;
  }

  /**
   * The content of a part, in pieces of up to a megabyte, each of which is authentic where the archive is encrypted. That the
   * part is whole is known at its end: what is made of it must not count before.
   * @throws not-found, archive-damaged, archive-refused
   */
  async* readPart(name: PartName): AsyncGenerator<Buffer> {
    const number = this.manifest.parts.findIndex((part) => part.name === name);
    const entry = this.manifest.parts[number];
    if (entry === undefined) throw new HearthlinkError('not-found', { part: name });
    const start = this.manifest.parts.slice(0, number).reduce((sum, { storedBytes }) => sum + storedBytes, headerLength);
    const source = storedInFile(this.#file, start, start + entry.storedBytes, name);
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const plain of readChunks(this.#cipher, source, { number, name, mostBytes: entry.bytes })) {
      digest.update(plain);
      bytes += plain.length;
      yield plain;
    }
    if (bytes !== entry.bytes || digest.digest('hex') !== entry.sha256) throw damaged(name);
  }

  /**
   * Reads everything, and so finds every bit that is not as it was written.
   * @param onRead told how many bytes have been read of how many, before compression
   */
  async checkAllParts(onRead: (bytes: number) => void = () => undefined): Promise<void> {
    let bytes = 0;
    for (const { name } of this.manifest.parts) {
      for await (const piece of this.readPart(name)) {
        bytes += piece.length;
        onRead(bytes);
      }
    }
  }

  /** Overwrites the keys made for reading it. */
  async close(): Promise<void> {
    this.#cipher.dispose();
    await this.#file.close();
  }
}

async function opened(name: string, files: ArchiveFiles): Promise<ReadableFile> {
  try {
    return await files.open(name);
  } catch (error) {
    throw openingError(error);
  }
}

async function readHeader(file: ReadableFile): Promise<{ readonly bytes: Buffer; readonly header: ArchiveHeader }> {
  const bytes = await readExactly(file, 0, Math.min(headerLength, file.bytes), 'header');
  const header = decodeHeader(bytes);
  if (header === 'foreign') throw refused('not-a-backup');
  if (header === 'damaged') throw damaged('header');
  if (header === 'newer') throw new HearthlinkError('archive-newer');
  return { bytes, header };
}

async function readTrailer(file: ReadableFile): Promise<ArchiveTrailer> {
  if (file.bytes < headerLength + trailerLength) throw damaged('end');
  const trailer = decodeTrailer(await readExactly(file, file.bytes - trailerLength, trailerLength, 'end'), file.bytes);
  if (trailer === null) throw damaged('end');
  return trailer;
}

function cipherFor(bytes: Buffer, header: ArchiveHeader, keyOf: KeyOf): ArchiveCipher {
  const { keyId, ringId } = header;
  const key = header.cipher === 'none' ? null : keyOf(keyId, ringId);
  if (header.cipher !== 'none' && key === null) throw new HearthlinkError('archive-locked', { keyId, ringId });
  const cipher = ArchiveCipher.forReading(bytes, header, key);
  if (cipher === null) throw new HearthlinkError('archive-wrong-key', { keyId });
  return cipher;
}

/** What the chunks of the largest manifest take, if nothing in it can be compressed. */
function largestStoredManifest(cipher: ArchiveCipher): number {
  return largestManifestBytes + (largestManifestBytes / chunkBytes + 1) * chunkOverhead(cipher.kind);
}

async function readManifest(file: ReadableFile, cipher: ArchiveCipher, trailer: ArchiveTrailer): Promise<Manifest> {
  if (trailer.manifestBytes > largestStoredManifest(cipher)) throw refused('too-large');
  const stored = await readExactly(file, trailer.manifestOffset, trailer.manifestBytes, manifestName);
  if (!timingSafeEqual(cipher.sealOf([stored], trailer), trailer.seal)) throw damaged(manifestName);
  const expected = { number: manifestPart, name: manifestName, mostBytes: largestManifestBytes };
  const pieces = [];
  for await (const piece of readChunks(cipher, storedInMemory(stored, manifestName), expected)) pieces.push(piece);
  return checkedManifest(Buffer.concat(pieces), trailer);
}

/** The manifest, if it is one, and the parts fill the file from the header to the manifest. */
function checkedManifest(bytes: Buffer, { manifestOffset }: ArchiveTrailer): Manifest {
  const parsed = manifestSchema.safeParse(jsonOf(bytes));
  if (!parsed.success) {
    const isName = parsed.error.issues.some(({ path }) => path[0] === 'parts' && path[2] === 'name');
    throw refused(isName ? 'part-name' : 'manifest', parsed.error);
  }
  const end = parsed.data.parts.reduce((sum, { storedBytes }) => sum + storedBytes, headerLength);
  if (end !== manifestOffset) throw refused('manifest');
  return parsed.data;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw refused('manifest', error);
  }
}
