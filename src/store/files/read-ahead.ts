import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { HearthlinkError } from '../../shared/errors.ts';
import { marked } from '../generation/marked-generations.ts';
import { snapshotFile } from '../generation/names.ts';
import { systemCode } from './file-error.ts';
import type { RoomFor } from './node-store-files.ts';
import type { StoreFiles } from './store-files.ts';

/** Files are read in pieces of this size, several of them at once, and summed up in their order. */
const pieceBytes = 4 * 1024 * 1024;

const readInto = promisify(fs.read);

/**
 * Reads the newest generation off the thread, while the thread has other things to do: SQLite itself has to be compiled
 * before a snapshot can be opened. All reading has been asked for when this returns, so that the thread may be kept busy from
 * then on. Each file is handed out once, to the first who reads it.
 * @param withIndex also the files for searching, which are large and not always needed
 */
export async function readAhead(files: StoreFiles, folder: string, withIndex: boolean, roomFor: RoomFor): Promise<StoreFiles> {
  const ahead = new Map<string, Buffer>();
  const checksums = new WeakMap<Buffer, number>();
  await Promise.all(namesOfNewest(files, withIndex).map((name) => usingFile(path.join(folder, name), async (descriptor, size) => {
    const bytes = roomFor(name, size);
    let checksum = 0;
    await readInPieces(descriptor, bytes, (piece) => {
      checksum = crc32(piece, checksum);
    });
    checksums.set(bytes, checksum);
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
    const generation = marked(files)[0]?.name;
    if (generation === undefined) return [];
    const wanted = withIndex ? files.list(generation).filter((name) => name.endsWith('.bin') || name === snapshotFile) : [snapshotFile];
    return wanted.map((name) => `${generation}/${name}`);
  } catch (error) {
    if (HearthlinkError.is(error)) return [];
    throw error;
  }
}

/** Does nothing when anything is in the way, which whoever really needs the file will find out. */
async function usingFile(file: string, use: (descriptor: number, size: number) => Promise<void>): Promise<void> {
  try {
    const descriptor = fs.openSync(file, 'r');
    try {
      await use(descriptor, fs.fstatSync(descriptor).size);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    if (systemCode(error) === undefined && !(error instanceof RangeError)) throw error;
  }
}

/**
 * Fills `bytes` from the start of a file. Returns, or throws, when nothing is written into `bytes` any more.
 * @param whenRead told of each piece, in their order
 * @throws RangeError when the file became shorter
 */
async function readInPieces(descriptor: number, bytes: Buffer, whenRead: (piece: Buffer) => void): Promise<void> {
  const reading: Promise<Buffer>[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) reading.push(readPiece(descriptor, bytes.subarray(at, at + pieceBytes), at));
  const allOver = Promise.allSettled(reading);
  try {
    for (const piece of reading) whenRead(await piece);
  } finally {
    await allOver;
  }
}

async function readPiece(descriptor: number, piece: Buffer, at: number): Promise<Buffer> {
  const { bytesRead } = await readInto(descriptor, piece, 0, piece.length, at);
  if (bytesRead < piece.length) throw new RangeError('The file became shorter.');
  return piece;
}
