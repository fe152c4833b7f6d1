import * as l10n from '@vscode/l10n';
import type { ErrorCode, ErrorData, ErrorParameters } from '../../shared/errors.ts';
import { counted } from './locale.ts';
import { numberWords } from './quantity-words.ts';

/** What a notice may offer to do about an error. */
export type Remedy = 'try-again' | 'other-model' | 'pull' | 'start' | 'open-log' | 'open-folder' | 'reload' | 'backups';

export interface ErrorText {
  /** What happened, in one sentence. */
  readonly title: string;
  /** The server's or the system's own words, quoted. */
  readonly detail?: string;
  /** What to do, where no button says it. */
  readonly advice?: string;
  readonly remedies: readonly Remedy[];
}

type Sentence = Omit<ErrorText, 'detail'>;

/** An error for the reader. Every code has a sentence. */
export function errorText({ code, parameters }: ErrorData): ErrorText {
  const sentence = sentences[code](parameters);
  const own = ownWords(code, parameters);
  return own === undefined ? sentence : { ...sentence, detail: own };
}

/** One line with the same content, for banners and announcements. */
export function errorLine(error: ErrorData): string {
  const { title, detail } = errorText(error);
  return detail === undefined ? title : `${title} ${detail}`;
}

/** Codes whose detail is what Ollama answered, and those whose detail comes from the operating system. */
const fromOllama: ReadonlySet<ErrorCode> = new Set([
  'model-missing', 'model-busy', 'model-load-failed', 'model-crashed', 'model-server-error', 'model-context-overflow',
]);
const fromSystem: ReadonlySet<ErrorCode> = new Set(['model-not-running', 'store-read-only', 'store-full', 'store-not-known-saved']);

function ownWords(code: ErrorCode, { detail }: ErrorParameters): string | undefined {
  if (detail === undefined || detail === '' || code === 'cancelled') return undefined;
  const words = String(detail);
  if (fromOllama.has(code)) return l10n.t('Ollama said: “{0}”', words);
  if (fromSystem.has(code)) return l10n.t('The system said: “{0}”', words);
  return l10n.t('Details: {0}', words);
}

/** The model's name, or a word for it. */
function modelOf({ model }: ErrorParameters): string {
  return model === undefined || model === '' ? l10n.t('The model') : String(model);
}

function secondsOf({ seconds }: ErrorParameters): number {
  return typeof seconds === 'number' ? seconds : 0;
}

function silentWords(seconds: number): string {
  return counted(seconds, l10n.t('The model was silent for {0} second.', seconds), l10n.t('The model was silent for {0} seconds.', seconds));
}

function restWords(seconds: number): string {
  return counted(
    seconds,
    l10n.t('Ollama failed several times, so it rests for {0} second more.', seconds),
    l10n.t('Ollama failed several times, so it rests for {0} seconds more.', seconds),
  );
}

/** Why a file is not taken for a backup. */
function refusalWords(reason: string | number | undefined): string {
  switch (reason) {
    case 'not-a-backup': return l10n.t('It is not a backup that Hearthlink made.');
    case 'not-a-file': return l10n.t('It is not a file.');
    case 'not-readable': return l10n.t('It cannot be read. Check its permissions.');
    case 'compression': return l10n.t('This VS Code cannot unpack it. Update VS Code, then try again.');
    case 'too-large': return l10n.t('There is more in it than it says. Nothing was changed.');
    default: return l10n.t('What it says of itself does not fit what is in it. Nothing was changed.');
  }
}

function triesLeftWords(tries: number): string {
  return counted(tries, l10n.t('{0} more try, then it closes for 15 minutes.', tries), l10n.t('{0} more tries, then it closes for 15 minutes.', tries));
}

function waitWords(minutes: number): string {
  return counted(minutes, l10n.t('Wait {0} minute, then try again.', minutes), l10n.t('Wait {0} minutes, then try again.', minutes));
}

const sentences: Readonly<Record<ErrorCode, (parameters: ErrorParameters) => Sentence>> = {
  'store-read-only': () => ({
    title: l10n.t('The data folder cannot be written.'),
    advice: l10n.t('Nothing new is saved until it can be written again.'),
    remedies: ['open-folder', 'try-again'],
  }),
  'store-full': () => ({
    title: l10n.t('The disk is full, so this was not kept.'),
    advice: l10n.t('Make room, then try again. What was kept before is safe.'),
    remedies: ['try-again'],
  }),
  'store-not-known-saved': () => ({
    title: l10n.t('It is not known whether this was saved.'),
    advice: l10n.t('Trying again is safe: nothing is kept twice.'),
    remedies: ['try-again', 'open-log'],
  }),
  'store-damaged': ({ file }) => ({
    title: file === undefined || file === '' ? l10n.t('A file of the store is damaged.') : l10n.t('A file of the store is damaged: {0}.', String(file)),
    advice: l10n.t('It is left as it is. Nothing is written until you choose how to go on.'),
    remedies: ['open-folder', 'open-log'],
  }),
  'store-newer-schema': () => ({
    title: l10n.t('A newer Hearthlink has opened this store.'),
    advice: l10n.t('Reload the window to use the newer one, or go back to a backup that this one can read. Until then nothing is written.'),
    remedies: ['reload', 'backups'],
  }),
  'store-not-migrated': () => ({
    title: l10n.t('This Hearthlink could not bring your data up to date.'),
    advice: l10n.t('Nothing was changed, and a backup was made before. Go back to an earlier backup, or install the Hearthlink you had.'),
    remedies: ['backups', 'open-log'],
  }),
  'store-locked': () => ({
    title: l10n.t('Your data is locked.'),
    advice: l10n.t('Unlock it with the passphrase or the recovery key.'),
    remedies: [],
  }),
  'store-stopped': () => ({
    title: l10n.t('The store has stopped.'),
    advice: l10n.t('What was saved is safe. Trying again starts it.'),
    remedies: ['try-again', 'open-log'],
  }),
  'store-timeout': () => ({
    title: l10n.t('The store did not answer in time.'),
    remedies: ['try-again', 'open-log'],
  }),
  conflict: () => ({
    title: l10n.t('This was changed elsewhere in the meantime.'),
    advice: l10n.t('Look at it again, then repeat what you wanted to do.'),
    remedies: [],
  }),
  'not-found': () => ({
    title: l10n.t('This is no longer there.'),
    advice: l10n.t('It may have been deleted or forgotten in another window.'),
    remedies: [],
  }),
  'invalid-transition': () => ({
    title: l10n.t('That cannot be done with this chat now.'),
    advice: l10n.t('Open it again, then repeat what you wanted to do.'),
    remedies: [],
  }),
  'invalid-input': () => ({
    title: l10n.t('That cannot be used here.'),
    advice: l10n.t('Change it, then try again.'),
    remedies: [],
  }),
  'forgotten-before': () => ({
    title: l10n.t('You asked to forget this before, so it is not learned again.'),
    advice: l10n.t('To keep it after all, say it in other words.'),
    remedies: [],
  }),
  'secret-not-kept': () => ({
    title: l10n.t('This looks like a secret, so it is not remembered.'),
    advice: l10n.t('Keys, tokens, passwords and card numbers are never kept as a memory.'),
    remedies: [],
  }),
  'model-not-running': () => ({
    title: l10n.t('Ollama is not answering.'),
    remedies: ['try-again', 'start'],
  }),
  'model-wrong-server': ({ endpoint }) => ({
    title:
      endpoint === undefined ? l10n.t('What answers there is not Ollama.') : l10n.t('What answers at {0} is not Ollama.', String(endpoint)),
    advice: l10n.t('Check the endpoint in the settings of Hearthlink.'),
    remedies: ['try-again'],
  }),
  'model-missing': (parameters) => ({
    title: l10n.t('{0} is not installed.', modelOf(parameters)),
    remedies: ['pull', 'other-model'],
  }),
  'model-unsupported': (parameters) => ({
    title: l10n.t('{0} cannot do that.', modelOf(parameters)),
    advice: l10n.t('Another model may.'),
    remedies: ['other-model'],
  }),
  'model-context-overflow': ({ promptTokens, contextTokens }) => ({
    title:
      typeof promptTokens === 'number' && typeof contextTokens === 'number'
        ? l10n.t('This is {0} tokens, and the model reads {1} at most.', numberWords(promptTokens), numberWords(contextTokens))
        : l10n.t('This is longer than the model can read.'),
    advice: l10n.t('Remove an attachment, shorten the message, or raise the context size in the settings.'),
    remedies: [],
  }),
  'model-busy': () => ({
    title: l10n.t('Ollama has too much to do right now.'),
    advice: l10n.t('Wait a moment, then try again.'),
    remedies: ['try-again'],
  }),
  'model-load-failed': (parameters) => ({
    title: l10n.t('{0} could not be loaded.', modelOf(parameters)),
    remedies: ['try-again', 'other-model'],
  }),
  'model-crashed': ({ detail }) => ({
    title: /out of memory|oom|memory/i.test(String(detail ?? '')) ? l10n.t('The model ran out of memory.') : l10n.t('The model stopped working.'),
    remedies: ['try-again', 'other-model'],
  }),
  'model-stream-cut': () => ({
    title: l10n.t('The connection to Ollama broke off.'),
    remedies: ['try-again'],
  }),
  'model-silent': (parameters) => ({
    title: silentWords(secondsOf(parameters)),
    advice: l10n.t('It may be too large for this machine, or busy with something else.'),
    remedies: ['try-again', 'other-model'],
  }),
  'model-bad-output': (parameters) => ({
    title: l10n.t('{0} answered in a form that cannot be used.', modelOf(parameters)),
    remedies: ['try-again', 'other-model'],
  }),
  'model-server-error': () => ({
    title: l10n.t('Ollama reported an error.'),
    remedies: ['try-again', 'open-log'],
  }),
  'model-circuit-open': (parameters) => ({
    title: restWords(secondsOf(parameters)),
    advice: l10n.t('Trying again asks it at once.'),
    remedies: ['try-again'],
  }),
  'model-none-chosen': () => ({
    title: l10n.t('No model is chosen yet.'),
    remedies: ['other-model', 'pull'],
  }),
  cancelled: () => ({ title: l10n.t('Stopped.'), remedies: [] }),
  'view-timeout': () => ({
    title: l10n.t('Hearthlink did not answer in time.'),
    advice: l10n.t('If it stays so, reload the window.'),
    remedies: ['try-again', 'reload'],
  }),
  'view-bad-message': () => ({
    title: l10n.t('The view and the extension do not understand each other.'),
    advice: l10n.t('This happens after an update. Reload the window.'),
    remedies: ['reload'],
  }),
  'attachment-unreadable': () => ({
    title: l10n.t('The attachment could not be read.'),
    advice: l10n.t('It may be too large, not a text, or gone.'),
    remedies: [],
  }),
  'import-unreadable': () => ({
    title: l10n.t('This file cannot be imported.'),
    advice: l10n.t('Nothing was changed.'),
    remedies: [],
  }),
  'import-too-large': () => ({
    title: l10n.t('This file is too large to be imported at once.'),
    advice: l10n.t('Split it, then import the parts.'),
    remedies: [],
  }),
  'import-empty': () => ({
    title: l10n.t('There is nothing in this file that could be imported.'),
    advice: l10n.t('Choose another file.'),
    remedies: [],
  }),
  'archive-damaged': ({ part }) => ({
    title: part === undefined || part === '' ? l10n.t('This backup is damaged.') : l10n.t('This backup is damaged: {0}.', String(part)),
    advice: l10n.t('Nothing was restored from it. Choose another one.'),
    remedies: [],
  }),
  'archive-newer': () => ({
    title: l10n.t('A newer Hearthlink made this backup.'),
    advice: l10n.t('Update Hearthlink to open it.'),
    remedies: [],
  }),
  'archive-locked': () => ({
    title: l10n.t('This backup is encrypted.'),
    advice: l10n.t('Unlock your data with the passphrase or the recovery key to open it.'),
    remedies: [],
  }),
  'archive-wrong-key': () => ({
    title: l10n.t('This backup was encrypted with another key.'),
    advice: l10n.t('It opens where the keys lie that it was made with.'),
    remedies: [],
  }),
  'archive-refused': ({ reason }) => ({
    title: l10n.t('This file cannot be used as a backup.'),
    advice: refusalWords(reason),
    remedies: [],
  }),
  'backup-busy': () => ({
    title: l10n.t('Hearthlink is busy with backups, perhaps in another window.'),
    advice: l10n.t('Try again in a moment.'),
    remedies: ['try-again'],
  }),
  'backup-incomplete': () => ({
    title: l10n.t('This backup needs an earlier one that is gone or damaged.'),
    advice: l10n.t('Choose another one.'),
    remedies: [],
  }),
  'keys-damaged': () => ({
    title: l10n.t('The file with the keys is damaged.'),
    advice: l10n.t('Copy it back from another place where you keep it, then try again.'),
    remedies: ['open-folder'],
  }),
  'passphrase-weak': () => ({
    title: l10n.t('This passphrase could be guessed.'),
    advice: l10n.t('Use four or more words that do not belong together.'),
    remedies: [],
  }),
  'recovery-key-mistyped': () => ({
    title: l10n.t('This is not the recovery key that was shown.'),
    advice: l10n.t('Check it for a mistyped character.'),
    remedies: [],
  }),
  'vault-locked': () => ({
    title: l10n.t('Your data is locked.'),
    advice: l10n.t('Unlock it with the passphrase or the recovery key.'),
    remedies: [],
  }),
  'vault-refused': ({ triesLeft }) => ({
    title: l10n.t('That does not unlock your data.'),
    advice: typeof triesLeft === 'number' ? triesLeftWords(triesLeft) : l10n.t('Check it, then try again.'),
    remedies: [],
  }),
  'vault-closed': ({ minutes }) => ({
    title: l10n.t('Too many wrong tries.'),
    advice: waitWords(typeof minutes === 'number' ? minutes : 15),
    remedies: [],
  }),
  internal: () => ({
    title: l10n.t('Something in Hearthlink went wrong.'),
    advice: l10n.t('The log says more. Nothing that was saved is lost.'),
    remedies: ['try-again', 'open-log'],
  }),
};
