import { byId, chainOf, inOrder, type JudgedBackup } from './backup-record.ts';
import { dayMs } from './schedule.ts';

/** For how many days all backups are kept, then one a day, then one a week: grandfather, father, son. */
export interface RetentionSettings {
  readonly allDays: number;
  readonly dailyDays: number;
  readonly weeklyDays: number;
}

export const defaultRetention: RetentionSettings = { allDays: 7, dailyDays: 30, weeklyDays: 90 };

/** Why a backup stays. */
export type KeepReason = 'recent' | 'daily' | 'weekly' | 'last-proved' | 'newest' | 'base';

export interface RetentionPlan {
  readonly kept: ReadonlyMap<string, KeepReason>;
  /** In the order in which they are to be removed: none before one that needs it. */
  readonly leaving: readonly string[];
}

/** Time without any backup counts as no more than this towards an age. */
const longestGapMs = 7 * dayMs;

/**
 * Which backups stay and which leave; a plan, nothing is removed. Whatever else holds: the last proved one stays, so does the newest, and
 * whatever one of those that stay needs to be read. Among those of one day or week a proved one is preferred, then everything over changes,
 * then the newer one.
 *
 * An age is the time in which backups went on being made. A gap between two counts as a week at most, so a clock that jumps ahead, or a
 * computer that lay unused for a year, makes nothing leave by itself.
 */
export function planRetention(backups: readonly JudgedBackup[], settings: RetentionSettings, now: number): RetentionPlan {
  const all = byId(backups);
  const kept = new Map<string, KeepReason>();
  const keep = (backup: JudgedBackup, reason: KeepReason): void => {
    if (!kept.has(backup.id)) kept.set(backup.id, reason);
  };
  const ordered = inOrder(backups);
  const lastProved = ordered.findLast((backup) => isProved(backup, all));
  if (lastProved !== undefined) keep(lastProved, 'last-proved');
  const newest = ordered.at(-1);
  if (newest !== undefined) keep(newest, 'newest');
  keepByAge(backups, agesOf(backups, now), settings, keep);
  for (const id of [...kept.keys()]) {
    const backup = all.get(id);
    for (const needed of (backup === undefined ? null : chainOf(backup, all)) ?? []) keep(needed, 'base');
  }
  return { kept, leaving: leavingInOrder(ordered, kept) };
}

/** It was proved, and so was everything it takes to restore it, in the bytes that are there now. */
export function isProved(backup: JudgedBackup, all: ReadonlyMap<string, JudgedBackup>): boolean {
  return chainOf(backup, all)?.every(({ soundness }) => soundness.type === 'proved') === true;
}

function keepByAge(
  backups: readonly JudgedBackup[],
  ages: ReadonlyMap<string, number>,
  { allDays, dailyDays, weeklyDays }: RetentionSettings,
  keep: (backup: JudgedBackup, reason: KeepReason) => void,
): void {
  const days = new Map<number, JudgedBackup>();
  const weeks = new Map<number, JudgedBackup>();
  for (const backup of backups) {
    const age = ages.get(backup.id) ?? 0;
    if (age < allDays * dayMs) keep(backup, 'recent');
    else if (age < dailyDays * dayMs) keepBest(days, Math.floor(backup.madeAt / dayMs), backup);
    if (age >= allDays * dayMs && age < weeklyDays * dayMs) keepBest(weeks, Math.floor(backup.madeAt / (7 * dayMs)), backup);
  }
  for (const backup of days.values()) keep(backup, 'daily');
  for (const backup of weeks.values()) keep(backup, 'weekly');
}

function keepBest(best: Map<number, JudgedBackup>, period: number, backup: JudgedBackup): void {
  const before = best.get(period);
  if (before === undefined || isBetter(backup, before)) best.set(period, backup);
}

function isBetter(a: JudgedBackup, b: JudgedBackup): boolean {
  const difference = worth(a) - worth(b) || a.madeAt - b.madeAt;
  return difference === 0 ? a.id > b.id : difference > 0;
}

/** Damaged is worth least; a proved one more than one that is not; everything more than changes. */
function worth({ soundness, kind }: JudgedBackup): number {
  if (soundness.type === 'damaged') return 0;
  return 1 + (soundness.type === 'proved' ? 2 : 0) + (kind === 'full' ? 1 : 0);
}

/** Milliseconds by id, counted back from now. */
function agesOf(backups: readonly JudgedBackup[], now: number): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  let later = now;
  let age = 0;
  for (const backup of backups.toSorted((a, b) => b.madeAt - a.madeAt)) {
    age += Math.min(longestGapMs, Math.max(0, later - backup.madeAt));
    later = Math.min(later, backup.madeAt);
    ages.set(backup.id, age);
  }
  return ages;
}

/** Newest first: a backup is made after the one it needs. */
function leavingInOrder(ordered: readonly JudgedBackup[], kept: ReadonlyMap<string, KeepReason>): string[] {
  const depth = (backup: JudgedBackup, all = byId(ordered)): number => chainOf(backup, all)?.length ?? 0;
  return ordered
    .filter(({ id }) => !kept.has(id))
    .toReversed()
    .toSorted((a, b) => depth(b) - depth(a))
    .map(({ id }) => id);
}
