import { copyFile, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Copies a file into a folder that is there, flushed, so that it is there whole or not at all. */
export async function copyInto(folder: string, file: string): Promise<void> {
  const target = path.join(folder, path.basename(file));
  const unfinished = `${target}.partial`;
  try {
    await copyFile(file, unfinished);
    const handle = await open(unfinished, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
