import { Uri, commands, env, l10n, window } from 'vscode';
import type { BackupContents } from '../../operations/backup/backup-contents.ts';
import type { BackupSettings } from '../../operations/backup/backup-parts.ts';
import type { BackupService } from '../../operations/backup/backup-service.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { BackupsProtocol } from '../../shared/protocol/backups.ts';
import type { BackupsSnapshot } from '../../shared/protocol/backups-views.ts';
import type { ComposedEncryption } from '../compose-encryption.ts';
import type { Handlers } from '../view-channel.ts';
import { alongHandlers, type AlongParts } from './along-handlers.ts';
import { backupsSnapshot } from './backup-views.ts';
import { contentsHandlers } from './contents-handlers.ts';
import { chooseSecondFolder } from './second-folder.ts';

export interface BackupParts {
  readonly service: BackupService;
  readonly contents: BackupContents;
  readonly settings: () => BackupSettings;
  readonly encryption: Pick<ComposedEncryption, 'view' | 'act'>;
  readonly along: AlongParts;
}

/** The empty answer: it was done. */
const done: Record<string, never> = {};

/** What the extension does for each request of the backups view. */
export function backupHandlers(parts: BackupParts): Handlers<BackupsProtocol> {
  const { service, contents, encryption, along } = parts;
  return {
    ready: () => snapshotOf(parts),
    backUp: async () => ({ made: await backUpAndProve(service) }),
    prove: async ({ id }) => {
      await service.prove(id);
      return done;
    },
    stop: () => {
      service.stop();
      return Promise.resolve(done);
    },
    remove: async ({ id }) => {
      if (await mayRemove(service, id)) await service.remove(id);
      return done;
    },
    ...contentsHandlers(contents),
    ...alongHandlers(along),
    encryption: async ({ action }) => {
      await encryption.act(action);
      return done;
    },
    chooseSecondFolder: async () => {
      await chooseSecondFolder();
      return done;
    },
    removeForgotten: async () => {
      if (await mayRemoveForgotten(service)) await service.removeForgotten();
      return done;
    },
    openFolder: async ({ isSecond }) => {
      const folder = (await service.overview()).folders[isSecond ? 1 : 0];
      if (folder?.isHere !== true) throw new HearthlinkError('not-found');
      await env.openExternal(Uri.file(folder.folder));
      return done;
    },
    openSettings: async () => {
      await commands.executeCommand('workbench.action.openSettings', '@ext:hearthlink.hearthlink backup');
      return done;
    },
  };
}

export async function snapshotOf({ service, settings, encryption }: BackupParts): Promise<BackupsSnapshot> {
  // First, since what another window has done to the keys tells what can be read.
  const keys = await encryption.view();
  return backupsSnapshot(await service.overview(), settings(), service.activity, keys);
}

/** False when nothing had changed since the newest one. */
export async function backUpAndProve(service: BackupService): Promise<boolean> {
  const made = await service.backUp('changes', 'hand');
  if (made !== null) await service.prove(made.id);
  return made !== null;
}

async function mayRemove(service: BackupService, id: string): Promise<boolean> {
  const { backups } = await service.overview();
  const needing = backups.filter(({ baseId }) => baseId === id).length;
  const remove = l10n.t('Delete backup');
  const detail = needing === 0 ? l10n.t('It is deleted from every folder that is here.') : l10n.t('Newer backups follow this one. Without it they cannot be restored.');
  return (await window.showWarningMessage(l10n.t('Delete this backup for good?'), { modal: true, detail }, remove)) === remove;
}

async function mayRemoveForgotten(service: BackupService): Promise<boolean> {
  const { mayHoldForgotten } = await service.overview();
  const remove = l10n.t('Delete them');
  const question = mayHoldForgotten.length === 1 ? l10n.t('Delete this backup for good?') : l10n.t('Delete {0} backups for good?', mayHoldForgotten.length);
  const detail = l10n.t('Before that, everything there is now is backed up and proved. Earlier moments cannot be gone back to any more.');
  return (await window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}
