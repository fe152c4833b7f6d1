import { ProgressLocation, window } from 'vscode';
import type { BackupService } from '../../operations/backup/backup-service.ts';

/** Shows that something is being done with backups, and stops it when asked to. */
export function withProgress<T>(service: BackupService, title: string, work: () => Promise<T>): Thenable<T> {
  return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
    token.onCancellationRequested(() => { service.stop(); });
    return work();
  });
}
