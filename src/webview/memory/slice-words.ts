import * as l10n from '@vscode/l10n';
import type { ImportanceLevel, ScopeChoice, SliceKindView, SliceRow, Why } from '../../shared/protocol/memory-views.ts';
import { counted } from '../ui/locale.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { momentWords } from '../ui/time-words.ts';

/** How kinds, scopes and the like are called where a reader sees them. */

export const kinds: readonly SliceKindView[] = ['episodic', 'semantic', 'procedural', 'working'];

export function kindWord(kind: SliceKindView): string {
  switch (kind) {
    case 'episodic':
      return l10n.t('Said');
    case 'semantic':
      return l10n.t('Fact');
    case 'procedural':
      return l10n.t('Preference');
    case 'working':
      return l10n.t('For now');
  }
}

export const kindIcons: Readonly<Record<SliceKindView, string>> = { episodic: 'comment', semantic: 'bookmark', procedural: 'settings', working: 'clock' };

export const scopes: readonly ScopeChoice[] = ['shared', 'agent', 'workspace', 'other-workspace'];

export function scopeWords(scope: ScopeChoice, agentName: string): string {
  switch (scope) {
    case 'shared':
      return l10n.t('Shared by all agents');
    case 'agent':
      return l10n.t('{0} only', agentName);
    case 'workspace':
      return l10n.t('This workspace');
    case 'other-workspace':
      return l10n.t('Another workspace');
  }
}

export const importanceLevels: readonly ImportanceLevel[] = ['high', 'normal', 'low'];

export function importanceWord(level: ImportanceLevel): string {
  switch (level) {
    case 'high':
      return l10n.t('High');
    case 'normal':
      return l10n.t('Normal');
    case 'low':
      return l10n.t('Low');
  }
}

export const speakers = ['user', 'agent'] as const;

export function speakerWords(speaker: SliceRow['speaker'], agentName: string): string {
  return speaker === 'user' ? l10n.t('You') : agentName;
}

export const sources = ['chat', 'editor', 'user'] as const;

export function sourceKindWords(type: SliceRow['source']['type']): string {
  switch (type) {
    case 'chat':
      return l10n.t('Chats');
    case 'editor':
      return l10n.t('Files');
    case 'user':
      return l10n.t('Told by hand');
  }
}

/** Where a memory comes from, for its line: the chat's title, the file's name. */
export function sourceWords({ type, title }: SliceRow['source']): string {
  if (title !== '') return title;
  switch (type) {
    case 'chat':
      return l10n.t('a chat');
    case 'editor':
      return l10n.t('the editor');
    case 'user':
      return l10n.t('told by you');
  }
}

/** Why a search brought it: "2 words", "close in meaning", "next to a match". */
export function whyWords({ words, meaning, neighbour }: Why): string {
  const parts = [
    ...(words.length === 0 ? [] : [counted(words.length, l10n.t('{0} word', words.length), l10n.t('{0} words', words.length))]),
    ...(meaning ? [l10n.t('close in meaning')] : []),
    ...(neighbour && words.length === 0 && !meaning ? [l10n.t('next to a match')] : []),
  ];
  return parts.join(' · ');
}

/** What else is to be said of a memory at the end of its line. */
export function standingWords({ replaced, archived, expiresAt }: SliceRow, now: number): string {
  if (replaced) return l10n.t('replaced');
  if (archived) return l10n.t('archived');
  if (expiresAt === null) return '';
  return expiresAt > now ? l10n.t('until {0}', momentWords(expiresAt, now)) : l10n.t('over since {0}', momentWords(expiresAt, now));
}

export function memoriesWords(count: number): string {
  return counted(count, l10n.t('{0} memory', numberWords(count)), l10n.t('{0} memories', numberWords(count)));
}
