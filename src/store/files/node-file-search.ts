import fs from 'node:fs';
import path from 'node:path';
import { notEncrypted } from '../encryption/store-keys.ts';
import type { FilePiece, FileSearch, FileToSearch, PieceSearched } from '../file-search.ts';
import { journalSuffix } from '../generation/names.ts';
import { bytePatterns, type BytePatterns } from './byte-patterns.ts';
import { storeFileError, systemCode } from './file-error.ts';
import type { OpenedFile, StoreFiles } from './store-files.ts';
import { partBytes, standsIn, type SearchedBytes } from './search-in-bytes.ts';

/** Looked through by one call. Between two parts other calls have their turn. */
const pieceBytes = 16 * partBytes;

/**
 * Looks for texts in the files of `storeFolder`, and of the folders of backups it is given.
 * @param storeFiles the same folder, through which what is encrypted in it is searched as it was written
 */
export function nodeFileSearch(storeFolder: string, storeFiles: StoreFiles | null = null): FileSearch {
  const placeOf = ({ backupFolder, name }: FileToSearch): string => path.join(backupFolder ?? storeFolder, ...name.split('/'));
  return {
    files: ({ backupFolders }) => Promise.resolve([null, ...backupFolders].flatMap((folder) => filesBelow(folder, storeFolder))),
    inPiece: async (piece) => {
      const patterns = bytePatterns(piece.text);
      const decrypted = storeFiles === null || piece.file.backupFolder !== null ? null : openEncrypted(storeFiles, piece.file.name);
      if (decrypted !== null) return searchDecrypted(decrypted, piece, patterns);
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
  return searchBytes({ size, read: (position, length) => readAt(handle, position, length), readNow: (position, length) => readNowAt(handle, position, length) }, from, patterns);
}

/** Null for a file that is not encrypted, or gone. @throws HearthlinkError `store-locked` without its key */
function openEncrypted(files: StoreFiles, name: string): OpenedFile | null {
  if ((files.keyIdOf(name) ?? notEncrypted) === notEncrypted) return null;
  return name.endsWith(journalSuffix) ? files.openJournal(name) : files.openFile(name);
}

async function searchDecrypted(file: OpenedFile, { from }: FilePiece, patterns: BytePatterns): Promise<PieceSearched> {
  const readNow = (position: number, length: number): Buffer => file.read(position, length);
  try {
    return await searchBytes({ size: file.size(), readNow, read: (position, length) => Promise.resolve(readNow(position, length)) }, from, patterns);
  } finally {
    file.close();
  }
}

async function searchBytes(bytes: SearchedBytes, from: number, patterns: BytePatterns): Promise<PieceSearched> {
  const to = Math.min(bytes.size, from + pieceBytes);
  if (await standsIn(bytes, { from, to }, patterns)) return { found: true, next: null };
  return { found: false, next: to < bytes.size ? to : null };
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
