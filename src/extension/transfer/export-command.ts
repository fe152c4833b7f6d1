import fs from 'node:fs/promises';
import path from 'node:path';
import { ProgressLocation, Uri, l10n, window, type CancellationToken } from 'vscode';
import { exportAsMarkdown } from '../../operations/transfer/export-markdown.ts';
import { exportAsJson, type ExportCounts, type ReadPage } from '../../operations/transfer/export-text.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import { errorSentence } from '../error-sentence.ts';
import { chatWords, memoryWords, messageWords } from './count-words.ts';
import type { TransferParts } from './import-command.ts';

/** One page is made between two other calls of the store. */
const pageRows = 200;

export interface ExportParts extends TransferParts {
  /** Of the extension. */
  readonly version: string;
  /** Where the dialogue begins. */
  readonly folder: Uri;
}

/** Asks where to, and writes everything: JSON that can be imported again, or for a name that ends in `.md` a page to read. */
export async function exportEverything(parts: ExportParts): Promise<void> {
  const target = await window.showSaveDialog({
    title: l10n.t('Export everything'),
    defaultUri: Uri.joinPath(parts.folder, 'hearthlink-export.json'),
    filters: { [l10n.t('JSON, to import again')]: ['json'], [l10n.t('Markdown, to read')]: ['md'] },
  });
  if (target === undefined) return;
  try {
    const written = await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Exporting everything'), cancellable: true }, (progress, token) =>
      writeTo(parts, target, token, ({ chat, message, memory }) => { progress.report({ message: [chatWords(chat), messageWords(message), memoryWords(memory)].join(', ') }); }),
    );
    if (written) void window.showInformationMessage(l10n.t('Exported to {0}. It holds everything in plain words: keep it where you trust.', path.basename(target.path)));
  } catch (error) {
    const failure = HearthlinkError.from(error);
    parts.log.warn('an export failed', { code: failure.code });
    void window.showErrorMessage(errorSentence(failure.toData()));
  }
}

/** Beside its target, which stays as it was until all is written. False when it was cancelled. */
async function writeTo(parts: ExportParts, target: Uri, token: CancellationToken, onCounted: (counts: ExportCounts) => void): Promise<boolean> {
  if (target.scheme !== 'file') throw new HearthlinkError('invalid-input', { detail: target.scheme });
  const unfinished = `${target.fsPath}.unfinished`;
  const file = await fs.open(unfinished, 'w', 0o600);
  try {
    for await (const piece of pieces(parts, target, onCounted)) {
      if (token.isCancellationRequested) break;
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
    if (token.isCancellationRequested) await fs.rm(unfinished, { force: true });
  }
  if (token.isCancellationRequested) return false;
  await fs.rename(unfinished, target.fsPath);
  return true;
}

function pieces({ store, clock, version }: ExportParts, target: Uri, onCounted: (counts: ExportCounts) => void): AsyncIterable<string> {
  const readPage: ReadPage = (part, after) => store.transfer.exportPage({ part, after, limit: pageRows });
  const head = { exportedAt: clock.now(), madeBy: version };
  if (!target.path.endsWith('.md')) return exportAsJson(readPage, head, onCounted);
  return exportAsMarkdown(readPage, head, {
    title: l10n.t('What Hearthlink remembers'),
    kinds: { semantic: l10n.t('Facts'), procedural: l10n.t('Preferences'), working: l10n.t('For now') },
    chats: l10n.t('Chats'),
    you: l10n.t('You'),
    replaced: l10n.t('replaced'),
    untitled: l10n.t('A chat without a title'),
  });
}
