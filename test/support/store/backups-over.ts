import { randomBytes } from 'node:crypto';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { createArchives, type ArchiveSetup } from '../../../src/operations/backup/archives.ts';
import { BackupService } from '../../../src/operations/backup/backup-service.ts';
import type { Archives } from '../../../src/operations/backup/ports.ts';
import { defaultRetention } from '../../../src/operations/backup/retention.ts';
import { defaultSchedule } from '../../../src/operations/backup/schedule.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import type { Store } from '../../../src/store/port.ts';
import { realIds } from './real-store.ts';

/** Archives on the disk, under these keys. Default: not encrypted. */
export function realArchives(keys: Pick<ArchiveSetup, 'key' | 'keyOf'> = { key: () => null, keyOf: () => null }): Archives {
  return createArchives({ files: nodeArchiveFiles, random: { bytes: (length) => randomBytes(length) }, ...keys });
}

/** The product's backups of a store in a folder, as one window has them that works there alone. */
export function backupsOver(store: Pick<Store, 'backup'>, folder: string, archives: Archives = realArchives()): BackupService {
  return new BackupService({
    store,
    archives,
    folder,
    settings: () => ({ ...defaultSchedule, ...defaultRetention, secondFolder: null }),
    extensionVersion: '0.1.0',
    holder: folder,
    clock: { now: () => Date.now() },
    ids: realIds,
    log: silentLog,
  });
}
