import { encryptedFiles } from '../../../src/store/encryption/encrypted-files.ts';
import type { StoreKeys } from '../../../src/store/encryption/store-keys.ts';
import type { StoreFiles } from '../../../src/store/files/store-files.ts';
import { seededRandom } from './window.ts';

/** Keys with these ids, each made of its id and the seed alone. */
export function testKeys(ids: readonly number[], seed = 1): StoreKeys {
  return { ringId: 'ab'.repeat(16), keys: ids.map((id) => ({ id, bytes: seededRandom(1000 * seed + id).bytes(32) })) };
}

/** Files in which all that is written is encrypted by one key. */
export function allEncrypted(files: StoreFiles, keyId: number, keys = testKeys([keyId]), seed = 1): StoreFiles {
  const encrypted = encryptedFiles(files, keys, seededRandom(seed));
  return { ...encrypted, writeFile: (name, parts) => encrypted.writeFile(name, parts, keyId) };
}
