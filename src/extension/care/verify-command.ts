import { ProgressLocation, commands, l10n, window } from 'vscode';
import { remediesFor, verifyForgotten, type BackupSearch, type FilePlace, type Remedy, type Verification } from '../../memory/verify-forgotten.ts';
import { longestSearched, shortestSearched, type TextHolders } from '../../store/file-search.ts';
import type { Store } from '../../store/port.ts';

export interface VerifyCommandParts {
  readonly store: Store;
  /** Searched too, with all that is in them. */
  readonly backupSearch: () => BackupSearch;
  /** When the files are written anew by themselves; null when that is not known yet. */
  readonly nextPurge: () => number | null;
}

/** Asks for a text, searches everything for it, and says where it still is and what to do. The text is written down nowhere. */
export async function verifyForgottenMemory(parts: VerifyCommandParts): Promise<void> {
  const text = await window.showInputBox({
    title: l10n.t('Verify a forgotten memory'),
    prompt: l10n.t('Which words should be gone? They are searched for in every file of the store and in every backup, and are not kept.'),
    ignoreFocusOut: true,
    validateInput: (value) => {
      const { length } = Array.from(value.trim());
      if (length < shortestSearched) return l10n.t('At least {0} characters: shorter ones stand everywhere by chance.', shortestSearched);
      return length > longestSearched ? l10n.t('At most {0} characters. A part of it is enough.', longestSearched) : null;
    },
  });
  if (text === undefined) return;
  const verification = await search(parts, text);
  const remedies = remediesFor(verification);
  if (remedies.length === 0) {
    void window.showInformationMessage([l10n.t('It is gone. None of the {0} files holds it.', verification.filesSearched), ...notSearched(verification)].join(' '));
    return;
  }
  await offer(verification, remedies, parts.nextPurge());
}

function search(parts: VerifyCommandParts, text: string): Thenable<Verification> {
  const title = l10n.t('Every file is being searched…');
  return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => {
      stop.abort();
    });
    let told = 0;
    return verifyForgotten({ store: parts.store, backups: parts.backupSearch() }, text, {
      signal: stop.signal,
      progress: (share) => {
        progress.report({ increment: (share - told) * 100 });
        told = share;
      },
    });
  });
}

async function offer(verification: Verification, remedies: readonly Remedy[], nextPurge: number | null): Promise<void> {
  const sentences = [...remedies.map((remedy) => sentenceFor(remedy, verification, nextPurge)), ...notSearched(verification)];
  const wipe = l10n.t('Wipe now');
  const open = l10n.t('Open memory');
  const actions = [...(remedies.includes('forget') ? [open] : []), ...(remedies.includes('wait') || remedies.includes('purge') ? [wipe] : [])];
  const chosen = await window.showWarningMessage(sentences.join(' '), ...actions);
  if (chosen === wipe) await commands.executeCommand('hearthlink.wipeForgotten');
  if (chosen === open) await commands.executeCommand('hearthlink.openMemory');
}

function sentenceFor(remedy: Remedy, { holders, traces }: Verification, nextPurge: number | null): string {
  const inFiles = [...new Set(traces.filter(({ place }) => place !== 'backup').map(({ place }) => placeNames[place]()))].join(', ');
  switch (remedy) {
    case 'forget':
      return l10n.t('It is still remembered or said ({0}). Forget it there first.', holderNames(holders));
    case 'wait':
      return l10n.t('It is forgotten and about to be wiped. Until then it can be brought back.');
    case 'purge':
      return nextPurge === null
        ? l10n.t('It is forgotten, but still in {0} until the files are written anew, within an hour of use.', inFiles)
        : l10n.t('It is forgotten, but still in {0} until the files are written anew, about {1}.', inFiles, timeOf(nextPurge));
    case 'delete-backups':
      return l10n.t('These backups hold it: {0}. Delete them, or make new ones and let these go.', backupNames({ traces }));
  }
}

/** What is not known is said. */
function notSearched({ notSearched: names }: Pick<Verification, 'notSearched'>): readonly string[] {
  return names.length === 0 ? [] : [l10n.t('These backups could not be looked into, since they are locked, damaged or of a newer Hearthlink: {0}.', shortened(names))];
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

function holderNames(holders: TextHolders): string {
  const named: readonly (readonly [number, string])[] = [
    [holders.memories, l10n.t('memories: {0}', holders.memories)],
    [holders.messages, l10n.t('messages: {0}', holders.messages)],
    [holders.attachments, l10n.t('attachments: {0}', holders.attachments)],
    [holders.titles, l10n.t('titles of chats: {0}', holders.titles)],
    [holders.versions, l10n.t('earlier versions of memories: {0}', holders.versions)],
    [holders.jobs, l10n.t('background jobs: {0}', holders.jobs)],
  ];
  return named.flatMap(([count, name]) => (count === 0 ? [] : [name])).join(', ');
}

/** More would fill the screen. */
const backupsNamed = 5;

function backupNames({ traces }: Pick<Verification, 'traces'>): string {
  const names = [...new Set(traces.flatMap(({ file }) => (file.backupFolder === null ? [] : [file.name.split('/')[0] ?? file.name])))];
  return shortened(names);
}

function shortened(names: readonly string[]): string {
  return names.length <= backupsNamed ? names.join(', ') : l10n.t('{0} and {1} more', names.slice(0, backupsNamed).join(', '), names.length - backupsNamed);
}

const placeNames: Readonly<Record<FilePlace, () => string>> = {
  journal: () => l10n.t('the journal'),
  snapshot: () => l10n.t('the newest snapshot'),
  older: () => l10n.t('older files of the store'),
  copy: () => l10n.t('a copy that was kept'),
  index: () => l10n.t('the search index'),
  document: () => l10n.t('a document'),
  other: () => l10n.t('another file in the data folder'),
  backup: () => l10n.t('a backup'),
};
