import { window } from 'vscode';
import { hasLockedBackups } from '../operations/keys/encryption-flows.ts';
import type { KeyQuestions } from '../operations/keys/key-questions.ts';
import type { ContentEncryption } from '../operations/keys/store-encryption.ts';
import type { Vault } from '../operations/keys/vault.ts';
import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { EncryptionAction, EncryptionView } from '../shared/protocol/backups-encryption.ts';
import { actOnEncryption, encryptionCommands, type EncryptionCommands } from './backups/encryption-commands.ts';
import { keyPrompts } from './backups/key-prompts.ts';
import { lockNotices } from './backups/lock-notices.ts';
import { decryptStore, encryptStore } from './backups/store-encryption-commands.ts';
import { passphraseJudge } from './compose-vault.ts';
import { errorSentence } from './error-sentence.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';
import { readSettings } from './settings.ts';

export interface ComposedEncryption extends Disposable {
  readonly commands: EncryptionCommands;
  readonly act: (action: EncryptionAction) => Promise<void>;
  readonly view: () => Promise<EncryptionView>;
  /** Has what a person is about to do unlocked, where it is locked. False when they turned away. */
  readonly unlockFor: (doing: 'writing' | 'reading') => Promise<boolean>;
}

/** What people do with the keys, and what they are told of them. */
export function composeEncryption(
  { context, log }: Hearth,
  { timers }: MachinePorts,
  { vault, content }: { readonly vault: Vault; readonly content: ContentEncryption },
): ComposedEncryption {
  const ask: KeyQuestions = keyPrompts(passphraseJudge(context), timers);
  const act = (action: EncryptionAction): Promise<void> => {
    if (action === 'encrypt-store') return encryptStore({ vault, ask, content });
    if (action === 'decrypt-store') return decryptStore({ vault, ask, content });
    return actOnEncryption(action, { vault, ask, isStoreEncrypted: () => content.isEncrypted() });
  };
  const unlock = async (): Promise<void> => {
    try {
      await act('unlock');
    } catch (error) {
      void window.showErrorMessage(errorSentence(HearthlinkError.from(error)));
    }
  };
  const notices = lockNotices(vault, unlock);
  vault.start().catch((error: unknown) => { log.warn('the keys could not be looked at', { code: HearthlinkError.from(error).code }); });
  return {
    commands: encryptionCommands(act),
    act,
    view: async () => {
      const { encryption, ...status } = await vault.status();
      return { state: encryption, ...status, isStoreEncrypted: await content.isEncrypted(), lockAfterMinutes: readSettings().lockAfterMinutes };
    },
    unlockFor: async (doing) => {
      const isNeeded = (): Promise<boolean> => (doing === 'writing' ? vault.isWaiting() : hasLockedBackups(vault));
      if (!(await isNeeded())) return true;
      if (doing === 'reading') {
        // Where the keys are damaged, a backup that needs none can still be read.
        await unlock();
        return true;
      }
      await act('unlock');
      return !(await isNeeded());
    },
    dispose: () => { notices.dispose(); },
  };
}
