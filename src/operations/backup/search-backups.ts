import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Log } from '../../shared/ports.ts';
import type { BackupSearch } from '../../memory/verify-forgotten.ts';
import type { BackupRepository } from '../../store/backup-port.ts';
import { isBackupFileName } from './file-name.ts';
import type { Archives } from './ports.ts';

export interface BackupSearchParts {
  readonly store: { readonly backup: BackupRepository };
  readonly archives: Archives;
  readonly folders: readonly string[];
  readonly log: Log;
}

/** Looks for words in what backups hold: each is unpacked into a scratch of the store's worker, and touches no disk. */
export function searchBackups({ store: { backup }, archives, folders, log }: BackupSearchParts): BackupSearch {
  return {
    folders,
    isBackup: ({ backupFolder, name }) => backupFolder !== null && isBackupFileName(name),
    async holds({ backupFolder, name }, text, signal) {
      const scratch = await backup.scratchBegin();
      try {
        await unpack(path.join(backupFolder ?? '', name), archives, signal, (part, bytes) => backup.scratchPut({ scratch, part, bytes }));
        return await backup.scratchHolds({ scratch, text });
      } catch (error) {
        if (!HearthlinkError.is(error, ...unreadable)) throw error;
        log.warn('a backup could not be searched', { code: error.code });
        return null;
      } finally {
        await backup.scratchDrop(scratch);
      }
    },
  };
}

const unreadable = ['archive-damaged', 'archive-newer', 'archive-locked', 'archive-wrong-key', 'archive-refused', 'vault-locked', 'not-found'] as const;

async function unpack(file: string, archives: Archives, signal: AbortSignal, put: (part: string, bytes: Uint8Array) => Promise<void>): Promise<void> {
  const archive = await archives.open(file);
  try {
    for (const { name } of archive.manifest.parts) {
      for await (const bytes of archive.read(name)) {
        signal.throwIfAborted();
        await put(name, bytes);
      }
    }
  } finally {
    await archive.close();
  }
}
