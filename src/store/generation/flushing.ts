import type { StoreFiles } from '../files/store-files.ts';

/** Flushes a generation's entries. False where another window has tidied it away, after it had flushed one that came later. */
export async function flushGeneration(files: StoreFiles, name: string): Promise<boolean> {
  try {
    await files.flushFolder(name);
    return true;
  } catch (error) {
    if (files.list().includes(name)) throw error;
    return false;
  }
}
