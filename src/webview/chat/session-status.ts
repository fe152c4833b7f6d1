import * as l10n from '@vscode/l10n';
import type { ParametersOf } from '../../shared/protocol/channel.ts';
import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { SessionView } from '../../shared/protocol/chat-views.ts';

/** What a reader may make of a chat. */
export type ChosenStatus = ParametersOf<ChatProtocol, 'changeSessionStatus'>['to'];

/** Whether the chat goes on when something is written in it; one that is not stored yet does. */
export function takesMessages(session: SessionView | null): boolean {
  return session === null || session.status === 'active';
}

/** What a chat is beside being there, in a word; empty for one that simply goes on. */
export function statusWord({ status }: SessionView): string {
  switch (status) {
    case 'paused':
      return l10n.t('Paused');
    case 'closed':
      return l10n.t('Closed');
    case 'archived':
      return l10n.t('Archived');
    case 'active':
    case 'expired':
      return '';
  }
}

/** Stands before the title in the list. */
export function statusIcon({ status, temporary }: SessionView): string {
  switch (status) {
    case 'paused':
      return 'debug-pause';
    case 'closed':
      return 'pass';
    case 'archived':
      return 'archive';
    case 'active':
    case 'expired':
      return temporary ? 'clock' : 'comment';
  }
}
