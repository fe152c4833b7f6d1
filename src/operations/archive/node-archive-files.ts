import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemCode } from '../../store/files/file-error.ts';
import type { ArchiveFiles, ReadableFile, WritableFile } from './archive-files.ts';

const fileMode = 0o600;
const attempts = 5;
const pauseMs = 50;

/** The file system of this machine. */
export const nodeArchiveFiles: ArchiveFiles = {
  create: async (file) => writable(await fs.open(file, 'wx', fileMode)),
  open,
  rename: (from, to) => retried(() => fs.rename(from, to)),
  remove: (file) => retried(() => fs.rm(file, { force: true })),
  flushFolder,
};

function writable(handle: fs.FileHandle): WritableFile {
  return {
    async write(pieces) {
      for (const piece of pieces) {
        let written = 0;
        while (written < piece.length) written += (await handle.write(piece, written)).bytesWritten;
      }
    },
    flush: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** Looked at before it is opened as well: opening a pipe would wait for somebody to write into it. */
async function open(file: string): Promise<ReadableFile> {
  if (!(await fs.stat(file)).isFile()) throw notAFile(file);
  const handle = await fs.open(file, 'r');
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw notAFile(file);
    return readable(handle, found.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function readable(handle: fs.FileHandle, bytes: number): ReadableFile {
  return {
    bytes,
    async read(offset, length) {
      const buffer = Buffer.allocUnsafeSlow(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    close: () => handle.close(),
  };
}

function notAFile(file: string): Error {
  return Object.assign(new Error(`${path.basename(file)} is not a plain file.`), { code: 'EINVAL' });
}

/** Windows cannot open a folder to flush it, and keeps its entries by itself. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Windows may hold a file for a moment after it was closed. */
async function retried(action: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await action();
      return;
    } catch (error) {
      const mayPass = ['EBUSY', 'EPERM', 'EACCES'].includes(systemCode(error) ?? '');
      if (process.platform !== 'win32' || !mayPass || attempt === attempts) throw error;
      await pause(pauseMs);
    }
  }
}
