import fs from 'node:fs';
import path from 'node:path';
import type { FilePiece, FileSearch, FileToSearch, PieceSearched } from '../file-search.ts';
import { foldedText } from '../folded-text.ts';
import { bytePatterns, type BytePatterns } from './byte-patterns.ts';
import { storeFileError, systemCode } from './file-error.ts';
import { headerBytes, pageSizeOf, spansPages } from './page-breaks.ts';

/** Read at once. */
const partBytes = 1 << 20;
/** Read again with the next part: longer than any form of the longest text. */
const overlapBytes = 16 * 1024;
/** Looked through by one call. Between two parts other calls have their turn. */
const pieceBytes = 16 * partBytes;

/** Looks for texts in the files of `storeFolder`, and of the folders of backups it is given. */
export function nodeFileSearch(storeFolder: string): FileSearch {
  const placeOf = ({ backupFolder, name }: FileToSearch): string => path.join(backupFolder ?? storeFolder, ...name.split('/'));
  return {
    files: ({ backupFolders }) => Promise.resolve([null, ...backupFolders].flatMap((folder) => filesBelow(folder, storeFolder))),
    inPiece: async (piece) => {
      const patterns = bytePatterns(piece.text);
      try {
        const handle = await fs.promises.open(placeOf(piece.file), 'r');
        try {
          return await searchPiece(handle, piece, patterns);
        } finally {
          await handle.close();
        }
      } catch (error) {
        // Tidied away since it was listed: nothing stands in it any more.
        if (systemCode(error) === 'ENOENT') return { found: false, next: null };
        throw storeFileError(error);
      }
    },
  };
}

function filesBelow(backupFolder: string | null, storeFolder: string): FileToSearch[] {
  const root = backupFolder ?? storeFolder;
  try {
    return fs
      .readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .flatMap((file) => {
        const bytes = fs.statSync(file, { throwIfNoEntry: false })?.size;
        return bytes === undefined ? [] : [{ backupFolder, name: path.relative(root, file).split(path.sep).join('/'), bytes }];
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw storeFileError(error);
  }
}

async function searchPiece(handle: fs.promises.FileHandle, { from }: FilePiece, patterns: BytePatterns): Promise<PieceSearched> {
  const { size } = await handle.stat();
  const end = Math.min(size, from + pieceBytes);
  const pageSize = pageSizeOf(await readAt(handle, 0, headerBytes));
  for (let at = from; at < end; at += partBytes) {
    const bytes = await readAt(handle, at, partBytes + overlapBytes);
    if (holds(bytes, patterns)) return { found: true, next: null };
    if (pageSize !== null && (await spansPagesIn(handle, { at, end: Math.min(size, at + partBytes), pageSize, size }, patterns.narrow))) return { found: true, next: null };
    await nextTurn();
  }
  return { found: false, next: end < size ? end : null };
}

function holds(bytes: Buffer, patterns: BytePatterns): boolean {
  if (patterns.wide.some((pattern) => bytes.includes(pattern))) return true;
  // What is no text becomes a sign that no text holds.
  const text = foldedText(bytes.toString('utf8'));
  return patterns.folded.some((pattern) => text.includes(pattern));
}

interface PageRange {
  readonly at: number;
  readonly end: number;
  readonly pageSize: number;
  readonly size: number;
}

/** Pages begin at multiples of their size, and so do the parts. */
async function spansPagesIn(handle: fs.promises.FileHandle, { at, end, pageSize, size }: PageRange, patterns: readonly Buffer[]): Promise<boolean> {
  const bytes = await readAt(handle, at, end - at);
  const pages = Math.ceil(size / pageSize);
  const read = (page: number): Buffer => {
    const buffer = Buffer.alloc(pageSize);
    fs.readSync(handle.fd, buffer, 0, pageSize, (page - 1) * pageSize);
    return buffer;
  };
  for (let offset = 0; offset < bytes.length; offset += pageSize) {
    if (spansPages(bytes.subarray(offset, offset + pageSize), patterns, pages, read)) return true;
  }
  return false;
}

/** Fewer bytes at the end of the file. */
async function readAt(handle: fs.promises.FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
