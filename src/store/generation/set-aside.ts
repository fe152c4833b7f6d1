import type { StoreFiles } from '../files/store-files.ts';
import { damagedPrefix, markFile } from './names.ts';

/** Keeps what was found damaged under a name that nobody opens. Another window may have done so, or have purged it, by now. */
export async function setAside(files: StoreFiles, name: string): Promise<void> {
  await renamed(files, name, damagedPrefix + name, () => files.list().includes(name));
}

/** As `setAside`, for the mark of a generation whose content is needed, and is found by its SEAL. */
export async function setMarkAside(files: StoreFiles, generation: string): Promise<void> {
  const mark = `${generation}/${markFile}`;
  await renamed(files, mark, `${generation}/${damagedPrefix}${markFile}`, () => files.size(mark) !== null);
}

async function renamed(files: StoreFiles, from: string, to: string, isThere: () => boolean): Promise<void> {
  try {
    await files.renameFile(from, to);
  } catch (error) {
    if (isThere()) throw error;
  }
}
