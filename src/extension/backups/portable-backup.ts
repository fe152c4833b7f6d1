import path from 'node:path';
import { Uri, l10n, window } from 'vscode';
import type { BackupService } from '../../operations/backup/backup-service.ts';
import { backupFileName } from '../../operations/backup/file-name.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock, IdSource } from '../../shared/ports.ts';
import { withProgress } from './backup-progress.ts';

export interface PortableBackupParts {
  readonly service: BackupService;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Where the dialogue begins. */
  readonly folder: string;
}

/** Asks where to, and writes everything into one file that needs no other. */
export async function writePortableBackup({ service, clock, ids, folder }: PortableBackupParts): Promise<void> {
  // By such a name it is found again in a folder of backups, on whichever machine.
  const name = backupFileName({ id: ids.next(), kind: 'full', madeAt: clock.now() });
  const target = await window.showSaveDialog({
    title: l10n.t('Write a backup to a file'),
    saveLabel: l10n.t('Write backup'),
    defaultUri: Uri.file(path.join(folder, name)),
    filters: { [l10n.t('Hearthlink backup')]: ['hearthlink-backup'] },
  });
  if (target === undefined) return;
  if (target.scheme !== 'file') throw new HearthlinkError('invalid-input', { detail: target.scheme });
  await withProgress(service, l10n.t('Writing a backup to a file'), () => service.writePortable(target.fsPath));
  void window.showInformationMessage(l10n.t('Written and read again: {0}. It holds everything and needs no other file.', path.basename(target.fsPath)));
}
