import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

/** AES-256-GCM, with a key of its own for every file. */

export const nonceLength = 12;
export const tagLength = 16;
/** Bytes by which a reader knows the right key before it has decrypted anything. */
export const keyCheckLength = 6;

const cipherName = 'aes-256-gcm';
const keyLength = 32;

const derive = (dataKey: Uint8Array, salt: Uint8Array, purpose: string, length: number) =>
  Buffer.from(hkdfSync('sha256', dataKey, salt, `hearthlink store 1: ${purpose}`, length));

/**
 * The cipher of one file, whose key is made of the data key by HKDF-SHA-256. What is decrypted with it is authentic in
 * everything that the key was made of, and a nonce needs to be unique in one file alone.
 * @param salt the file's header, in which random bytes stand that no other file has
 * @param purpose what the file is, so that none can take another's place
 */
export function fileCipher(dataKey: Uint8Array, salt: Uint8Array, purpose: string): FileCipher {
  return new FileCipher(derive(dataKey, salt, `file ${purpose}`, keyLength));
}

/** Tells the right data key from others; of the key itself it tells nothing. */
export function keyCheck(dataKey: Uint8Array, salt: Uint8Array): Buffer {
  return derive(dataKey, salt, 'check', keyCheckLength);
}

export class FileCipher {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** The encrypted bytes and behind them the tag. */
  seal(nonce: Uint8Array, data: Uint8Array): Buffer {
    const cipher = createCipheriv(cipherName, this.#key, nonce);
    const encrypted = cipher.update(data);
    cipher.final();
    return Buffer.concat([encrypted, cipher.getAuthTag()]);
  }

  /** Null where any bit is not as it was written. */
  open(nonce: Uint8Array, sealed: Uint8Array): Buffer | null {
    if (sealed.length < tagLength) return null;
    const end = sealed.length - tagLength;
    const decipher = createDecipheriv(cipherName, this.#key, nonce, { authTagLength: tagLength });
    decipher.setAuthTag(sealed.subarray(end));
    const data = decipher.update(sealed.subarray(0, end));
    try {
      decipher.final();
    } catch {
      return null; // Node says no more than that it is not authentic.
    }
    return data;
  }
}
