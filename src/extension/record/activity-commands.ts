import path from 'node:path';
import { Uri, l10n, window, type QuickPickItem } from 'vscode';
import type { AuditLog } from '../../operations/audit/audit-log.ts';
import type { AuditRecord } from '../../operations/audit/audit-record.ts';
import { auditBytes, auditLines } from '../../operations/audit/audit-reading.ts';
import { verifyAuditLog, type AuditProblem, type AuditVerdict } from '../../operations/audit/audit-verifying.ts';
import type { Commands } from '../command-names.ts';
import type { ReadOnlyDocuments } from '../read-only-documents.ts';
import { writePieces } from '../write-pieces.ts';
import { activityLine } from './activity-words.ts';

export interface ActivityParts {
  readonly audit: AuditLog;
  /** Of the record. */
  readonly folder: string;
  readonly documents: ReadOnlyDocuments;
  /** Where the dialogue for an export begins. */
  readonly exportFolder: Uri;
}

/** More than anybody reads; an export has everything. */
const mostShown = 5000;

export function activityCommands(parts: ActivityParts): Pick<Commands, 'showActivity' | 'exportActivity' | 'verifyActivity'> {
  return {
    showActivity: () => showActivity(parts),
    exportActivity: () => exportActivity(parts),
    verifyActivity: () => verifyActivity(parts),
  };
}

interface Filter extends QuickPickItem {
  readonly shows: (record: AuditRecord) => boolean;
}

async function showActivity({ audit, folder, documents }: ActivityParts): Promise<void> {
  const isAbout = (...subjects: readonly string[]) => ({ action }: AuditRecord): boolean => subjects.some((subject) => action.startsWith(`${subject}.`));
  const filters: readonly Filter[] = [
    { label: l10n.t('Everything'), shows: () => true },
    { label: l10n.t('Memories and chats'), shows: isAbout('memory', 'chat') },
    { label: l10n.t('Backups and the store'), shows: isAbout('backup', 'store') },
    { label: l10n.t('Keys'), shows: isAbout('keys') },
    { label: l10n.t('Settings'), shows: isAbout('settings') },
    { label: l10n.t('What was refused or failed'), shows: ({ outcome }) => outcome !== 'done' },
  ];
  const filter = await window.showQuickPick(filters, { title: l10n.t('Activity record'), placeHolder: l10n.t('It says what was done, never what was said.') });
  if (filter === undefined) return;
  await audit.flush();
  const shown: string[] = [];
  for await (const { record } of auditLines(folder)) {
    if (record === null || !filter.shows(record)) continue;
    shown.push(activityLine(record));
    if (shown.length > mostShown) shown.shift();
  }
  if (shown.length === 0) return void window.showInformationMessage(l10n.t('Nothing of this kind was recorded.'));
  await documents.show(l10n.t('Activity record'), `${shown.toReversed().join('\n')}\n`);
}

/** The lines as they stand, so that the copy can be verified too. */
async function exportActivity({ audit, folder, exportFolder }: ActivityParts): Promise<void> {
  const target = await window.showSaveDialog({
    title: l10n.t('Export the activity record'),
    defaultUri: Uri.joinPath(exportFolder, 'hearthlink-activity.jsonl'),
    filters: { [l10n.t('JSON lines')]: ['jsonl'] },
  });
  if (target === undefined) return;
  await audit.flush();
  await writePieces(target.fsPath, auditBytes(folder));
  audit.note({ action: 'record.exported' });
  void window.showInformationMessage(l10n.t('Exported to {0}.', path.basename(target.path)));
}

async function verifyActivity({ audit, folder }: ActivityParts): Promise<void> {
  await audit.flush();
  const verdict = await verifyAuditLog(folder);
  if (verdict.problems.length === 0) void window.showInformationMessage(recordSentence(verdict));
  else void window.showWarningMessage(recordSentence(verdict));
}

/** What going along the chain has found. */
export function recordSentence({ lines, problems }: AuditVerdict): string {
  const [first] = problems;
  if (first === undefined) return l10n.t('The activity record is whole: {0} lines, none changed, removed or put elsewhere.', lines);
  return l10n.t('The activity record was altered. {0}', problemWords(first));
}

function problemWords({ type, file, line }: AuditProblem): string {
  switch (type) {
    case 'changed': return l10n.t('Line {0} of {1} is not as it was written.', line, file);
    case 'missing': return l10n.t('At line {0} of {1} lines are missing, or stand in another order.', line, file);
    case 'noted': return l10n.t('Its end had been altered before line {0} of {1} was written.', line, file);
    case 'no-head': return l10n.t('The file HEAD is missing, so lines at the end may be.');
  }
}
