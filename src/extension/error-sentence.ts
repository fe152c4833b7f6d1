import { l10n } from 'vscode';
import type { ErrorCode, ErrorData } from '../shared/errors.ts';

/** What happened and what to do, in the reader's language. Ends with the server's or the system's own words where there are any. */
export function errorSentence({ code, parameters }: ErrorData): string {
  const text = sentences[code]();
  const detail = parameters['detail'];
  return detail === undefined || detail === '' ? text : l10n.t('{0} ({1})', text, String(detail));
}

const sentences: Readonly<Record<ErrorCode, () => string>> = {
  'store-read-only': () => l10n.t('The data folder cannot be written. Check its permissions and the space on the disk, then try again.'),
  'store-full': () => l10n.t('The disk is full. Free some space, then try again. Nothing that was saved is lost.'),
  'store-not-known-saved': () => l10n.t('It is not known whether this was saved. Try again; nothing is stored twice.'),
  'store-damaged': () => l10n.t('A file of the store is damaged. It is kept; open the chat to see what can be read.'),
  'store-newer-schema': () => l10n.t('A newer Hearthlink has changed the store. Reload this window to go on with that one, or go back to a backup that this one can read.'),
  'store-not-migrated': () => l10n.t('This Hearthlink could not bring your data up to date. Nothing was changed. Go back to an earlier backup, or install the Hearthlink you had.'),
  'store-locked': () => l10n.t('Your data is locked. Unlock it with the passphrase or the recovery key.'),
  'store-stopped': () => l10n.t('The store stopped. Try again; it starts by itself.'),
  'store-timeout': () => l10n.t('The store did not answer in time. Try again.'),
  conflict: () => l10n.t('This was changed elsewhere in the meantime. Look at it again, then repeat the change.'),
  'not-found': () => l10n.t('This is no longer there.'),
  'invalid-transition': () => l10n.t('This chat cannot be changed in that way now.'),
  'invalid-input': () => l10n.t('That cannot be used here. Check what you entered.'),
  'forgotten-before': () => l10n.t('You asked to forget this before, so it was not learned again.'),
  'secret-not-kept': () => l10n.t('This looks like a secret. Secrets are not remembered.'),
  'model-not-running': () => l10n.t('Ollama is not answering. Start it, then try again.'),
  'model-wrong-server': () => l10n.t('What answers at this address is not Ollama. Check the endpoint in the settings.'),
  'model-missing': () => l10n.t('This model is not installed. Pull it, or choose another.'),
  'model-unsupported': () => l10n.t('This model cannot do that. Choose another.'),
  'model-context-overflow': () => l10n.t('This is longer than the model can read. Shorten it or raise the context size.'),
  'model-busy': () => l10n.t('Ollama is busy. Try again in a moment.'),
  'model-load-failed': () => l10n.t('The model could not be loaded. Try a smaller one.'),
  'model-crashed': () => l10n.t('The model stopped in mid-sentence. Try again, or use a smaller one.'),
  'model-stream-cut': () => l10n.t('The reply broke off. Try again.'),
  'model-silent': () => l10n.t('The model went silent. Try again.'),
  'model-bad-output': () => l10n.t('The model answered in a form that cannot be used. Try again, or use another model.'),
  'model-server-error': () => l10n.t('Ollama reported an error.'),
  'model-circuit-open': () => l10n.t('Ollama failed several times, so it is left alone for a minute. Check Ollama to try at once.'),
  'model-none-chosen': () => l10n.t('There is no model yet. Pull one to talk.'),
  cancelled: () => l10n.t('Stopped.'),
  'view-timeout': () => l10n.t('The view did not answer in time. Reload the window if it stays so.'),
  'view-bad-message': () => l10n.t('The view and the extension do not understand each other. Reload the window.'),
  'attachment-unreadable': () => l10n.t('This file cannot be read as text.'),
  'import-unreadable': () => l10n.t('This file cannot be imported. Nothing was changed.'),
  'import-too-large': () => l10n.t('This file is too large to be imported at once. Split it, then import the parts.'),
  'import-empty': () => l10n.t('There is nothing in this file that could be imported.'),
  'archive-damaged': () => l10n.t('This backup is damaged, so nothing was restored from it. Choose another one.'),
  'archive-newer': () => l10n.t('A newer Hearthlink made this backup. Update Hearthlink to open it.'),
  'archive-locked': () => l10n.t('This backup is encrypted. Unlock your data with the passphrase or the recovery key to open it.'),
  'archive-wrong-key': () => l10n.t('This backup was encrypted with another key, so it cannot be opened here.'),
  'archive-refused': () => l10n.t('This file cannot be used as a backup. Nothing was changed.'),
  'backup-busy': () => l10n.t('Hearthlink is busy with backups, perhaps in another window. Try again in a moment.'),
  'backup-incomplete': () => l10n.t('This backup needs an earlier one that is gone or damaged. Choose another one.'),
  'keys-damaged': () => l10n.t('The file with the keys is damaged. Copy it back from another place where you keep it, then try again.'),
  'passphrase-weak': () => l10n.t('This passphrase could be guessed. Use four or more words that do not belong together.'),
  'recovery-key-mistyped': () => l10n.t('This is not the recovery key that was shown. Check it for a mistyped character.'),
  'vault-locked': () => l10n.t('Your data is locked. Unlock it with the passphrase or the recovery key.'),
  'vault-refused': () => l10n.t('That does not unlock your data.'),
  'vault-closed': () => l10n.t('Too many wrong tries. Wait a few minutes, then try again.'),
  internal: () => l10n.t('Something went wrong in Hearthlink. The log has the details.'),
};
