import { ThemeColor, l10n, type StatusBarItem } from 'vscode';
import type { ChatSnapshot, ConnectionView } from '../shared/protocol/chat-views.ts';
import { errorSentence } from './error-sentence.ts';
import { messageWords } from './transfer/count-words.ts';

export interface StatusFacts {
  readonly connection: ConnectionView;
  readonly store: ChatSnapshot['store'];
  /** Whether what can be made again waits for room on the disk. */
  readonly isDiskLow: boolean;
}

interface StatusLine {
  readonly text: string;
  readonly tooltip: string;
  readonly warns: boolean;
}

/** Shows in the one status bar item what needs attention, the store before the model; just the flame when nothing does. */
export function showStatus(item: StatusBarItem, facts: StatusFacts): void {
  const { text, tooltip, warns } = lineOf(facts);
  item.text = text;
  item.backgroundColor = warns ? new ThemeColor('statusBarItem.warningBackground') : undefined;
  item.tooltip = tooltip;
  item.accessibilityInformation = { label: tooltip, role: 'button' };
}

function lineOf({ connection, store, isDiskLow }: StatusFacts): StatusLine {
  const warning = '$(flame) $(warning)';
  if (store.unsaved !== undefined) return { text: `${warning} ${l10n.t('{0} not saved', store.unsaved.messages)}`, tooltip: unsavedSentence(store.unsaved), warns: true };
  // Somebody wanted it so, or it was to happen after a while.
  if (store.state === 'locked' && store.error !== null) return { text: '$(flame) $(lock)', tooltip: errorSentence(store.error), warns: false };
  if (store.error !== null) return { text: warning, tooltip: errorSentence(store.error), warns: true };
  if (isDiskLow) {
    return { text: warning, tooltip: l10n.t('The disk is nearly full. Chats are saved as ever; backups and looking for facts wait until there is room.'), warns: true };
  }
  switch (connection.state) {
    case 'offline': return { text: '$(flame) $(plug)', tooltip: errorSentence(connection.error), warns: false };
    case 'ready': return { text: '$(flame)', tooltip: l10n.t('Hearthlink: talk with Alden through {0}', connection.model), warns: false };
    case 'unknown':
    case 'no-model': return { text: '$(flame)', tooltip: l10n.t('Hearthlink: open chat'), warns: false };
  }
}

function unsavedSentence({ messages, error }: NonNullable<StatusFacts['store']['unsaved']>): string {
  return l10n.t('Not saved yet: {0}. {1} Saving is tried again by itself.', messageWords(messages), errorSentence(error));
}
