import { ConfigurationTarget, l10n, window, workspace } from 'vscode';

/** Asks for a folder that gets a copy of every backup, or takes it away again. */
export async function chooseSecondFolder(): Promise<void> {
  const configuration = workspace.getConfiguration('hearthlink');
  const present = configuration.get<unknown>('backupSecondFolder');
  if (typeof present === 'string' && present !== '') {
    const other = { label: l10n.t('Choose another folder…'), none: false };
    const none = { label: l10n.t('Keep no second copy'), description: l10n.t('What is there stays there'), none: true };
    const picked = await window.showQuickPick([other, none], { title: l10n.t('Second backup folder'), placeHolder: present });
    if (picked === undefined) return;
    if (picked.none) return configuration.update('backupSecondFolder', undefined, ConfigurationTarget.Global);
  }
  const [folder] = (await window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: l10n.t('Keep backups here too'),
    title: l10n.t('Choose a second backup folder: another disk, or one that is synced'),
  })) ?? [];
  if (folder !== undefined) await configuration.update('backupSecondFolder', folder.fsPath, ConfigurationTarget.Global);
}
