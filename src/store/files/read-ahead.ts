import fs from 'node:fs';
import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import { markedGenerations } from '../generation/generation-reader.ts';
import { snapshotFile } from '../generation/names.ts';
import type { StoreFiles } from './store-files.ts';

/**
 * Reads the newest generation off the thread, while the thread has other things to do: SQLite itself has to be compiled
 * before a snapshot can be opened. Each file is handed out once, to the first who reads it.
 * @param withIndex also the files for searching, which are large and not always needed
 */
export async function readAhead(files: StoreFiles, folder: string, withIndex: boolean): Promise<StoreFiles> {
  const names = namesOfNewest(files, withIndex);
  const read = await Promise.all(names.map(async (name): Promise<[string, Buffer | null]> => [name, await readOrNull(path.join(folder, name))]));
  const ahead = new Map(read);
  return {
    ...files,
    read(name) {
      const bytes = ahead.get(name) ?? files.read(name);
      ahead.delete(name);
      return bytes;
    },
  };
}

/** Nothing when the folder cannot be read, which whoever opens the store will find out. */
function namesOfNewest(files: StoreFiles, withIndex: boolean): string[] {
  try {
    const [generation] = markedGenerations(files);
    if (generation === undefined) return [];
    const wanted = withIndex ? files.list(generation).filter((name) => name.endsWith('.bin') || name === snapshotFile) : [snapshotFile];
    return wanted.map((name) => `${generation}/${name}`);
  } catch (error) {
    if (HearthlinkError.is(error)) return [];
    throw error;
  }
}

/** In one piece; null when anything is in the way, which whoever really needs the file will find out. */
async function readOrNull(file: string): Promise<Buffer | null> {
  try {
    const handle = await fs.promises.open(file);
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.allocUnsafeSlow(size);
      const { bytesRead } = await handle.read(buffer, 0, size, 0);
      return bytesRead === size ? buffer : null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
