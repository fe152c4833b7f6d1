import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { RandomSource } from '../../shared/ports.ts';

/** Keys encrypted by other keys. */

export const keyBytes = 32;
const nonceLength = 12;
const tagLength = 16;
const cipherName = 'aes-256-gcm';

/**
 * Encrypts a key: nonce (12), encrypted key, tag (16), in base64.
 * @param boundTo what it is for; opens with the same alone
 */
export function wrap(wrappingKey: Uint8Array, key: Uint8Array, boundTo: string, random: RandomSource): string {
  const nonce = random.bytes(nonceLength);
  const cipher = createCipheriv(cipherName, wrappingKey, nonce);
  cipher.setAAD(Buffer.from(boundTo));
  const encrypted = cipher.update(key);
  cipher.final();
  return Buffer.concat([nonce, encrypted, cipher.getAuthTag()]).toString('base64');
}

/** Null where the wrapping key is another, or it was wrapped for something else, or changed. */
export function unwrap(wrappingKey: Uint8Array, wrapped: string, boundTo: string): Buffer | null {
  const bytes = Buffer.from(wrapped, 'base64');
  if (bytes.length !== nonceLength + keyBytes + tagLength) return null;
  const decipher = createDecipheriv(cipherName, wrappingKey, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagLength));
  const key = decipher.update(bytes.subarray(nonceLength, bytes.length - tagLength));
  try {
    decipher.final();
  } catch {
    key.fill(0);
    return null; // Node says no more than that it is not authentic.
  }
  return key;
}
