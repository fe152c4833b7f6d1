import type { Clock, IdSource, Log } from '../../shared/ports.ts';
import type { BackupRepository } from '../../store/backup-port.ts';
import type { Audit } from '../audit/audit.ts';
import type { BackupWork } from './backup-work.ts';
import type { Archives, PartSource } from './ports.ts';
import type { RetentionSettings } from './retention.ts';
import type { ScheduleSettings } from './schedule.ts';
import type { Shelf } from './shelf.ts';

export interface BackupSettings extends ScheduleSettings, RetentionSettings {
  /** Another folder of the user's choosing; null: none. */
  readonly secondFolder: string | null;
}

export interface BackupServiceParts {
  readonly store: { readonly backup: BackupRepository };
  readonly archives: Archives;
  /** Where backups go first: beside the store. */
  readonly folder: string;
  /**
   * Whether what is written is encrypted. What lies open from before then is no base for changes, and stays out of the second
   * folder. Default: never.
   */
  readonly encrypts?: () => Promise<boolean>;
  readonly settings: () => BackupSettings;
  readonly extensionVersion: string;
  /** What a person has chosen in the settings, by name; part of every backup of everything. Default: nothing. */
  readonly chosenSettings?: () => Readonly<Record<string, unknown>>;
  /** The record of activity and the log, as parts of every backup of everything. Default: none. */
  readonly accounts?: () => Promise<readonly PartSource[]>;
  /** Names this window where only one may work. */
  readonly holder: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** Where it is noted what is made, proved and deleted. Default: nowhere. */
  readonly audit?: Audit;
}

/** What making, proving and restoring share. */
export interface BackupRoom extends BackupServiceParts {
  readonly shelf: Shelf;
  readonly work: BackupWork;
}

export function secondFolders({ settings }: Pick<BackupServiceParts, 'settings'>): readonly string[] {
  const { secondFolder } = settings();
  return secondFolder === null ? [] : [secondFolder];
}
