import * as l10n from '@vscode/l10n';
import type { EncryptionView } from '../../shared/protocol/backups-encryption.ts';
import { counted } from '../ui/locale.ts';

/** What the backups view says about encryption. */

export interface EncryptionWords {
  readonly icon: string;
  readonly iconClass: string;
  readonly words: string;
}

export function encryptionWords({ state, isLocked }: Pick<EncryptionView, 'state' | 'isLocked'>): EncryptionWords {
  switch (state) {
    case 'never':
      return { icon: 'unlock', iconClass: '', words: l10n.t('Off. Whoever gets at a backup can read it.') };
    case 'off':
      return { icon: 'unlock', iconClass: '', words: l10n.t('Off. Older backups stay encrypted and need your passphrase or your recovery key.') };
    case 'damaged':
      return { icon: 'warning', iconClass: 'warn', words: l10n.t('The file with the keys is damaged. New backups wait.') };
    case 'on':
      return isLocked
        ? { icon: 'lock', iconClass: 'warn', words: l10n.t('Locked. New backups wait until you unlock.') }
        : { icon: 'lock', iconClass: 'good', words: l10n.t('On. New backups are encrypted.') };
  }
}

export function closedWords(minutes: number): string {
  return counted(
    minutes,
    l10n.t('Too many wrong tries. It opens again in {0} minute.', minutes),
    l10n.t('Too many wrong tries. It opens again in {0} minutes.', minutes),
  );
}

export function lockWords(minutes: number): string {
  if (minutes === 0) return l10n.t('Only when you lock it.');
  return counted(minutes, l10n.t('After {0} minute without use.', minutes), l10n.t('After {0} minutes without use.', minutes));
}

export function olderKeysWords(count: number): string {
  return counted(count, l10n.t('{0} older key is kept for older backups.', count), l10n.t('{0} older keys are kept for older backups.', count));
}
