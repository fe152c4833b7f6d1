import { l10n } from 'vscode';

/** How many there are, in words: "1 chat", "12 chats". */
export function chatWords(count: number): string {
  return count === 1 ? l10n.t('1 chat') : l10n.t('{0} chats', count);
}

export function messageWords(count: number): string {
  return count === 1 ? l10n.t('1 message') : l10n.t('{0} messages', count);
}

export function memoryWords(count: number): string {
  return count === 1 ? l10n.t('1 memory') : l10n.t('{0} memories', count);
}
