import { l10n, window } from 'vscode';
import type { BackupService } from '../../operations/backup/backup-service.ts';
import type { Commands } from '../command-names.ts';
import { backUpAndProve } from './backup-handlers.ts';
import { withProgress } from './backup-progress.ts';
import { writePortableBackup, type PortableBackupParts } from './portable-backup.ts';
import { chooseSecondFolder } from './second-folder.ts';

export interface BackupCommandParts extends PortableBackupParts {
  /** Brings the backups view to the front; with `restore`, with its restore dialogue open. */
  readonly show: (options: { readonly restore: boolean }) => void;
  /** False when what is locked stays so. */
  readonly unlock: (doing: 'writing' | 'reading') => Promise<boolean>;
}

type BackupCommands = Pick<Commands, 'backUpNow' | 'proveBackup' | 'restoreBackup' | 'showBackups' | 'chooseBackupFolder' | 'writePortableBackup'>;

export function backupCommands(parts: BackupCommandParts): BackupCommands {
  const { service, show, unlock } = parts;
  return {
    backUpNow: async () => {
      if (!(await unlock('writing'))) return;
      const made = await withProgress(service, l10n.t('Backing up'), () => backUpAndProve(service));
      void window.showInformationMessage(made ? l10n.t('Backed up and proved.') : l10n.t('Nothing has changed since the newest backup.'));
    },
    proveBackup: async () => {
      await unlock('reading');
      const id = await askForBackup(service);
      if (id === null) return;
      await withProgress(service, l10n.t('Proving a backup'), () => service.prove(id));
      void window.showInformationMessage(l10n.t('Proved: it was restored into a scratch place and compared.'));
    },
    restoreBackup: async () => {
      await unlock('reading');
      show({ restore: true });
    },
    showBackups: () => {
      show({ restore: false });
      return Promise.resolve();
    },
    chooseBackupFolder: chooseSecondFolder,
    writePortableBackup: async () => {
      if (await unlock('writing')) await writePortableBackup(parts);
    },
  };
}

async function askForBackup(service: BackupService): Promise<string | null> {
  const { backups } = await service.overview();
  if (backups.length === 0) {
    void window.showInformationMessage(l10n.t('There is no backup yet.'));
    return null;
  }
  const items = backups.map(({ id, kind, madeAt, soundness }) => ({
    id,
    label: new Date(madeAt).toLocaleString(),
    description: kind === 'full' ? l10n.t('Everything') : l10n.t('Changes'),
    detail: { proved: l10n.t('Proved'), 'not-proved': l10n.t('Not proved yet'), damaged: l10n.t('Damaged') }[soundness.type],
  }));
  return (await window.showQuickPick(items, { title: l10n.t('Prove a backup') }))?.id ?? null;
}
