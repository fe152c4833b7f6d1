import type { StoreFiles } from '../files/store-files.ts';
import { damagedPrefix } from './names.ts';

/** Keeps what was found damaged under a name that nobody opens. Another window may have done so, or have purged it, by now. */
export async function setAside(files: StoreFiles, name: string): Promise<void> {
  try {
    await files.renameFile(name, damagedPrefix + name);
  } catch (error) {
    if (files.list().includes(name)) throw error;
  }
}
