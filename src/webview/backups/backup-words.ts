import * as l10n from '@vscode/l10n';
import type {
  BackupActivityView, BackupHolds, BackupRow, BackupState, BackupVerdict, Comparison, RestoreOutcomeView,
} from '../../shared/protocol/backups-views.ts';
import { counted, currentLocale } from '../ui/locale.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { clockWords, daysAgo, momentWords, shortWords } from '../ui/time-words.ts';

/** What the backups view says. */

export interface VerdictWords {
  readonly icon: string;
  readonly iconClass: string;
  readonly title: string;
  readonly text: string;
}

export function verdictWords(verdict: BackupVerdict, now: number): VerdictWords {
  switch (verdict.type) {
    case 'none':
      return {
        icon: 'circle-outline',
        iconClass: '',
        title: l10n.t('There is no backup yet.'),
        text: l10n.t('The first one is made by itself once there is something to keep.'),
      };
    case 'proved':
      return {
        icon: 'verified',
        iconClass: 'good',
        title: l10n.t('Everything up to {0} is safe and proved.', momentWords(verdict.upTo, now)),
        text: provedWords(verdict.provedAt, verdict.holds, now),
      };
    case 'not-proved':
      return {
        icon: 'circle-outline',
        iconClass: '',
        title: l10n.t('There is a backup of {0}, but none that is proved.', momentWords(verdict.madeAt, now)),
        text: l10n.t('Prove it, and you know that it can be restored.'),
      };
    case 'locked':
      return {
        icon: 'lock',
        iconClass: 'warn',
        title: lockedWords(verdict.count),
        text: l10n.t('Unlock to see what is in them, to restore them and to go on backing up.'),
      };
    case 'unusable':
      return {
        icon: 'error',
        iconClass: 'bad',
        title: l10n.t('No backup can be restored.'),
        text: l10n.t('All of them are damaged, locked, or need one that is. Back up now to have one again.'),
      };
  }
}

/** Without a count there is none, or it is not known how many. */
function lockedWords(count: number): string {
  if (count === 0) return l10n.t('Backups are locked.');
  return counted(count, l10n.t('{0} backup is locked.', numberWords(count)), l10n.t('{0} backups are locked.', numberWords(count)));
}

function provedWords(provedAt: number, holds: BackupHolds | null, now: number): string {
  const when = momentWords(provedAt, now);
  if (holds === null) return l10n.t('The backup was restored into a scratch place {0} and compared.', when);
  return l10n.t('The backup was restored into a scratch place {0} and compared: {1} all came back.', when, bothWords(holds));
}

function bothWords({ memories, chats }: BackupHolds): string {
  return l10n.t('{0} and {1}', memoriesWords(memories), chatsWords(chats));
}

/** 1,249 memories and 207 chats. */
export function countsWords(holds: BackupHolds): string {
  return l10n.t('{0}.', bothWords(holds));
}

export function messagesWords(count: number): string {
  return counted(count, l10n.t('{0} message', numberWords(count)), l10n.t('{0} messages', numberWords(count)));
}

export function memoriesWords(count: number): string {
  return counted(count, l10n.t('{0} memory', numberWords(count)), l10n.t('{0} memories', numberWords(count)));
}

function chatsWords(count: number): string {
  return counted(count, l10n.t('{0} chat', numberWords(count)), l10n.t('{0} chats', numberWords(count)));
}

/** 1,249 memories, 207 chats; of changes only what there is more of. */
export function holdsWords({ kind, holds }: Pick<BackupRow, 'kind' | 'holds'>): string {
  if (holds === null) return l10n.t('Not counted');
  const { memories, chats } = holds;
  const parts = [memories > 0 || kind === 'full' ? memoriesWords(memories) : '', chats > 0 || kind === 'full' ? chatsWords(chats) : ''];
  const words = parts.filter((part) => part !== '').join(', ');
  return words === '' ? l10n.t('Small changes') : words;
}

/** Everything, before a restore. */
export function whatWords({ kind, by }: Pick<BackupRow, 'kind' | 'by'>): string {
  const what = kind === 'full' ? l10n.t('Everything') : l10n.t('Changes');
  switch (by) {
    case 'schedule':
      return what;
    case 'hand':
      return l10n.t('{0}, by hand', what);
    case 'before-restore':
      return l10n.t('{0}, before a restore', what);
    case 'before-migration':
      return l10n.t('{0}, before an update', what);
    case 'journal':
      return l10n.t('{0} since then, in the second folder', what);
  }
}

export function stateWords(state: BackupState, isIncomplete: boolean, now: number): { readonly icon: string; readonly iconClass: string; readonly words: string } {
  if (state.type === 'damaged') {
    return { icon: 'error', iconClass: 'bad', words: damagedWords(state.what) };
  }
  if (isIncomplete) return { icon: 'warning', iconClass: 'warn', words: l10n.t('An earlier one is missing') };
  if (state.type === 'proved') return { icon: 'verified', iconClass: 'good', words: l10n.t('Proved {0}', shortWords(state.at, now)) };
  return { icon: 'circle-outline', iconClass: '', words: l10n.t('Not proved yet') };
}

/** Which of its parts is not as it was written, as far as that says something to a person. */
export function damagedWords(part: string): string {
  if (part === 'header' || part === 'manifest') return l10n.t('Damaged at its beginning');
  if (part === 'end') return l10n.t('Damaged: its end is missing');
  if (part === 'records') return l10n.t('Damaged: the changes in it');
  if (part === 'index.bin' || part.startsWith('vectors')) return l10n.t('Damaged: what memories are found with');
  if (part.startsWith('blob-')) return l10n.t('Damaged: a document');
  if (part === 'settings.json') return l10n.t('Damaged: the settings');
  if (part === 'audit.jsonl') return l10n.t('Damaged: the activity record in it');
  if (part === 'logs.jsonl') return l10n.t('Damaged: the log in it');
  return part.endsWith('.sqlite') ? l10n.t('Damaged: chats and memories') : l10n.t('Damaged');
}

/** Comparing, 64 %: only where it can be told how much there is. */
export function activityWords(activity: Exclude<BackupActivityView, { type: 'idle' }>, now: number): string {
  const { type, done, total, startedAt } = activity;
  const doing = {
    starting: l10n.t('Starting'),
    writing: l10n.t('Backing up'),
    proving: l10n.t('Comparing'),
    restoring: l10n.t('Restoring'),
  }[type];
  if (total !== null && total > 0) return l10n.t('{0}, {1}', doing, percentWords(Math.min(1, done / total)));
  const seconds = Math.floor((now - startedAt) / 1000);
  return seconds < 2 ? doing : l10n.t('{0}, {1} s', doing, seconds);
}

function percentWords(part: number): string {
  return new Intl.NumberFormat(currentLocale(), { style: 'percent' }).format(Math.floor(part * 100) / 100);
}

/** 0.2 MB, 12 MB, 1.4 GB: the sizes of backups. */
export function sizeWords(bytes: number): string {
  const giga = bytes >= 1e9;
  const amount = bytes / (giga ? 1e9 : 1e6);
  const format = new Intl.NumberFormat(currentLocale(), { minimumFractionDigits: amount < 100 ? 1 : 0, maximumFractionDigits: amount < 100 ? 1 : 0 });
  const words = format.format(Math.max(amount, 0.1));
  return giga ? l10n.t('{0} GB', words) : l10n.t('{0} MB', words);
}

/** 55 backups in 412 MB, 86 GB free */
export function shelfWords(count: number, bytes: number, freeBytes: number | null): string {
  const backups = counted(count, l10n.t('{0} backup', numberWords(count)), l10n.t('{0} backups', numberWords(count)));
  if (freeBytes === null) return l10n.t('{0} in {1}', backups, sizeWords(bytes));
  return l10n.t('{0} in {1}, {2} free', backups, sizeWords(bytes), sizeWords(freeBytes));
}

export function kindWords(kind: Comparison['kind']): string {
  return { memories: l10n.t('Memories'), chats: l10n.t('Chats'), messages: l10n.t('Messages') }[kind];
}

/** When it was made, in a table that is grouped by day: a time today, a day before that. */
export function madeWords(at: number, now: number): string {
  if (daysAgo(at, now) === 0) return clockWords(at);
  return new Intl.DateTimeFormat(currentLocale(), { weekday: 'short', day: 'numeric', month: 'short' }).format(at);
}

export function everyHoursWords(hours: number): string {
  if (hours % 24 !== 0) return hours === 1 ? l10n.t('Every hour') : l10n.t('Every {0} hours', hours);
  const days = hours / 24;
  return days === 1 ? l10n.t('Every day') : l10n.t('Every {0} days', days);
}

/** Every 6 hours, next at 01:00, tomorrow at 01:00, or 28 Nov at 01:00; overdue ones are made soon. */
export function nextWords(hours: number, next: number, now: number): string {
  const every = everyHoursWords(hours);
  if (next <= now) return l10n.t('{0}, next when something changes', every);
  const days = -daysAgo(next, now);
  if (days === 0) return l10n.t('{0}, next at {1}', every, clockWords(next));
  return days === 1 ? l10n.t('{0}, next tomorrow at {1}', every, clockWords(next)) : l10n.t('{0}, next {1} at {2}', every, shortWords(next, now), clockWords(next));
}

/** What a restore is at, step by step. */
export function restoringWords(activity: BackupActivityView, now: number): string {
  switch (activity.type) {
    case 'idle':
    case 'starting':
      return l10n.t('Starting');
    case 'writing':
      return l10n.t('First, what is there now is backed up.');
    case 'proving':
      return l10n.t('That backup is being proved.');
    case 'restoring':
      return activityWords(activity, now);
  }
}

/** 1,239 memories, 205 chats and 3,120 messages are there. */
export function restoredWords(comparisons: RestoreOutcomeView['comparisons']): string {
  const count = (wanted: Comparison['kind']): number => comparisons.find(({ kind }) => kind === wanted)?.count ?? 0;
  return l10n.t('{0}, {1} and {2} are there.', memoriesWords(count('memories')), chatsWords(count('chats')), messagesWords(count('messages')));
}

/** What was kept over a restore, and what stays forgotten; empty where there was nothing. */
export function keptWords({ kept, keptForgotten }: Pick<RestoreOutcomeView, 'kept' | 'keptForgotten'>): string {
  const things = [kept.chats > 0 ? chatsWords(kept.chats) : '', kept.memories > 0 ? memoriesWords(kept.memories) : ''].filter((words) => words !== '');
  const sentences = [
    things.length > 0 ? l10n.t('Kept from what came since: {0}.', things.join(', ')) : '',
    keptForgotten > 0 ? counted(keptForgotten, l10n.t('{0} memory or message stays forgotten.', keptForgotten), l10n.t('{0} memories and messages stay forgotten.', keptForgotten)) : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** today 13:00, 19 Nov 18:59: a moment that one can go back to needs its time. */
export function exactWords(at: number, now: number): string {
  return daysAgo(at, now) <= 1 ? momentWords(at, now) : l10n.t('{0} {1}', shortWords(at, now), clockWords(at));
}
