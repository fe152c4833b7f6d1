import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Log } from '../../shared/ports.ts';
import type { ArchiveFiles } from '../archive/archive-files.ts';
import { readArchiveHeader } from '../archive/archive-reader.ts';
import { namesIn } from '../backup/shelf.ts';

/** What can be seen of an encrypted backup without its key. */
export interface EncryptedBackup {
  readonly folder: string;
  readonly file: string;
  readonly ringId: string;
  readonly keyId: number;
}

export interface EncryptedBackups {
  readonly backups: readonly EncryptedBackup[];
  /** False where a folder is not there, or a file in it could not be looked at: there may be more then. */
  readonly isComplete: boolean;
}

/** Which keys the backups of some folders are under. Reads the beginning of each file and no more. */
export async function encryptedBackups(folders: readonly string[], files: ArchiveFiles, log: Log): Promise<EncryptedBackups> {
  const backups: EncryptedBackup[] = [];
  let isComplete = true;
  for (const folder of folders) {
    const names = await namesIn(folder);
    if (names === null) isComplete = false;
    for (const file of names ?? []) {
      try {
        const { cipher, keyId, ringId } = await readArchiveHeader(path.join(folder, file), files);
        if (cipher !== 'none') backups.push({ folder, file, ringId, keyId });
      } catch (error) {
        log.warn('a backup could not be asked for its key', { code: HearthlinkError.from(error).code });
        isComplete = false;
      }
    }
  }
  return { backups, isComplete };
}
