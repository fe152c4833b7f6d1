import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Disposable } from '../../shared/events.ts';
import { fileHeaderLength, keyIdIn } from '../journal/file-header.ts';
import { storeFileError, systemCode } from './file-error.ts';
import type { JournalFile, OpenedFile, StoreFiles } from './store-files.ts';

const folderMode = 0o700;
const fileMode = 0o600;
const chunkLength = 1 << 20;
const smallLength = 1 << 12;

/** Where a file's bytes are read to, for those that had better not lie just anywhere. */
export type RoomFor = (name: string, bytes: number) => Buffer;

const anywhere: RoomFor = (_, bytes) => Buffer.allocUnsafeSlow(bytes);

/** The store's folder on this machine. Windows may hold a file for a moment after it was closed, hence the retries. */
export function nodeStoreFiles(folder: string, roomFor = anywhere): StoreFiles {
  const at = (name: string) => path.join(folder, ...name.split('/'));
  return {
    location: folder,
    list: (name = '') => orMissing(() => fs.readdirSync(at(name))) ?? [],
    read: (name) => orMissing(() => readWhole(at(name), (bytes) => roomFor(name, bytes))),
    checksum: (bytes) => crc32(bytes),
    // Asked at every commit, of a file that is as a rule not there: an error would cost several times as much as the answer.
    size: (name) => orMissing(() => fs.statSync(at(name), { throwIfNoEntry: false })?.size ?? null),
    bytes: (name = '') => told(() => bytesIn(at(name))),
    watch: (changed) => watch(folder, changed),
    modifiedAt: (name) => orMissing(() => fs.statSync(at(name)).mtimeMs),
    openJournal: (name) => orMissing(() => openJournal(at(name))),
    keyIdOf: (name) => orMissing(() => keyIdAt(at(name))),
    openFile: (name) => orMissing(() => openedFile(fs.openSync(at(name), 'r'))),
    createStoreFolder: () => { told(() => fs.mkdirSync(folder, { recursive: true, mode: folderMode })); },
    createFolder: (name) => { told(() => { fs.mkdirSync(at(name), { mode: folderMode }); }); },
    writeFile: (name, parts, keyId = 0) => (keyId === 0 ? writeFile(at(name), parts) : Promise.reject(new HearthlinkError('store-locked', { keyId }))),
    flushFolder: (name = '') => { told(() => { flushFolder(at(name)); }); },
    renameFolder: (from, to) => told(() => renameFolder(at(from), at(to))),
    renameFile: (from, to) => { told(() => { retried(() => { fs.renameSync(at(from), at(to)); }); }); },
    remove: (name) => { told(() => { fs.rmSync(at(name), { recursive: true, force: true, maxRetries: 3, retryDelay: 20 }); }); },
  };
}

function told<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw storeFileError(error);
  }
}

function orMissing<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw storeFileError(error);
  }
}

function readWhole(file: string, roomFor: (bytes: number) => Buffer): Buffer {
  const descriptor = fs.openSync(file, 'r');
  try {
    const room = roomFor(fs.fstatSync(descriptor).size);
    return room.subarray(0, fillFrom(descriptor, room, 0));
  } finally {
    fs.closeSync(descriptor);
  }
}

function keyIdAt(file: string): number {
  const opened = openedFile(fs.openSync(file, 'r'));
  try {
    return keyIdIn(opened.read(0, fileHeaderLength));
  } finally {
    opened.close();
  }
}

function openJournal(file: string): JournalFile {
  try {
    return journalFile(fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_APPEND), true);
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
    return journalFile(fs.openSync(file, 'r'), false);
  }
}

function journalFile(descriptor: number, writable: boolean): JournalFile {
  return {
    ...openedFile(descriptor),
    writable,
    append: (bytes) => told(() => fs.writeSync(descriptor, bytes)),
    flush: () => { told(() => { fs.fdatasyncSync(descriptor); }); },
  };
}

function openedFile(descriptor: number): OpenedFile {
  return {
    size: () => fs.fstatSync(descriptor).size,
    read: (offset, length) => told(() => readFully(descriptor, offset, length)),
    close: () => { told(() => { fs.closeSync(descriptor); }); },
  };
}

function readFully(descriptor: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, fillFrom(descriptor, buffer, offset));
}

/** Answers how many bytes there were. */
function fillFrom(descriptor: number, buffer: Buffer, offset: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = fs.readSync(descriptor, buffer, filled, buffer.length - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

async function writeFile(file: string, parts: Iterable<Uint8Array>): Promise<number> {
  let checksum = 0;
  try {
    const handle = await fs.promises.open(file, 'w', fileMode);
    try {
      for (const chunk of chunks(parts)) {
        checksum = crc32(chunk, checksum);
        await writeFully(handle, chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw storeFileError(error);
  }
  return checksum;
}

/** What is small is written at once, so that of a paper a process that is killed leaves all or nothing. */
function* chunks(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let small: Uint8Array[] = [];
  let smallBytes = 0;
  for (const part of parts) {
    if (smallBytes + part.length <= smallLength) {
      small.push(part);
      smallBytes += part.length;
      continue;
    }
    yield Buffer.concat(small);
    [small, smallBytes] = [[], 0];
    for (let start = 0; start < part.length; start += chunkLength) yield part.subarray(start, start + chunkLength);
  }
  yield Buffer.concat(small);
}

async function writeFully(handle: fs.promises.FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += (await handle.write(chunk, written)).bytesWritten;
}

/** Windows cannot open a folder to flush it, and keeps its entries by itself. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function renameFolder(from: string, to: string): boolean {
  try {
    retried(() => { fs.renameSync(from, to); });
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '') || fs.existsSync(to)) return false;
    throw error;
  }
}

function bytesIn(name: string): number {
  const found = fs.statSync(name, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  return (orMissing(() => fs.readdirSync(name)) ?? []).reduce((sum, entry) => sum + bytesIn(path.join(name, entry)), 0);
}

/** Where the system cannot watch, nothing is told: whoever watches also looks from time to time. */
function watch(folder: string, changed: () => void): Disposable {
  try {
    const watcher = fs.watch(folder, { persistent: false }, changed);
    watcher.on('error', () => { watcher.close(); });
    return { dispose: () => { watcher.close(); } };
  } catch {
    return { dispose: () => undefined };
  }
}

function retried(action: () => void): void {
  for (let attempt = 0; ; attempt++) {
    try {
      action();
      return;
    } catch (error) {
      const mayPass = ['EBUSY', 'EPERM', 'EACCES'].includes(systemCode(error) ?? '');
      if (process.platform !== 'win32' || !mayPass || attempt >= 5) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
