import { ProgressLocation, l10n, window } from 'vscode';
import { checkMyData, isSound, type CheckParts } from '../../operations/check/check-my-data.ts';
import type { ReadOnlyDocuments } from '../read-only-documents.ts';
import { checkDetails, checkFindings } from './check-words.ts';

export interface CheckCommandParts extends CheckParts {
  readonly documents: ReadOnlyDocuments;
}

const megabyte = 1024 * 1024;

/** Runs the proofs of a backup on the live data, and says in a sentence what was found and what to do. */
export async function checkData(parts: CheckCommandParts): Promise<void> {
  const title = l10n.t('Checking your data');
  const report = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    const stopping = new AbortController();
    token.onCancellationRequested(() => { stopping.abort(); });
    return checkMyData(parts, stopping.signal, (bytes) => { progress.report({ message: l10n.t('{0} MB read', Math.round(bytes / megabyte)) }); });
  });
  const [worst = l10n.t('Your data is whole and safe.'), ...others] = checkFindings(report);
  const details = l10n.t('Show details');
  const sentence = others.length === 0 ? worst : l10n.t('{0} There is more to look at.', worst);
  const asked = isSound(report) ? window.showInformationMessage(sentence, details) : window.showWarningMessage(sentence, details);
  if ((await asked) === details) await parts.documents.show(title, checkDetails(report));
}
