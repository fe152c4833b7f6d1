import { l10n, ProgressLocation, window } from 'vscode';
import { encrypt as encryptBackups, unlock } from '../../operations/keys/encryption-flows.ts';
import type { KeyQuestions } from '../../operations/keys/key-questions.ts';
import type { ContentEncryption } from '../../operations/keys/store-encryption.ts';
import type { Vault } from '../../operations/keys/vault.ts';
import type { EncryptionReport } from '../../store/port.ts';

export interface StoreEncryptionSources {
  readonly vault: Vault;
  readonly ask: KeyQuestions;
  readonly content: ContentEncryption;
}

/** Encrypts chats and memories where they lie; backups too, where these are not yet. */
export async function encryptStore({ vault, ask, content }: StoreEncryptionSources): Promise<void> {
  if ((await encryptBackups(vault, ask)) === null) return;
  const go = l10n.t('Encrypt');
  const detail = l10n.t('They are written anew, and what can be read of them is removed from their folder. From then on they open only while Hearthlink is unlocked. Backups that were made before encryption was turned on stay as they are. Without your passphrase and your recovery key nobody can bring them back.');
  if ((await window.showWarningMessage(l10n.t('Encrypt your chats and memories?'), { modal: true, detail }, go)) !== go) return;
  const report = await withProgress(l10n.t('Encrypting your chats and memories'), () => content.encrypt());
  tell(report, l10n.t('Your chats and memories are encrypted.'));
}

/** Lays chats and memories open again; backups stay encrypted. */
export async function decryptStore({ vault, ask, content }: StoreEncryptionSources): Promise<void> {
  if (!(await content.isEncrypted())) {
    void window.showInformationMessage(l10n.t('Your chats and memories are not encrypted.'));
    return;
  }
  if ((await vault.status()).isLocked && (await unlock(vault, ask)) === null) return;
  const go = l10n.t('Stop encrypting');
  const detail = l10n.t('Whoever gets at their folder can read them then. Backups stay encrypted.');
  if ((await window.showWarningMessage(l10n.t('Stop encrypting your chats and memories?'), { modal: true, detail }, go)) !== go) return;
  const report = await withProgress(l10n.t('Decrypting your chats and memories'), () => content.decrypt());
  tell(report, l10n.t('Your chats and memories are not encrypted any more.'));
}

async function withProgress<Result>(title: string, run: () => Promise<Result>): Promise<Result> {
  return window.withProgress({ location: ProgressLocation.Notification, title }, run);
}

function tell({ filesLeft }: EncryptionReport, done: string): void {
  if (filesLeft === 0) void window.showInformationMessage(done);
  else void window.showWarningMessage(l10n.t('{0} Another window was still at work, so some older files could not be removed yet. Run this again once it is closed.', done));
}
