import { crc32 } from 'node:zlib';

/**
 * What stands at the start of every binary file of a store, so that a file can be told from another's and a later release
 * can compress or encrypt without a new layout. 64 bytes:
 *
 *     0 magic "hearth\r\n"   8 format version   9 file kind   10 codec   11 cipher   12 key id (u32)
 *    16 store id (16)       32 number (u32)    36 free bytes of the kind (24)       60 CRC-32 of bytes 0 to 59
 */
export interface FileHeader {
  readonly kind: FileKind;
  /** 32 hexadecimal digits. */
  readonly storeId: string;
  /** Of a journal or generation. */
  readonly number: number;
  /** At most 24 bytes with a meaning for this kind of file. */
  readonly extra: Buffer;
  /** The data key that what follows is encrypted by; left out, or 0: none. */
  readonly keyId?: number;
}

/** `sealed`: any file that is encrypted whole. */
export type FileKind = 'journal' | 'index' | 'sealed';

export const fileHeaderLength = 64;
export const formatVersion = 1;
/** Body encoding: 1 is the plain binary one of this release. */
export const codec = 1;
/** 0: not encrypted, and then the key id is 0 too. 1: AES-256-GCM, see `src/store/encryption`. */
const ciphers = { none: 0, aes256Gcm: 1 } as const;

const magic = Buffer.from('hearth\r\n', 'latin1');
const kinds: readonly FileKind[] = ['journal', 'index', 'sealed'];
const extraOffset = 36;
const checksumOffset = 60;

export function encodeFileHeader(header: FileHeader): Buffer {
  const bytes = Buffer.alloc(fileHeaderLength);
  magic.copy(bytes);
  bytes.writeUInt8(formatVersion, 8);
  bytes.writeUInt8(kinds.indexOf(header.kind), 9);
  bytes.writeUInt8(codec, 10);
  const { keyId = 0 } = header;
  bytes.writeUInt8(keyId === 0 ? ciphers.none : ciphers.aes256Gcm, 11);
  bytes.writeUInt32LE(keyId, 12);
  bytes.write(header.storeId, 16, 'hex');
  bytes.writeUInt32LE(header.number, 32);
  header.extra.copy(bytes, extraOffset);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, checksumOffset)), checksumOffset);
  return bytes;
}

/**
 * The header of a file that is not encrypted, or whose bytes were decrypted; `damaged`, or `newer` where a later release has
 * written the file in a way this one does not know.
 */
export function decodeFileHeader(bytes: Buffer, kind: FileKind): FileHeader | 'damaged' | 'newer' {
  const header = readFileHeader(bytes);
  if (typeof header === 'string') return header;
  if (header.keyId !== 0) return 'newer';
  return header.kind === kind ? header : 'damaged';
}

/** The key that the beginning of a file names; 0: none, or it has no such header. */
export function keyIdIn(bytes: Buffer): number {
  const header = readFileHeader(bytes);
  return typeof header === 'string' ? 0 : header.keyId;
}

/** The header of any file, encrypted or not. */
export function readFileHeader(bytes: Buffer): Required<FileHeader> | 'damaged' | 'newer' {
  const whole = bytes.length >= fileHeaderLength && bytes.subarray(0, magic.length).equals(magic);
  if (!whole || bytes.readUInt32LE(checksumOffset) !== crc32(bytes.subarray(0, checksumOffset))) return 'damaged';
  const [version, foundCodec, cipher, keyId] = [bytes.readUInt8(8), bytes.readUInt8(10), bytes.readUInt8(11), bytes.readUInt32LE(12)];
  const cipherFits = keyId === 0 ? cipher === ciphers.none : cipher === ciphers.aes256Gcm;
  if (version !== formatVersion || foundCodec !== codec || !cipherFits) return 'newer';
  const kind = kinds[bytes.readUInt8(9)];
  if (kind === undefined) return 'damaged';
  return {
    kind,
    storeId: bytes.toString('hex', 16, 32),
    number: bytes.readUInt32LE(32),
    extra: Buffer.from(bytes.subarray(extraOffset, checksumOffset)),
    keyId,
  };
}
