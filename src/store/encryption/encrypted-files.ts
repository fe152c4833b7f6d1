import { crc32 } from 'node:zlib';
import type { RandomSource } from '../../shared/ports.ts';
import type { StoreFiles } from '../files/store-files.ts';
import { decodeFileHeader, fileHeaderLength, type FileHeader } from '../journal/file-header.ts';
import { sealedParts, unsealed, unsealedFile } from './sealed-file.ts';
import { sealedJournalHeader, unsealedJournal } from './sealed-journal.ts';
import { keyOf, notEncrypted, type StoreKeys } from './store-keys.ts';

/**
 * The files of a store of which some are encrypted: each says so itself. Whoever reads them gets what was written, and what is
 * not encrypted is passed on as it is. Sizes of files by name are those on the disk.
 * @throws HearthlinkError `store-locked`, from every method that reads a file whose key is not among `keys`, or writes with it
 */
export function encryptedFiles(files: StoreFiles, keys: StoreKeys, random: RandomSource): StoreFiles {
  return {
    ...files,
    read: (name) => {
      const bytes = files.read(name);
      return bytes === null ? null : unsealed(bytes, name, keys);
    },
    openFile: (name) => closedOnFailure(files.openFile(name), (file) => unsealedFile(file, name, keys)),
    openJournal: (name) => closedOnFailure(files.openJournal(name), (file) => unsealedJournal(file, keys, random)),
    writeFile: async (name, parts, keyId = notEncrypted) => {
      if (keyId === notEncrypted) return files.writeFile(name, parts);
      const key = keyOf(keys, keyId);
      const content = [...parts];
      const journal = emptyJournalIn(content);
      const sealed = journal === null ? sealedParts(content, { name, key, ringId: keys.ringId, random }) : [sealedJournalHeader(journal, key)];
      await files.writeFile(name, sealed);
      return content.reduce((sum, part) => crc32(part, sum), 0);
    },
  };
}

/** The header, where nothing but a journal's header is written: what follows in a journal is appended. */
function emptyJournalIn([first, ...rest]: readonly Uint8Array[]): FileHeader | null {
  if (first?.length !== fileHeaderLength || rest.length > 0) return null;
  const header = decodeFileHeader(Buffer.from(first), 'journal');
  return typeof header === 'string' ? null : header;
}

function closedOnFailure<File extends { close(): void }>(file: File | null, open: (file: File) => File): File | null {
  if (file === null) return null;
  try {
    return open(file);
  } catch (error) {
    file.close();
    throw error;
  }
}
