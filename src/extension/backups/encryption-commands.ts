import { l10n, window } from 'vscode';
import * as flows from '../../operations/keys/encryption-flows.ts';
import type { KeyQuestions } from '../../operations/keys/key-questions.ts';
import type { Vault } from '../../operations/keys/vault.ts';
import type { EncryptionAction } from '../../shared/protocol/backups-encryption.ts';
import type { Commands } from '../command-names.ts';

export type EncryptionCommands = Pick<
  Commands,
  'encryptBackups' | 'changePassphrase' | 'newRecoveryKey' | 'makeNewKey' | 'rememberPassphrase' | 'lockNow' | 'unlock' | 'turnOffEncryption' | 'startOverWithEncryption' | 'encryptStore' | 'decryptStore'
>;

type KeyAction = Exclude<EncryptionAction, 'encrypt-store' | 'decrypt-store'>;

interface EncryptionSources {
  readonly vault: Vault;
  readonly ask: KeyQuestions;
  /** Whether chats and memories themselves are under the keys, too. */
  readonly isStoreEncrypted: () => Promise<boolean>;
}

/** Does what a person chose, and says what came of it. */
export async function actOnEncryption(action: KeyAction, { vault, ask, isStoreEncrypted }: EncryptionSources): Promise<void> {
  const outcome = await flowOf(action)(vault, ask);
  if (outcome === null) return;
  const words = outcome === 'locked' && (await isStoreEncrypted()) ? l10n.t('Locked. Your chats, memories and backups wait until you unlock.') : outcomeWords(outcome);
  void window.showInformationMessage(words);
}

export function encryptionCommands(act: (action: EncryptionAction) => Promise<void>): EncryptionCommands {
  const command = (action: EncryptionAction) => (): Promise<void> => act(action);
  return {
    encryptBackups: command('encrypt'),
    changePassphrase: command('change-passphrase'),
    newRecoveryKey: command('new-recovery-key'),
    makeNewKey: command('new-key'),
    rememberPassphrase: command('remember'),
    lockNow: command('lock'),
    unlock: command('unlock'),
    turnOffEncryption: command('turn-off'),
    startOverWithEncryption: command('start-over'),
    encryptStore: command('encrypt-store'),
    decryptStore: command('decrypt-store'),
  };
}

function flowOf(action: KeyAction): (vault: Vault, ask: KeyQuestions) => flows.Outcome {
  switch (action) {
    case 'encrypt':
      return flows.encrypt;
    case 'change-passphrase':
      return flows.changePassphrase;
    case 'new-recovery-key':
      return flows.newRecoveryKey;
    case 'new-key':
      return flows.makeNewKey;
    case 'remember':
      return flows.remember;
    case 'lock':
      return flows.lock;
    case 'unlock':
      return flows.unlock;
    case 'turn-off':
      return flows.turnOff;
    case 'start-over':
      return flows.startOver;
  }
}

function outcomeWords(outcome: flows.KeyOutcome): string {
  switch (outcome) {
    case 'encrypted':
      return l10n.t('New backups are encrypted from now on. Those made before are not, and your chats and memories themselves lie open beside them as before.');
    case 'already-encrypted':
      return l10n.t('Your backups are encrypted already.');
    case 'resumed':
      return l10n.t('New backups are encrypted again, with the passphrase and the recovery key you had.');
    case 'passphrase-changed':
      return l10n.t('Your passphrase is changed. A copy of the keys in a folder that is not here now still opens with the old one.');
    case 'recovery-key-changed':
      return l10n.t('You have a new recovery key. A copy of the keys in a folder that is not here now still opens with the old one.');
    case 'new-key':
      return l10n.t('New backups are encrypted with a new key from now on.');
    case 'remembered':
      return l10n.t('This computer remembers. You type again once you have locked.');
    case 'not-remembered':
      return l10n.t('You are asked at each start.');
    case 'locked':
      return l10n.t('Locked. What is encrypted cannot be read, and new backups wait, until you unlock. What is not encrypted stays open.');
    case 'unlocked':
      return l10n.t('Unlocked.');
    case 'adopted':
      return l10n.t('Unlocked. New backups are encrypted from now on; the passphrase and the recovery key are the ones of the backups found here.');
    case 'already-unlocked':
      return l10n.t('It is unlocked already.');
    case 'turned-off':
      return l10n.t('New backups are not encrypted any more. Older ones stay so: keep your passphrase or your recovery key for them.');
    case 'started-over':
      return l10n.t('Backups are made again, and are not encrypted. Hearthlink: Encrypt backups turns that on with a new passphrase. Older encrypted backups still open with what opened them.');
    case 'not-encrypted':
      return l10n.t('Nothing is encrypted. Hearthlink: Encrypt backups turns it on.');
    case 'no-copy':
      return l10n.t('There are encrypted backups here, but not the keys they need. Copy the file whose name begins with KEYS beside them, then try again.');
  }
}
