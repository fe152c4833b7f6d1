import { ThemeColor, l10n, type StatusBarItem } from 'vscode';
import type { ChatSnapshot, ConnectionView } from '../shared/protocol/chat-views.ts';
import { errorSentence } from './error-sentence.ts';

export interface StatusFacts {
  readonly connection: ConnectionView;
  readonly store: ChatSnapshot['store'];
}

/** Shows in the one status bar item what needs attention, the store before the model; just the flame when nothing does. */
export function showStatus(item: StatusBarItem, { connection, store }: StatusFacts): void {
  const trouble = store.error !== null ? errorSentence(store.error) : connection.state === 'offline' ? errorSentence(connection.error) : null;
  const text = trouble ?? (connection.state === 'ready' ? l10n.t('Hearthlink: talk with Alden through {0}', connection.model) : l10n.t('Hearthlink: open chat'));
  item.text = store.error !== null ? '$(flame) $(warning)' : connection.state === 'offline' ? '$(flame) $(plug)' : '$(flame)';
  item.backgroundColor = store.error === null ? undefined : new ThemeColor('statusBarItem.warningBackground');
  item.tooltip = text;
  item.accessibilityInformation = { label: text, role: 'button' };
}
