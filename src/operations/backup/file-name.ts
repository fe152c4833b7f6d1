import type { BackupKind } from './backup-record.ts';

const ending = '.hearthlink-backup';
const pattern = /^hearthlink-\d{8}-\d{4}-(?:full|changes)-[0-9a-z]{26}\.hearthlink-backup$/;

/** What a backup's file is called: when it was made (UTC) and what it is, for people; the id, so that no two are the same. */
export function backupFileName(backup: { readonly id: string; readonly kind: BackupKind; readonly madeAt: number }): string {
  const [date = '', clock = ''] = new Date(backup.madeAt).toISOString().split('T');
  const minute = clock.slice(0, 5).replace(':', '');
  return `hearthlink-${date.replaceAll('-', '')}-${minute}-${backup.kind}-${backup.id}${ending}`;
}

/** Whether it is what somebody left behind who died while writing a backup. */
export function isUnfinishedBackup(name: string): boolean {
  const [, whole = ''] = /^(.+?)(?:\.[0-9a-f]{8})?\.partial$/.exec(name) ?? [];
  return isBackupFileName(whole);
}

/** Whether we would have called a backup so. Anything else in a folder is somebody else's and left alone. */
export function isBackupFileName(name: string): boolean {
  return pattern.test(name);
}
