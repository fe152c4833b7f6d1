import { crc32 } from 'node:zlib';

/**
 * How a backup lies in its file; `docs/backup-format.md` has it for those who write another reader. All numbers are
 * little-endian.
 *
 *     header (64 bytes) · chunks of the first part · chunks of the next … · chunks of the manifest · trailer (64 bytes)
 *
 * The manifest stands last, because sizes and checksums are known only then: a part is read once, while it is written.
 */

export const formatVersion = 1;
export const headerLength = 64;
export const chunkHeaderLength = 20;
export const trailerLength = 64;
export const nonceLength = 12;
/** Of AES-GCM. */
export const tagLength = 16;
/** A chunk's CRC-32 in an archive that is not encrypted. */
export const checksumLength = 4;

/** Parts are cut into chunks of this size; the last one of a part is shorter, or empty. */
export const chunkBytes = 1 << 20;
/** What a reader takes for a manifest at most, compressed or not: room for references to about 100,000 documents. */
export const largestManifestBytes = 16 << 20;
export const mostParts = 100_000;
/** Of all parts together, as they were before they were compressed. */
export const largestArchiveBytes = 2 ** 40;
/** Stands in the chunks of the manifest instead of the number of a part. */
export const manifestPart = 0xffff_ffff;
/** What the manifest is called where a part's name is asked for. */
export const manifestName = 'manifest';

/** 0: not encrypted. */
export const ciphers = ['none', 'aes-256-gcm'] as const;
export type Cipher = (typeof ciphers)[number];

/** How a chunk is compressed, by the number that stands in it. */
const codecs = ['stored', 'gzip', 'zstd'] as const;
export type Codec = (typeof codecs)[number];

const magic = Buffer.from('hl-bak\r\n', 'latin1');
const endMagic = Buffer.from('hl-end\r\n', 'latin1');
const saltOffset = 16;
const ringOffset = 32;
const keyCheckOffset = 48;
export const saltLength = 16;
export const keyCheckLength = 12;
/** In place of a ring where an archive is not encrypted. */
export const noRing = '0'.repeat(32);
const checksumOffset = 60;

/**
 *      0 magic "hl-bak\r\n"   8 format version   9 cipher   10 zero (2)   12 key id (u32; 0: not encrypted)
 *     16 salt (16)   32 key ring (16)   48 key check (12)   60 CRC-32 of bytes 0 to 59
 *
 * Key ring and key check are zero where it is not encrypted.
 *
 * Magic, version and checksum stay where they are in every later version.
 */
export interface ArchiveHeader {
  readonly cipher: Cipher;
  readonly keyId: number;
  /** The ring that has the key, by the id of its store: 32 hexadecimal digits. */
  readonly ringId: string;
  /** Random for each archive: the keys of its chunks are made of the data key and this. */
  readonly salt: Buffer;
  /** Tells a wrong key from a damaged archive. */
  readonly keyCheck: Buffer;
}

export function encodeHeader(header: ArchiveHeader): Buffer {
  const bytes = Buffer.alloc(headerLength);
  magic.copy(bytes);
  bytes.writeUInt8(formatVersion, 8);
  bytes.writeUInt8(ciphers.indexOf(header.cipher), 9);
  bytes.writeUInt32LE(header.keyId, 12);
  header.salt.copy(bytes, saltOffset);
  bytes.write(header.ringId, ringOffset, 'hex');
  header.keyCheck.copy(bytes, keyCheckOffset);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, checksumOffset)), checksumOffset);
  return bytes;
}

/** The header; `foreign` where this is no backup at all, `newer` where a later release wrote it. */
export function decodeHeader(bytes: Buffer): ArchiveHeader | 'foreign' | 'damaged' | 'newer' {
  if (!bytes.subarray(0, magic.length).equals(magic)) return 'foreign';
  if (bytes.length < headerLength || bytes.readUInt32LE(checksumOffset) !== crc32(bytes.subarray(0, checksumOffset))) return 'damaged';
  const cipher = ciphers[bytes.readUInt8(9)];
  const keyId = bytes.readUInt32LE(12);
  if (bytes.readUInt8(8) !== formatVersion || cipher === undefined) return 'newer';
  if (bytes.readUInt16LE(10) !== 0 || (cipher === 'none') !== (keyId === 0)) return 'damaged';
  return {
    cipher,
    keyId,
    ringId: bytes.toString('hex', ringOffset, keyCheckOffset),
    salt: bytes.subarray(saltOffset, ringOffset),
    keyCheck: bytes.subarray(keyCheckOffset, checksumOffset),
  };
}

/**
 *      0 bytes of the data as it is stored (u32)   4 bytes before it was compressed (u32)
 *      8 number of the part, from 0 (u32; 0xffffffff: the manifest)   12 number of the chunk in its part, from 0 (u32)
 *     16 codec   17 flags (1: the part ends here)   18 zero (2)
 *
 * Behind it: nonce (12), data, tag (16) where it is encrypted, else data and the CRC-32 (4) of this header and the data.
 */
export interface ChunkHeader {
  readonly storedBytes: number;
  readonly plainBytes: number;
  readonly part: number;
  readonly chunk: number;
  readonly codec: Codec;
  readonly isLast: boolean;
}

export function encodeChunkHeader(header: ChunkHeader): Buffer {
  const bytes = Buffer.alloc(chunkHeaderLength);
  bytes.writeUInt32LE(header.storedBytes, 0);
  bytes.writeUInt32LE(header.plainBytes, 4);
  bytes.writeUInt32LE(header.part, 8);
  bytes.writeUInt32LE(header.chunk, 12);
  bytes.writeUInt8(codecs.indexOf(header.codec), 16);
  bytes.writeUInt8(header.isLast ? 1 : 0, 17);
  return bytes;
}

/** Null where no writer would have written this. */
export function decodeChunkHeader(bytes: Buffer): ChunkHeader | null {
  if (bytes.length < chunkHeaderLength) return null;
  const codec = codecs[bytes.readUInt8(16)];
  const flags = bytes.readUInt8(17);
  const storedBytes = bytes.readUInt32LE(0);
  const plainBytes = bytes.readUInt32LE(4);
  const fits = plainBytes <= chunkBytes && (codec === 'stored' ? storedBytes === plainBytes : storedBytes < plainBytes);
  if (codec === undefined || flags > 1 || bytes.readUInt16LE(18) !== 0 || !fits) return null;
  return { storedBytes, plainBytes, part: bytes.readUInt32LE(8), chunk: bytes.readUInt32LE(12), codec, isLast: flags === 1 };
}

/** What stands around a chunk's data. */
export function chunkOverhead(cipher: Cipher): number {
  return chunkHeaderLength + (cipher === 'none' ? checksumLength : nonceLength + tagLength);
}

/**
 *      0 offset of the manifest's first chunk (u64)   8 bytes of the manifest's chunks (u32)   12 zero (4)
 *     16 seal (32)   48 bytes of the whole file (u64)   56 magic "hl-end\r\n"
 *
 * The seal is a SHA-256 over the header, the manifest's chunks as they are stored, and the trailer but for the seal itself;
 * in an encrypted archive the HMAC-SHA-256 of the same.
 */
export interface ArchiveTrailer {
  readonly manifestOffset: number;
  readonly manifestBytes: number;
  readonly fileBytes: number;
  readonly seal: Buffer;
}

const sealOffset = 16;
export const sealLength = 32;

export function encodeTrailer(trailer: ArchiveTrailer): Buffer {
  const bytes = Buffer.alloc(trailerLength);
  bytes.writeBigUInt64LE(BigInt(trailer.manifestOffset), 0);
  bytes.writeUInt32LE(trailer.manifestBytes, 8);
  trailer.seal.copy(bytes, sealOffset);
  bytes.writeBigUInt64LE(BigInt(trailer.fileBytes), sealOffset + sealLength);
  endMagic.copy(bytes, 56);
  return bytes;
}

/** Null where the file does not end as a whole archive of this size does. */
export function decodeTrailer(bytes: Buffer, fileBytes: number): ArchiveTrailer | null {
  if (bytes.length < trailerLength || !bytes.subarray(56).equals(endMagic) || bytes.readUInt32LE(12) !== 0) return null;
  const manifestOffset = Number(bytes.readBigUInt64LE(0));
  const manifestBytes = bytes.readUInt32LE(8);
  const isWhole = Number(bytes.readBigUInt64LE(48)) === fileBytes && manifestOffset + manifestBytes + trailerLength === fileBytes;
  if (!isWhole || manifestOffset < headerLength) return null;
  return { manifestOffset, manifestBytes, fileBytes, seal: bytes.subarray(sealOffset, sealOffset + sealLength) };
}

/** The bytes of a trailer that its seal covers. */
export function sealedBytesOf(trailer: ArchiveTrailer): readonly Buffer[] {
  const bytes = encodeTrailer(trailer);
  return [bytes.subarray(0, sealOffset), bytes.subarray(sealOffset + sealLength)];
}
