import { l10n } from 'vscode';
import { isSound, type CheckReport } from '../../operations/check/check-my-data.ts';
import { errorSentence } from '../error-sentence.ts';
import { memoryWords, messageWords } from '../transfer/count-words.ts';
import { recordSentence } from './activity-commands.ts';

/** What somebody should do something about, the most pressing first; nothing where all is well. */
export function checkFindings(report: CheckReport): string[] {
  const { store, documents, record, openToOthers, backup, unsaved } = report;
  const found: string[] = [];
  if (store.state === 'unknown') found.push(l10n.t('Your data could not be checked. {0}', errorSentence(store.error)));
  if (store.state === 'damaged') found.push(l10n.t('Your data is not whole. {0} Restore a backup, or open the chat to go on with what can be read.', errorSentence(store.error)));
  if (unsaved > 0) found.push(l10n.t('Not saved yet: {0}. Export it, or make room on the disk.', messageWords(unsaved)));
  if (documents.damaged.length > 0) found.push(l10n.t('Documents that are not as they were: {0}. Bring them back from a backup.', documents.damaged.length));
  if ('error' in record) found.push(l10n.t('The activity record could not be read. {0}', errorSentence(record.error)));
  else if (record.problems.length > 0) found.push(recordSentence(record));
  if (openToOthers !== null && openToOthers.length > 0) found.push(l10n.t('Others on this machine may look into {0} of your files. Take that right away from them.', openToOthers.length));
  if (backup === null) found.push(isSound(report) ? l10n.t('Everything is as it was written, but there is no backup yet. Back up now.') : l10n.t('There is no backup yet. Back up now.'));
  else if (backup.soundness === 'damaged') found.push(l10n.t('The newest backup is damaged. Back up now.'));
  else if (backup.soundness === 'not-proved') found.push(l10n.t('The newest backup is not proved yet. Prove it.'));
  return found;
}

/** Everything that was looked at, also where there is nothing to do. */
export function checkDetails(report: CheckReport): string {
  const { store, documents, record, openToOthers, backup } = report;
  const lines = [
    store.state === 'proved'
      ? l10n.t('Every byte of the store was read, put together anew, and compared: {0}.', memoryWords(store.summary.tables['slice'] ?? 0))
      : errorSentence(store.error),
    ...(store.state === 'proved' ? Object.entries(store.summary.tables).map(([table, rows]) => `  ${table}: ${String(rows)}`) : []),
    l10n.t('Documents: {0}, damaged: {1}', documents.count, documents.damaged.length),
    'error' in record ? errorSentence(record.error) : recordSentence(record),
    openToOthers === null ? l10n.t('This system keeps no permissions that could be checked.') : l10n.t('Files that others may look into: {0}', openToOthers.length),
    ...(openToOthers ?? []).map((file) => `  ${file}`),
    backup === null ? l10n.t('There is no backup yet.') : l10n.t('Newest backup: {0}', new Date(backup.madeAt).toLocaleString()),
    ...checkFindings(report),
  ];
  return `${lines.join('\n')}\n`;
}
