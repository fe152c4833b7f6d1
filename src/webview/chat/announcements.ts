import * as l10n from '@vscode/l10n';
import type { MessageView } from '../../shared/protocol/chat-views.ts';
import { plainWords } from './plain-words.ts';

/** As much of a reply as is read out by itself. */
const spokenCharacters = 200;

/** What to say of the replies that `changed` has finished, one sentence for each that was still being written before. */
export function announcementsOf(before: readonly MessageView[], changed: readonly MessageView[], agentName: string): string[] {
  return changed.flatMap((message) => {
    const was = before.find(({ id }) => id === message.id);
    return was?.status === 'streaming' && message.status === 'complete' ? [finishedWords(message, agentName)] : [];
  });
}

function finishedWords({ text, origin, memories }: MessageView, agentName: string): string {
  if (origin === 'recall' && memories.length === 0) return l10n.t('No model spoke, and nothing like this was said or kept.');
  if (origin === 'recall') return l10n.t('No model spoke. From memory: {0}', spoken(memories.map((memory) => memory.text).join(' ')));
  return l10n.t('{0} replied: {1}', agentName, spoken(plainWords(text)));
}

/** The first 200 characters, cut at a word, and then "and more". */
export function spoken(text: string): string {
  const whole = text.replace(/\s+/g, ' ').trim();
  if (whole.length <= spokenCharacters) return whole;
  const cut = whole.slice(0, spokenCharacters);
  const atWord = cut.lastIndexOf(' ');
  return l10n.t('{0}, and more', atWord > spokenCharacters / 2 ? cut.slice(0, atWord) : cut);
}
