import { l10n } from 'vscode';
import type { CommandName, CommandResult } from '../../agents/commands.ts';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import type { RecallHit } from '../../store/recall-port.ts';
import { memoryView } from './message-views.ts';

/** The answer of a slash command, in words and quoted memories. */
export function commandAnswer(result: CommandResult, undoMs: number): Pick<MessageView, 'text' | 'memories'> {
  const quoted = (hits: readonly RecallHit[]): MessageView['memories'] => hits.map(({ slice, why }) => memoryView(slice, undoMs, why.words));
  switch (result.outcome) {
    case 'remembered':
      return { text: l10n.t('Remembered.'), memories: [memoryView(result.slice, undoMs)] };
    case 'already-known':
      return { text: l10n.t('This was known already.'), memories: [memoryView(result.slice, undoMs)] };
    case 'forgotten-before':
      return { text: l10n.t('You asked to forget this before, so it was not learned again.'), memories: [] };
    case 'secret':
      return { text: l10n.t('This looks like a secret. Secrets are not remembered.'), memories: [] };
    case 'recalled':
      return {
        text: result.omitted === 0 ? l10n.t('This is remembered about it:') : l10n.t('This is remembered about it, and {0} more like it:', result.omitted),
        memories: quoted(result.hits),
      };
    case 'which-to-forget':
      return { text: l10n.t('Which of these shall be forgotten? The bin beside it does it, with a minute to undo.'), memories: quoted(result.hits) };
    case 'nothing-found':
      return { text: l10n.t('Nothing like that is remembered. Try fewer words.'), memories: [] };
    case 'needs-text':
      return { text: l10n.t('Say what, as in `{0}`.', usage(result.command)), memories: [] };
    case 'not-in-private':
      return { text: l10n.t('This is a private chat: nothing is recalled or kept here.'), memories: [] };
    case 'help':
      return { text: result.commands.map((command) => `- \`${usage(command)}\`: ${explain(command)}`).join('\n'), memories: [] };
  }
}

function usage(command: CommandName): string {
  switch (command) {
    case 'remember':
      return l10n.t('/remember We release on Thursdays');
    case 'forget':
      return l10n.t('/forget releases');
    case 'recall':
      return l10n.t('/recall releases');
    case 'help':
      return '/help';
  }
}

function explain(command: CommandName): string {
  switch (command) {
    case 'remember':
      return l10n.t('keeps that sentence');
    case 'forget':
      return l10n.t('shows what can be forgotten');
    case 'recall':
      return l10n.t('shows what is remembered about it');
    case 'help':
      return l10n.t('shows this');
  }
}
