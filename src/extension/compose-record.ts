import { homedir } from 'node:os';
import path from 'node:path';
import { Uri, workspace } from 'vscode';
import * as z from 'zod';
import type { UnsavedTurns } from '../agents/unsaved-turns.ts';
import { AuditLog } from '../operations/audit/audit-log.ts';
import type { Audit } from '../operations/audit/audit.ts';
import { accountsOf } from '../operations/backup/accounts.ts';
import { lasting } from '../operations/backup/backup-record.ts';
import type { BackupService } from '../operations/backup/backup-service.ts';
import type { CheckReport } from '../operations/check/check-my-data.ts';
import { DiskRoom, freeBytesOf } from '../operations/disk-room.ts';
import type { Disposable } from '../shared/events.ts';
import type { Store } from '../store/port.ts';
import type { CommandParts } from './commands.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';
import { ReadOnlyDocuments } from './read-only-documents.ts';
import { activityCommands } from './record/activity-commands.ts';
import { checkData } from './record/check-command.ts';
import { exportUnsaved } from './record/export-unsaved.ts';

export interface RecordSources {
  readonly store: Store;
  readonly backups: BackupService;
  readonly unsaved: UnsavedTurns;
}

export interface ComposedRecord extends Disposable {
  readonly audit: AuditLog;
  readonly room: DiskRoom;
  /** What backups of everything take along of what was written here. */
  readonly accounts: () => ReturnType<typeof accountsOf>;
  readonly commands: (sources: RecordSources) => CommandParts['record'];
}

const manifest = z.object({ contributes: z.object({ configuration: z.array(z.object({ properties: z.record(z.string(), z.unknown()) })) }) });

/** The record of activity, a look at the room on the disk, and what a person can ask of both. */
export function composeRecord(hearth: Hearth, ports: MachinePorts): ComposedRecord {
  const { context, channel, log } = hearth;
  const folderOf = (name: string): string => path.join(context.globalStorageUri.fsPath, name);
  const folders = { store: folderOf('store'), backups: folderOf('backups'), record: folderOf('activity') };
  const audit = new AuditLog({ folder: folders.record, window: ports.ids.next(), log, ...ports });
  const room = new DiskRoom({ freeBytes: () => freeBytesOf(context.globalStorageUri.fsPath), log, ...ports });
  const documents = new ReadOnlyDocuments();
  const settings = noteSettings(audit, hearth);
  const exportFolder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  void room.watch();
  return {
    audit,
    room,
    accounts: () => accountsOf({ recordFolder: folders.record, flushRecord: () => audit.flush(), logFile: path.join(context.logUri.fsPath, `${channel.name}.log`), log }),
    commands: ({ store, backups, unsaved }) => ({
      ...activityCommands({ audit, folder: folders.record, documents, exportFolder }),
      checkData: async () => {
        await audit.flush();
        await checkData({ store, audit, folders, documents, platform: process.platform, newestBackup: () => newestOf(backups), unsaved: () => unsaved.state.messages });
      },
      exportUnsaved: () => exportUnsaved(unsaved, exportFolder, audit),
    }),
    dispose: () => {
      settings.dispose();
      room.dispose();
      documents.dispose();
      audit.dispose();
    },
  };
}

/** Notes which settings are changed, never to what: a path or an address may say something of a person. */
function noteSettings(audit: Audit, { context }: Hearth): Disposable {
  const { contributes } = manifest.parse(context.extension.packageJSON);
  const names = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  return workspace.onDidChangeConfiguration((change) => {
    for (const name of names) if (change.affectsConfiguration(name)) audit.note({ action: 'settings.changed', what: name });
  });
}

async function newestOf(backups: BackupService): Promise<CheckReport['backup']> {
  const [newest] = lasting((await backups.overview()).backups);
  return newest === undefined ? null : { madeAt: newest.madeAt, soundness: newest.soundness.type };
}
