import { homedir } from 'node:os';
import path from 'node:path';
import { l10n, workspace } from 'vscode';
import * as z from 'zod';
import type { BackupSearch } from '../memory/verify-forgotten.ts';
import { nodeArchiveFiles } from '../operations/archive/node-archive-files.ts';
import type { Audit } from '../operations/audit/audit.ts';
import { auditedArchives } from '../operations/audit/audited-archives.ts';
import { auditedEncryption } from '../operations/audit/audited-keys.ts';
import { createArchives } from '../operations/backup/archives.ts';
import { BackupContents } from '../operations/backup/backup-contents.ts';
import type { BroughtBackNames } from '../operations/backup/backup-inside.ts';
import type { BackupServiceParts } from '../operations/backup/backup-parts.ts';
import { runBackups } from '../operations/backup/backup-runner.ts';
import { BackupService } from '../operations/backup/backup-service.ts';
import { runJournalCopies } from '../operations/backup/journal-runner.ts';
import { searchBackups } from '../operations/backup/search-backups.ts';
import { knownSettings } from '../operations/backup/settings-then.ts';
import type { DiskRoom } from '../operations/disk-room.ts';
import { waitingForKeys } from '../operations/keys/scheduled-with-keys.ts';
import type { StoreEncryption } from '../operations/keys/store-encryption.ts';
import { encryptsWhatIsNew } from '../operations/keys/vault-status.ts';
import type { Vault } from '../operations/keys/vault.ts';
import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import { backupsProtocol, type BackupsProtocol } from '../shared/protocol/backups.ts';
import type { StoreClient } from '../store/client.ts';
import { backupsPanelType } from './backups-panel-feature.ts';
import { backupCommands } from './backups/backup-commands.ts';
import { backupHandlers, snapshotOf, type BackupParts } from './backups/backup-handlers.ts';
import { backupSettingsOf } from './backups/backup-views.ts';
import type { EncryptionCommands } from './backups/encryption-commands.ts';
import type { Commands } from './command-names.ts';
import { composeEncryption } from './compose-encryption.ts';
import { backupFolders } from './compose-vault.ts';
import { EditorPanel } from './editor-panel.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';
import { chosenSettings, folderSettings, readSettings } from './settings.ts';

export interface BackupSources {
  readonly hearth: Hearth;
  readonly ports: MachinePorts;
  readonly store: StoreClient;
  readonly vault: Vault;
  readonly content: StoreEncryption;
  readonly holder: string;
  readonly room: DiskRoom;
  readonly audit: Audit;
  /** For what is brought in from a backup. */
  readonly bringing: StoreClient['transfer'];
  /** What else backups of everything take along. */
  readonly accounts: NonNullable<BackupServiceParts['accounts']>;
}

export interface ComposedBackups extends Disposable {
  readonly service: BackupService;
  readonly panel: EditorPanel<BackupsProtocol>;
  readonly commands: Pick<Commands, 'backUpNow' | 'proveBackup' | 'restoreBackup' | 'showBackups' | 'chooseBackupFolder' | 'writePortableBackup'> & EncryptionCommands;
  /** Looks for words in what backups hold. */
  readonly search: () => BackupSearch;
}

const manifest = z.object({ version: z.string() });
/** How often the view is told how far something is. */
const tellEveryMs = 200;

/** Puts backups together: the service, its schedule, and the view, which is told of everything while somebody looks. */
export function composeBackups({ hearth, ports, store, vault, content, holder, room, audit, bringing, accounts }: BackupSources): ComposedBackups {
  const { context, log } = hearth;
  const folder = path.join(context.globalStorageUri.fsPath, 'backups');
  const settings = (): ReturnType<typeof backupSettingsOf> => backupSettingsOf(readSettings());
  const archives = auditedArchives(createArchives({ files: nodeArchiveFiles, random: ports.random, key: (into) => vault.keyForWriting(into), keyOf: vault.keyOf }), audit);
  const { version } = manifest.parse(context.extension.packageJSON);
  const encrypts = async (): Promise<boolean> => encryptsWhatIsNew(await vault.status());
  const service = new BackupService({ store, archives, folder, encrypts, settings, extensionVersion: version, chosenSettings, accounts, holder, log, audit, ...ports });
  const contents = new BackupContents({ service, store: { ...store, transfer: bringing }, log, ...ports, names: broughtBackNames });
  const encryption = composeEncryption(hearth, ports, { vault, content: auditedEncryption(content, audit) });
  const known = knownSettings(context.extension.packageJSON, folderSettings, (text) => path.isAbsolute(text));
  const parts: BackupParts = { service, contents, settings, encryption, along: { service, known, audit, log, folder: homedir() } };
  const panel = new EditorPanel<BackupsProtocol>({
    type: backupsPanelType,
    bundle: 'backups',
    title: l10n.t('Backups'),
    extensionUri: context.extensionUri,
    log,
    protocol: backupsProtocol,
    handlers: backupHandlers(parts),
    onRequest: () => { vault.touch(); },
    // A view that is hidden has forgotten what it looked into.
    onDidChangeVisibility: (visible) => {
      if (visible) return;
      contents.close().catch((error: unknown) => { log.warn('a backup that was looked into could not be closed', { code: HearthlinkError.from(error).code }); });
    },
  });
  const following = [followService(parts, panel, ports, log), followKeys(parts, vault, panel, log), followStore(parts, store, panel, log), followSettings(panel)];
  store.guardMigrations((content) => service.backUpBeforeMigration(content));
  const running = runBackups({ service: waitingForKeys(service, vault, { ...ports, log }), log, ...ports, hasRoom: () => !room.isLow });
  const copying = runJournalCopies({ service, timers: ports.timers, log });
  const show = ({ restore }: { readonly restore: boolean }): void => {
    panel.show();
    if (restore) panel.sendWhenReady('showRestore', {});
  };
  return {
    service,
    panel,
    commands: { ...backupCommands({ service, show, unlock: encryption.unlockFor, ...ports, folder: homedir() }), ...encryption.commands },
    search: () => searchBackups({ store, archives, folders: backupFolders(context), log }),
    dispose: () => {
      running.dispose();
      copying.dispose();
      for (const follower of following) follower.dispose();
      encryption.dispose();
      service.dispose();
      panel.dispose();
    },
  };
}

/** A backup that is looked into has its settings compared with those of now. */
function followSettings(panel: EditorPanel<BackupsProtocol>): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (panel.isVisible && change.affectsConfiguration('hearthlink')) panel.send('settingsChanged', {});
  });
}

/** Tells the view how far something is, not too often, and what there is when it is over. */
function followService(parts: BackupParts, panel: EditorPanel<BackupsProtocol>, { clock }: MachinePorts, log: Hearth['log']): Disposable {
  let lastTold = 0;
  return parts.service.onDidChangeActivity((activity) => {
    if (!panel.isVisible) return;
    if (activity.type === 'idle') tellSnapshot(parts, panel, log);
    else if (clock.now() - lastTold >= tellEveryMs || activity.done === 0) {
      lastTold = clock.now();
      panel.send('activity', activity);
    }
  });
}

/** What was read with the keys leaves memory and the view when they are locked; what there is to see is another with each change. */
function followKeys(parts: BackupParts, vault: Vault, panel: EditorPanel<BackupsProtocol>, log: Hearth['log']): Disposable {
  return vault.onEvent(({ type }) => {
    if (type === 'locked') {
      panel.send('locked', {});
      parts.service.stop();
      parts.contents.close().catch((error: unknown) => { log.warn('what was looked into could not be closed', { code: HearthlinkError.from(error).code }); });
    }
    if (type !== 'locks-soon') tellSnapshot(parts, panel, log);
  });
}

/** Chats and memories may be encrypted now, or lie open again, by this window or another. */
function followStore(parts: BackupParts, store: StoreClient, panel: EditorPanel<BackupsProtocol>, log: Hearth['log']): Disposable {
  return store.onDidChange(({ everything, status }) => { if (everything || status) tellSnapshot(parts, panel, log); });
}

function tellSnapshot(parts: BackupParts, panel: EditorPanel<BackupsProtocol>, log: Hearth['log']): void {
  if (!panel.isVisible) return;
  snapshotOf(parts).then(
    (snapshot) => { panel.send('snapshot', snapshot); },
    (error: unknown) => { log.warn('the backups could not be listed', { code: HearthlinkError.from(error).code }); },
  );
}

/** By these a person finds what came from a backup. */
function broughtBackNames(at: number | null): BroughtBackNames {
  const when = at === null ? '' : new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    from: when === '' ? l10n.t('From a backup') : l10n.t('From the backup of {0}', when),
    copyOf: (title) => (when === '' ? l10n.t('{0} (as it was)', title) : l10n.t('{0} (as it was {1})', title, when)),
  };
}
