import { timingSafeEqual } from 'node:crypto';
import { HearthlinkError } from '../../shared/errors.ts';
import { encodeFileHeader, readFileHeader, type FileHeader } from '../journal/file-header.ts';
import { fileCipher, keyCheck, keyCheckLength, type FileCipher } from './file-cipher.ts';
import { keyOf, type StoreKey, type StoreKeys } from './store-keys.ts';

/**
 * The header of an encrypted file: that of any binary file of the store, which names the cipher and the key, and stands there
 * in the clear. The last six of its free bytes tell whether a key is the right one; all before these is what the file's own
 * key is made of, so that nothing in it can be changed.
 */

const checkOffset = 54;
const freeBytes = 18;

/** @param extra at most 18 bytes; they and the number must be unlike those of any other file */
export type NewHeader = Pick<FileHeader, 'kind' | 'storeId' | 'number' | 'extra'>;

export interface SealedStart {
  readonly header: FileHeader;
  readonly cipher: FileCipher;
}

export function encodeSealedHeader(header: NewHeader, key: StoreKey, purpose: string): { readonly bytes: Buffer; readonly cipher: FileCipher } {
  const free = Buffer.alloc(freeBytes);
  header.extra.copy(free);
  const salt = encodeFileHeader({ ...header, extra: free, keyId: key.id }).subarray(0, checkOffset);
  const extra = Buffer.concat([free, keyCheck(key.bytes, salt)]);
  return { cipher: fileCipher(key.bytes, salt, purpose), bytes: encodeFileHeader({ ...header, extra, keyId: key.id }) };
}

/**
 * Null for a file that is not encrypted, or whose header is not as it was written: whoever reads it finds that out.
 * @throws HearthlinkError `store-locked` with `keyId` where that key is not given, or is of another ring
 */
export function openSealedHeader(bytes: Buffer, keys: StoreKeys, purpose: string): SealedStart | null {
  const header = readFileHeader(bytes);
  if (typeof header === 'string' || header.keyId === 0) return null;
  const key = keyOf(keys, header.keyId);
  const salt = bytes.subarray(0, checkOffset);
  const fits = timingSafeEqual(keyCheck(key.bytes, salt), bytes.subarray(checkOffset, checkOffset + keyCheckLength));
  if (!fits) throw new HearthlinkError('store-locked', { keyId: header.keyId });
  return { header, cipher: fileCipher(key.bytes, salt, purpose) };
}
