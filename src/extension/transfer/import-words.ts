import { l10n } from 'vscode';
import type { ImportSummary } from '../../operations/transfer/import-plan.ts';
import { refusals, type Refusal } from '../../operations/transfer/refusal.ts';
import type { HearthlinkError } from '../../shared/errors.ts';
import type { ImportSource } from '../../store/records.ts';
import { errorSentence } from '../error-sentence.ts';
import { chatWords, memoryWords, messageWords } from './count-words.ts';

/** What kind of file it is, as people call it. */
export function sourceName(source: ImportSource): string {
  switch (source) {
    case 'hearthlink': return l10n.t('a Hearthlink export');
    case 'chatgpt': return l10n.t('a ChatGPT export');
    case 'claude': return l10n.t('a Claude export');
    case 'mem0': return l10n.t('a mem0 export');
    case 'notes': return l10n.t('notes');
  }
}

/** What is in the file, and what of it cannot come along. */
export function summaryWords({ chats, messages, memories, from, to, leftOut }: ImportSummary): string {
  const parts = [
    ...(chats === 0 ? [] : [l10n.t('{0} with {1}', chatWords(chats), messageWords(messages))]),
    ...(memories === 0 ? [] : [memoryWords(memories)]),
  ];
  const dates = from === null || to === null ? '' : l10n.t('From {0} to {1}.', day(from), day(to));
  const missing = [
    ...(leftOut.attachments === 0 ? [] : [l10n.t('pictures and files ({0})', leftOut.attachments)]),
    ...(leftOut.messages === 0 ? [] : [l10n.t('messages of tools ({0})', leftOut.messages)]),
    ...(leftOut.unreadable === 0 ? [] : [l10n.t('entries that cannot be read ({0})', leftOut.unreadable)]),
  ];
  const rest = missing.length === 0 ? '' : l10n.t('Left out: {0}.', missing.join(', '));
  return [`${parts.join(', ')}.`, dates, rest, l10n.t('What is here already stays as it is. You can undo the whole import.')].filter((text) => text !== '').join('\n');
}

export function refusalSentence(error: HearthlinkError): string {
  const reason = refusals.find((one) => one === error.parameters['reason']);
  const place = String(error.parameters['place'] ?? '');
  const sentence = errorSentence(error.toData());
  return reason === undefined ? sentence : [sentence, reasonWords(reason, place)].join(' ');
}

function reasonWords(reason: Refusal, place: string): string {
  switch (reason) {
    case 'zip': return l10n.t('It is a ZIP file. Unpack it and choose conversations.json.');
    case 'not-text': return l10n.t('It is not a text.');
    case 'not-json': return place === '' ? l10n.t('It is not whole JSON.') : l10n.t('It stops being JSON at character {0}.', place);
    case 'too-deep': return l10n.t('It is nested deeper than any export.');
    case 'unknown-kind': return l10n.t('It is no export of Hearthlink, ChatGPT, Claude or mem0.');
    case 'newer': return l10n.t('A newer Hearthlink made it. Update first.');
    case 'malformed': return l10n.t('It was changed or is not whole, at {0}.', place);
  }
}

function day(at: number): string {
  return new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' });
}
