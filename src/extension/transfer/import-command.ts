import path from 'node:path';
import { ProgressLocation, l10n, window, type CancellationToken, type Progress, type Uri } from 'vscode';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock, IdSource, Log } from '../../shared/ports.ts';
import type { Store } from '../../store/port.ts';
import type { AddedRecords } from '../../store/transfer-port.ts';
import { chatWords, memoryWords, messageWords } from './count-words.ts';
import { ImportReader } from './import-reader.ts';
import { refusalSentence, sourceName, summaryWords } from './import-words.ts';

export interface TransferParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** dist/work-worker.cjs, absolute. */
  readonly workerFile: string;
}

/** Lets a person choose a file, shows what would come in, and brings it in as one step that can be undone. */
export async function importFromFile(parts: TransferParts): Promise<void> {
  const [chosen] = (await window.showOpenDialog({ title: l10n.t('Import memory'), openLabel: l10n.t('Read'), filters: { [l10n.t('Exports and notes')]: ['json', 'md', 'markdown', 'txt'] } })) ?? [];
  if (chosen !== undefined) await importFile(parts, chosen);
}

/** @param uri a file on this machine */
async function importFile(parts: TransferParts, uri: Uri): Promise<void> {
  try {
    const reader = await read(parts, uri);
    try {
      await confirmAndStore(parts, reader, path.basename(uri.path));
    } finally {
      reader.dispose();
    }
  } catch (error) {
    const failure = HearthlinkError.from(error);
    if (failure.code === 'cancelled') return;
    parts.log.warn('a file could not be imported', { code: failure.code, reason: String(failure.parameters['reason'] ?? '') });
    void window.showErrorMessage(refusalSentence(failure));
  }
}

async function read({ workerFile }: TransferParts, uri: Uri): Promise<ImportReader> {
  if (uri.scheme !== 'file') throw new HearthlinkError('not-found');
  const file = { path: uri.fsPath, name: path.basename(uri.path), uri: uri.toString() };
  return window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Reading {0}', file.name), cancellable: true }, (_, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => { abort.abort(); });
    return ImportReader.open(workerFile, file, abort.signal);
  });
}

async function confirmAndStore(parts: TransferParts, reader: ImportReader, name: string): Promise<void> {
  const { summary } = reader;
  const bringIn = l10n.t('Import');
  const question = l10n.t('Import {0}?', sourceName(summary.source));
  if ((await window.showInformationMessage(question, { modal: true, detail: summaryWords(summary) }, bringIn)) !== bringIn) return;
  const { store, clock, ids } = parts;
  const id = ids.next();
  await store.transfer.begin({ id, source: summary.source, name, at: clock.now() });
  const added = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Importing {0}', name), cancellable: true }, (progress, token) =>
    storeAll(parts, { id, reader }, progress, token),
  );
  if (added === null) {
    await takeOut(parts, id);
    return;
  }
  const undo = l10n.t('Undo');
  if ((await window.showInformationMessage(addedWords(added), undo)) === undo) await takeOut(parts, id);
}

/** Null when it was cancelled on the way. What fails on the way is taken out again before it is told. */
async function storeAll(
  parts: TransferParts,
  { id, reader }: { readonly id: string; readonly reader: ImportReader },
  progress: Progress<{ increment: number }>,
  token: CancellationToken,
): Promise<AddedRecords | null> {
  let sum: AddedRecords = { chats: 0, messages: 0, memories: 0, forgottenBefore: 0 };
  try {
    for (let records = await reader.next(); records !== null; records = await reader.next()) {
      if (token.isCancellationRequested) return null;
      const added = await parts.store.transfer.add({ importId: id, records, at: parts.clock.now() });
      sum = {
        chats: sum.chats + added.chats,
        messages: sum.messages + added.messages,
        memories: sum.memories + added.memories,
        forgottenBefore: sum.forgottenBefore + added.forgottenBefore,
      };
      progress.report({ increment: (records.length / reader.total) * 100 });
    }
    return sum;
  } catch (error) {
    await parts.store.transfer.undo({ id, at: parts.clock.now() });
    throw error;
  }
}

/** Lets a person choose an import, and takes it out again. */
export async function undoAnImport(parts: TransferParts): Promise<void> {
  const imports = (await parts.store.transfer.list()).filter(({ undoneAt }) => undoneAt === null);
  if (imports.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing was imported so far.'));
    return;
  }
  const chosen = await window.showQuickPick(
    imports.map(({ id, name, source, at, chats, memories }) => ({
      id,
      label: name,
      description: sourceName(source),
      detail: l10n.t('{0}: {1}, {2}', new Date(at).toLocaleString(), chatWords(chats), memoryWords(memories)),
    })),
    { title: l10n.t('Undo an import'), placeHolder: l10n.t('What it brought is removed for good') },
  );
  if (chosen !== undefined) await takeOut(parts, chosen.id);
}

async function takeOut({ store, clock }: TransferParts, id: string): Promise<void> {
  const { chats, memories, keptChats } = await store.transfer.undo({ id, at: clock.now() });
  const kept = keptChats === 0 ? '' : ` ${l10n.t('Kept, because it went on since: {0}.', chatWords(keptChats))}`;
  void window.showInformationMessage(l10n.t('Undone. Taken out again: {0}, {1}.', chatWords(chats), memoryWords(memories)) + kept);
}

function addedWords({ chats, messages, memories, forgottenBefore }: AddedRecords): string {
  const forgotten = forgottenBefore === 0 ? '' : ` ${l10n.t('Left out, because you forgot it: {0}.', memoryWords(forgottenBefore))}`;
  if (chats + messages + memories === 0) return l10n.t('Everything in this file is here already.') + forgotten;
  return l10n.t('Imported: {0} with {1}, and {2}.', chatWords(chats), messageWords(messages), memoryWords(memories)) + forgotten;
}
