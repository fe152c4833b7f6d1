import { InputBoxValidationSeverity, Uri, env, l10n, window, workspace, type InputBoxValidationMessage } from 'vscode';
import type { KeyQuestions, SecretPurpose } from '../../operations/keys/key-questions.ts';
import { normalised, strengthOf, type GuessesOf, type PassphraseStrength } from '../../operations/keys/passphrase.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Timers } from '../../shared/ports.ts';
import { askInBox } from '../box-question.ts';
import { errorSentence } from '../error-sentence.ts';
import { typeWord } from '../type-word.ts';

/** Judging takes a thread, so it waits until somebody pauses. */
const judgeAfterMs = 300;

/** The questions about keys, in VS Code's own boxes. */
export function keyPrompts(guessesOf: GuessesOf, timers: Timers): KeyQuestions {
  return {
    newPassphrase: () => newPassphrase(guessesOf, timers),
    showRecoveryKey,
    recoveryKeyAgain: (take) =>
      askInBox({
        title: l10n.t('Your recovery key, again'),
        prompt: l10n.t('Type or paste it from where you keep it now. Nothing has changed until then.'),
        isHidden: false,
        take: (typed) => problemOf(() => take(typed)),
      }),
    secret: (purpose, take) => askInBox({ ...secretWords(purpose), isHidden: true, take: (typed) => problemOf(() => take(typed)) }),
    remember,
    newKey,
    turnOff,
    startOver,
  };
}

async function newPassphrase(guessesOf: GuessesOf, timers: Timers): Promise<string | null> {
  let passphrase = '';
  let cancelJudging = (): void => undefined;
  const isChosen = await askInBox({
    title: l10n.t('Choose a passphrase'),
    prompt: l10n.t('Four or more words that do not belong together are easy to keep in mind and hard to guess.'),
    isHidden: true,
    onType: (typed, say) => {
      cancelJudging();
      if (typed === '') return;
      cancelJudging = timers.after(judgeAfterMs, () => {
        void problemOf(async () => { say(strengthMessage(strengthOf(await guessesOf(normalised(typed))))); });
      });
    },
    take: (typed) => problemOf(async () => {
      if (strengthOf(await guessesOf(normalised(typed))) === 'guessable') throw new HearthlinkError('passphrase-weak');
      passphrase = typed;
    }),
  });
  cancelJudging();
  if (!isChosen) return null;
  const isSame = await askInBox({
    title: l10n.t('Your passphrase, again'),
    prompt: l10n.t('Nobody can tell it to you later. Without it, only the recovery key helps.'),
    isHidden: true,
    take: (typed) => Promise.resolve(normalised(typed) === normalised(passphrase) ? null : l10n.t('These are not the same. Type it once more, or press Escape and choose another.')),
  });
  return isSame ? passphrase : null;
}

function strengthMessage(strength: PassphraseStrength): InputBoxValidationMessage {
  switch (strength) {
    case 'guessable':
      return { message: l10n.t('This could be guessed. Add words that do not belong together.'), severity: InputBoxValidationSeverity.Warning };
    case 'good':
      return { message: l10n.t('Good. One more word makes it stronger still.'), severity: InputBoxValidationSeverity.Info };
    case 'strong':
      return { message: l10n.t('Strong.'), severity: InputBoxValidationSeverity.Info };
  }
}

/** Shown until it was copied or saved, or turned away. */
async function showRecoveryKey(recoveryKey: string): Promise<boolean> {
  const [copy, save] = [l10n.t('Copy'), l10n.t('Save to a file…')];
  const detail = l10n.t('{0}\n\nThis is your recovery key. It opens everything when the passphrase is lost, and it is not shown again. Keep it on paper or in a password manager, not beside your backups.', recoveryKey);
  for (;;) {
    const answer = await window.showInformationMessage(l10n.t('Keep your recovery key'), { modal: true, detail }, copy, save);
    if (answer === undefined) return false;
    if (answer === copy) {
      await env.clipboard.writeText(recoveryKey);
      return true;
    }
    if (await saveRecoveryKey(recoveryKey)) return true;
  }
}

async function saveRecoveryKey(recoveryKey: string): Promise<boolean> {
  const file = await window.showSaveDialog({
    title: l10n.t('Save your recovery key'),
    defaultUri: Uri.file('hearthlink-recovery-key.txt'),
    filters: { [l10n.t('Text')]: ['txt'] },
  });
  if (file === undefined) return false;
  await workspace.fs.writeFile(file, Buffer.from(`${l10n.t('Recovery key of Hearthlink')}\n${recoveryKey}\n`));
  return true;
}

function secretWords(purpose: SecretPurpose): { readonly title: string; readonly prompt: string } {
  const prompt = l10n.t('Your passphrase or your recovery key');
  switch (purpose.type) {
    case 'unlock':
      return { title: l10n.t('Unlock'), prompt };
    case 'change':
      return { title: l10n.t('Is it you?'), prompt: l10n.t('Your passphrase or your recovery key, as it is now') };
    case 'other-backups':
      return { title: l10n.t('Unlock {0} encrypted backups', purpose.backups), prompt: l10n.t('The passphrase or the recovery key they were made with') };
  }
}

async function remember(): Promise<boolean | null> {
  const ask = { label: l10n.t('Ask me at each start'), detail: l10n.t('Nothing on this computer opens your backups without you.'), remembers: false };
  const keep = { label: l10n.t('Remember on this computer'), detail: l10n.t('Your system keeps a key for you. After locking you still type.'), remembers: true };
  const picked = await window.showQuickPick([ask, keep], { title: l10n.t('When VS Code starts'), ignoreFocusOut: true });
  return picked?.remembers ?? null;
}

async function newKey(): Promise<boolean> {
  const make = l10n.t('Make a new key');
  const detail = l10n.t('New backups are encrypted with it. Older backups stay under their key, which is kept until they have left. Your passphrase and your recovery key stay the same.');
  return (await window.showInformationMessage(l10n.t('Make a new key?'), { modal: true, detail }, make)) === make;
}

function turnOff(): Promise<boolean> {
  const word = l10n.t('turn off');
  return typeWord({
    title: l10n.t('Turn off encryption'),
    word,
    prompt: l10n.t('New backups can be read by whoever gets at them. Older ones stay encrypted: to open them you need your passphrase or your recovery key, so keep these. Type {0} to go on.', word),
  });
}

function startOver(): Promise<boolean> {
  const word = l10n.t('start over');
  return typeWord({
    title: l10n.t('Start over with encryption'),
    word,
    prompt: l10n.t('For when your passphrase and your recovery key are both lost. Backups are made again and are not encrypted, until you encrypt them anew. Older encrypted backups can still be opened with their passphrase or recovery key, if you find one. Type {0} to go on.', word),
  });
}

/** Null where it went well; otherwise why not, for the reader. */
async function problemOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return problemWords(HearthlinkError.from(error));
  }
}

function problemWords(error: HearthlinkError): string {
  const { triesLeft, minutes } = error.parameters;
  if (error.code === 'vault-refused' && triesLeft !== undefined) return l10n.t('That does not open it. Tries left before it closes for 15 minutes: {0}.', triesLeft);
  if (error.code === 'vault-closed' && minutes !== undefined) return l10n.t('Too many wrong tries. It can be tried again in minutes: {0}.', minutes);
  return errorSentence(error);
}
