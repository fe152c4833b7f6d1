import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { HearthlinkError } from '../../shared/errors.ts';
import type { RandomSource } from '../../shared/ports.ts';
import {
  checksumLength, encodeHeader, keyCheckLength, nonceLength, noRing, saltLength, sealedBytesOf, tagLength,
  type ArchiveHeader, type ArchiveTrailer, type Cipher,
} from './archive-format.ts';

/** A data key, which a key ring knows by its id. */
export interface ArchiveKey {
  /** From 1 on. */
  readonly id: number;
  /** The ring that has it, by the id of its store: 32 hexadecimal digits. */
  readonly ringId: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** Binds the keys of an archive to their use. */
const purpose = 'hearthlink backup 1';
const keyLength = 32;

/**
 * What makes the chunks and the manifest of one archive authentic, and unreadable where it has a key. The chunks' keys are
 * made of the data key and the archive's salt by HKDF-SHA-256, so that a nonce needs to be unique in one archive alone. The
 * header is part of what each chunk authenticates, with the chunk's own header and its part's name: no chunk can be moved.
 */
export class ArchiveCipher {
  readonly headerBytes: Buffer;
  readonly isEncrypted: boolean;
  readonly #chunkKey: Buffer;
  readonly #sealKey: Buffer;

  private constructor(headerBytes: Buffer, keys: DerivedKeys | null) {
    this.headerBytes = headerBytes;
    this.isEncrypted = keys !== null;
    this.#chunkKey = keys?.chunkKey ?? Buffer.alloc(0);
    this.#sealKey = keys?.sealKey ?? Buffer.alloc(0);
  }

  /** @throws vault-locked where the key was overwritten while somebody held on to it */
  static forWriting(key: ArchiveKey | null, random: RandomSource): ArchiveCipher {
    const salt = Buffer.from(random.bytes(saltLength));
    if (key === null) {
      return new ArchiveCipher(encodeHeader({ cipher: 'none', keyId: 0, ringId: noRing, salt, keyCheck: Buffer.alloc(keyCheckLength) }), null);
    }
    if (key.bytes.every((byte) => byte === 0)) throw new HearthlinkError('vault-locked');
    const keys = deriveKeys(key.bytes, salt);
    return new ArchiveCipher(encodeHeader({ cipher: 'aes-256-gcm', keyId: key.id, ringId: key.ringId, salt, keyCheck: keys.check }), keys);
  }

  /** Null where the key is not the one that the archive was written with. */
  static forReading(headerBytes: Buffer, header: ArchiveHeader, key: Uint8Array | null): ArchiveCipher | null {
    if (key === null) return new ArchiveCipher(headerBytes, null);
    const keys = deriveKeys(key, header.salt);
    return timingSafeEqual(keys.check, header.keyCheck) ? new ArchiveCipher(headerBytes, keys) : null;
  }

  get kind(): Cipher {
    return this.isEncrypted ? 'aes-256-gcm' : 'none';
  }

  /** A chunk as it goes into the file. */
  sealChunk(chunkHeader: Buffer, name: string, data: Buffer, random: RandomSource): readonly Buffer[] {
    if (!this.isEncrypted) return [chunkHeader, data, checksumOf(chunkHeader, data)];
    const nonce = Buffer.from(random.bytes(nonceLength));
    const cipher = createCipheriv('aes-256-gcm', this.#chunkKey, nonce);
    cipher.setAAD(this.#boundTo(chunkHeader, name));
    const encrypted = cipher.update(data);
    cipher.final();
    return [chunkHeader, nonce, encrypted, cipher.getAuthTag()];
  }

  /**
   * The data of a chunk; null where any bit of it, or its place in the archive, is not as it was written.
   * @param body what stands behind the chunk's header
   */
  openChunk(chunkHeader: Buffer, name: string, body: Buffer): Buffer | null {
    if (!this.isEncrypted) {
      const data = body.subarray(0, body.length - checksumLength);
      return checksumOf(chunkHeader, data).equals(body.subarray(data.length)) ? data : null;
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#chunkKey, body.subarray(0, nonceLength), { authTagLength: tagLength });
    decipher.setAAD(this.#boundTo(chunkHeader, name));
    decipher.setAuthTag(body.subarray(body.length - tagLength));
    const data = decipher.update(body.subarray(nonceLength, body.length - tagLength));
    try {
      decipher.final();
    } catch {
      return null; // Node says no more than that it is not authentic.
    }
    return data;
  }

  /** Over the header, the manifest's chunks and the trailer. */
  sealOf(manifestChunks: Iterable<Uint8Array>, trailer: ArchiveTrailer): Buffer {
    const digest = this.isEncrypted ? createHmac('sha256', this.#sealKey) : createHash('sha256');
    digest.update(this.headerBytes);
    for (const piece of manifestChunks) digest.update(piece);
    for (const piece of sealedBytesOf(trailer)) digest.update(piece);
    return digest.digest();
  }

  /** Overwrites the keys. */
  dispose(): void {
    this.#chunkKey.fill(0);
    this.#sealKey.fill(0);
  }

  #boundTo(chunkHeader: Buffer, name: string): Buffer {
    return Buffer.concat([this.headerBytes, chunkHeader, Buffer.from(name)]);
  }
}

interface DerivedKeys {
  readonly chunkKey: Buffer;
  readonly sealKey: Buffer;
  readonly check: Buffer;
}

function deriveKeys(key: Uint8Array, salt: Uint8Array): DerivedKeys {
  const bytes = Buffer.from(hkdfSync('sha256', key, salt, purpose, 2 * keyLength + keyCheckLength));
  return {
    chunkKey: bytes.subarray(0, keyLength),
    sealKey: bytes.subarray(keyLength, 2 * keyLength),
    check: bytes.subarray(2 * keyLength),
  };
}

function checksumOf(chunkHeader: Buffer, data: Buffer): Buffer {
  const bytes = Buffer.alloc(checksumLength);
  bytes.writeUInt32LE(crc32(data, crc32(chunkHeader)));
  return bytes;
}
