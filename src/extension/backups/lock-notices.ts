import { l10n, window } from 'vscode';
import type { Vault } from '../../operations/keys/vault.ts';
import type { Disposable } from '../../shared/events.ts';

/** Says some minutes before that the keys lock, and that they did, where nobody asked for it. */
export function lockNotices(vault: Vault, unlock: () => Promise<void>): Disposable {
  return vault.onEvent((event) => {
    if (event.type === 'locks-soon') void offerToStay(vault, event.minutesLeft, unlock);
    else if (event.type === 'locked' && event.by === 'idle') void offerToUnlock(unlock);
  });
}

/** VS Code keeps a question on the screen for as long as nobody answers it, so it may have locked meanwhile. */
async function offerToStay(vault: Vault, minutes: number, unlock: () => Promise<void>): Promise<void> {
  const stay = l10n.t('Stay unlocked');
  const question = l10n.t('What is encrypted locks soon, since Hearthlink was not used for a while. Minutes left: {0}.', minutes);
  if ((await window.showWarningMessage(question, stay)) !== stay) return;
  if ((await vault.status()).isLocked) await unlock();
  else vault.touch();
}

async function offerToUnlock(unlock: () => Promise<void>): Promise<void> {
  const again = l10n.t('Unlock…');
  const said = l10n.t('What is encrypted is locked, since Hearthlink was not used for a while. New backups wait until you unlock.');
  if ((await window.showInformationMessage(said, again)) === again) await unlock();
}
