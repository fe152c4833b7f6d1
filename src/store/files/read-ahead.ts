import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { HearthlinkError } from '../../shared/errors.ts';
import { markedGenerations } from '../generation/generation-reader.ts';
import { snapshotFile } from '../generation/names.ts';
import { systemCode } from './file-error.ts';
import type { RoomFor } from './node-store-files.ts';
import type { StoreFiles } from './store-files.ts';

/** Read at once, while the piece before is being summed up. */
const pieceBytes = 4 * 1024 * 1024;

/**
 * Reads the newest generation off the thread, while the thread has other things to do: SQLite itself has to be compiled
 * before a snapshot can be opened. Each file is handed out once, to the first who reads it.
 * @param withIndex also the files for searching, which are large and not always needed
 */
export async function readAhead(files: StoreFiles, folder: string, withIndex: boolean, roomFor: RoomFor): Promise<StoreFiles> {
  const ahead = new Map<string, Buffer>();
  const checksums = new WeakMap<Buffer, number>();
  await Promise.all(namesOfNewest(files, withIndex).map((name) => usingFile(path.join(folder, name), async (handle, size) => {
    const bytes = roomFor(name, size);
    // Files for searching have a checksum inside, which is looked at when they are loaded.
    if (name.endsWith(`/${snapshotFile}`)) checksums.set(bytes, await readAndSum(handle, bytes));
    else await readPiece(handle, bytes, 0, size);
    ahead.set(name, bytes);
  })));
  return {
    ...files,
    read(name) {
      const bytes = ahead.get(name) ?? files.read(name);
      ahead.delete(name);
      return bytes;
    },
    checksum: (bytes) => checksums.get(bytes) ?? files.checksum(bytes),
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

/** Does nothing when anything is in the way, which whoever really needs the file will find out. */
async function usingFile(file: string, use: (handle: fs.promises.FileHandle, size: number) => Promise<void>): Promise<void> {
  try {
    const handle = await fs.promises.open(file);
    try {
      await use(handle, (await handle.stat()).size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === undefined && !(error instanceof RangeError)) throw error;
  }
}

async function readAndSum(handle: fs.promises.FileHandle, bytes: Buffer): Promise<number> {
  let checksum = 0;
  let summed = 0;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const reading = readPiece(handle, bytes, at, Math.min(pieceBytes, bytes.length - at));
    checksum = crc32(bytes.subarray(summed, at), checksum);
    summed = at;
    await reading;
  }
  return crc32(bytes.subarray(summed), checksum);
}

/** @throws RangeError when the file became shorter */
async function readPiece(handle: fs.promises.FileHandle, bytes: Buffer, at: number, length: number): Promise<void> {
  const { bytesRead } = await handle.read(bytes, at, length, at);
  if (bytesRead < length) throw new RangeError('The file became shorter.');
}
