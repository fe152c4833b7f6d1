import path from 'node:path';
import { Uri, l10n, window } from 'vscode';
import type { Audit } from '../../operations/audit/audit.ts';
import type { Account } from '../../operations/backup/accounts.ts';
import type { BackupService } from '../../operations/backup/backup-service.ts';
import type { RestoreTarget } from '../../operations/backup/proving.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import { writePieces } from '../write-pieces.ts';

export interface SaveAccountParts {
  readonly service: Pick<BackupService, 'heldAlong' | 'heldAccount'>;
  readonly audit: Audit;
  /** Where the dialogue begins. */
  readonly folder: string;
}

/** Asks where to, and copies what a backup holds of the record of activity, or of the log. What is here stays as it is. */
export async function saveAccount(target: RestoreTarget, account: Account, { service, audit, folder }: SaveAccountParts): Promise<void> {
  const { madeAt } = await service.heldAlong(target);
  const day = new Date(madeAt).toISOString().slice(0, 10);
  const place = await window.showSaveDialog({
    title: account === 'record' ? l10n.t('Save the activity record of this backup') : l10n.t('Save the log of this backup'),
    defaultUri: Uri.file(path.join(folder, account === 'record' ? `hearthlink-activity-${day}.jsonl` : `hearthlink-log-${day}.jsonl`)),
    filters: { [l10n.t('JSON lines')]: ['jsonl'] },
  });
  if (place === undefined) return;
  if (place.scheme !== 'file') throw new HearthlinkError('invalid-input', { detail: place.scheme });
  await writePieces(place.fsPath, service.heldAccount(target, account));
  if (account === 'record') audit.note({ action: 'record.exported' });
  void window.showInformationMessage(l10n.t('Saved to {0}.', path.basename(place.path)));
}
