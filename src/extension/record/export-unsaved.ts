import fs from 'node:fs/promises';
import path from 'node:path';
import { Uri, l10n, window } from 'vscode';
import type { UnsavedChat } from '../../agents/unsaved-messages.ts';
import type { UnsavedTurns } from '../../agents/unsaved-turns.ts';
import type { Audit } from '../../operations/audit/audit.ts';
import { storeFileError } from '../../store/files/file-error.ts';

/** Writes what is in memory alone into a file of the reader's choosing, best on another disk. It stays in memory, and is tried again. */
export async function exportUnsaved(unsaved: UnsavedTurns, folder: Uri, audit: Audit): Promise<void> {
  const chats = unsaved.chats();
  if (chats.length === 0) return void window.showInformationMessage(l10n.t('Everything is saved.'));
  const target = await window.showSaveDialog({
    title: l10n.t('Export what is not saved yet'),
    defaultUri: Uri.joinPath(folder, 'hearthlink-not-saved.md'),
    filters: { [l10n.t('Markdown, to read')]: ['md'] },
  });
  if (target === undefined) return;
  try {
    await fs.writeFile(target.fsPath, chats.map(chatText).join('\n'), { mode: 0o600, flush: true });
  } catch (error) {
    throw storeFileError(error);
  }
  audit.note({ action: 'chat.exported', what: 'unsaved', ids: chats.map(({ sessionId }) => sessionId) });
  void window.showInformationMessage(l10n.t('Exported to {0}. It holds everything in plain words: keep it where you trust.', path.basename(target.path)));
}

function chatText({ session, messages }: UnsavedChat): string {
  const turns = messages.map(({ role, createdAt, text, attachments }) => {
    const who = role === 'user' ? l10n.t('You') : 'Alden';
    const attached = attachments.map(({ label, text: content }) => `> ${label}\n\n${content}\n\n`).join('');
    return `## ${who}, ${new Date(createdAt).toLocaleString()}\n\n${attached}${text}\n`;
  });
  return [`# ${session?.title ?? l10n.t('A chat that goes on')}\n`, ...turns].join('\n');
}
