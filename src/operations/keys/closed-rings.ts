import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Log } from '../../shared/ports.ts';
import type { ArchiveFiles } from '../archive/archive-files.ts';
import type { DataKeys } from './data-keys.ts';
import { encryptedBackups } from './encrypted-backups.ts';
import { keyCopyName } from './key-copies.ts';
import { readKeyRing } from './key-ring.ts';

/** A ring under which there are backups that cannot be read now. */
export interface ClosedRing {
  readonly ringId: string;
  /** How many files. */
  readonly backups: number;
  /** The copy beside backups that has the most keys, by its absolute path; null where there is none. */
  readonly copy: string | null;
}

export interface BackupFolders {
  readonly backupFolders: () => readonly string[];
  readonly files: ArchiveFiles;
  readonly log: Log;
}

/** The rings of backups that the keys which are open do not read. */
export async function closedRings({ keyOf }: Pick<DataKeys, 'keyOf'>, { backupFolders, files, log }: BackupFolders): Promise<readonly ClosedRing[]> {
  const folders = backupFolders();
  const { backups } = await encryptedBackups(folders, files, log);
  const counts = new Map<string, number>();
  for (const { keyId, ringId } of backups) {
    if (keyOf(keyId, ringId) === null) counts.set(ringId, (counts.get(ringId) ?? 0) + 1);
  }
  const rings: ClosedRing[] = [];
  for (const [ringId, count] of counts) rings.push({ ringId, backups: count, copy: await bestCopy(ringId, folders, files) });
  return rings;
}

/** Ids grow with each key, so the next one tells how much a copy has seen. */
async function bestCopy(ringId: string, folders: readonly string[], files: ArchiveFiles): Promise<string | null> {
  let best: { readonly file: string; readonly nextId: number } | null = null;
  for (const folder of folders) {
    const file = path.join(folder, keyCopyName(ringId));
    try {
      const { contents: { storeId, nextId } } = await readKeyRing({ file, files });
      if (storeId === ringId && (best === null || nextId > best.nextId)) best = { file, nextId };
    } catch (error) {
      if (!HearthlinkError.is(error, 'not-found', 'keys-damaged', 'store-newer-schema')) throw error;
    }
  }
  return best?.file ?? null;
}
