import fs from 'node:fs';
import path from 'node:path';
import type { FilePiece, FileSearch, FileToSearch, PieceSearched } from '../file-search.ts';
import { bytePatterns, type BytePatterns } from './byte-patterns.ts';
import { storeFileError, systemCode } from './file-error.ts';
import { partBytes, standsIn } from './search-in-bytes.ts';

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
  const to = Math.min(size, from + pieceBytes);
  const bytes = { size, read: (position: number, length: number) => readAt(handle, position, length), readNow: (position: number, length: number) => readNowAt(handle, position, length) };
  if (await standsIn(bytes, { from, to }, patterns)) return { found: true, next: null };
  return { found: false, next: to < size ? to : null };
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

function readNowAt(handle: fs.promises.FileHandle, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, fs.readSync(handle.fd, buffer, 0, length, position));
}
