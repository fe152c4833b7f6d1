import type { ChangedSince } from '../../store/backup-port.ts';
import { lasting, usableInOrder, type BackupKind, type JudgedBackup } from './backup-record.ts';

export interface ScheduleSettings {
  /** Milliseconds from one backup to the next with what changed. */
  readonly changesEveryMs: number;
  /** Milliseconds from one backup of everything to the next. */
  readonly fullEveryMs: number;
}

export const hourMs = 60 * 60_000;
export const dayMs = 24 * hourMs;

export const defaultSchedule: ScheduleSettings = { changesEveryMs: 6 * hourMs, fullEveryMs: dayMs };

/** How long after the store was first used an overdue backup waits, so that it holds up nobody who has just begun to work. */
export const startPauseMs = 2 * 60_000;

export interface ScheduleFacts {
  readonly now: number;
  readonly backups: readonly JudgedBackup[];
  /** What is new since the newest backup that can be restored; without one `new-content`, once there is something. */
  readonly changed: ChangedSince;
}

export interface Schedule {
  /** What is to be made now; null: nothing. */
  readonly due: BackupKind | null;
  /** When the next ones are due, provided that something changes until then. Not before `now`. */
  readonly nextChangesAt: number;
  readonly nextFullAt: number;
}

/**
 * What is due. Where nothing changed since the newest backup, nothing is; where changes cannot be told from the newest backup, because
 * it is damaged or the journal was broken by a purge, the next one is everything. A time in the future is a clock that was set back: it
 * proves nothing about how long ago that was, so a backup is due at once, and the one that is then made is the newest.
 */
export function scheduleOf({ now, backups, changed }: ScheduleFacts, settings: ScheduleSettings): Schedule {
  const usable = usableInOrder(lasting(backups));
  const newest = usable.at(-1);
  const newestFull = usable.findLast(({ kind }) => kind === 'full');
  const changesAt = newest === undefined ? now : dueAt(newest.madeAt, settings.changesEveryMs, now);
  const fullAt = newestFull === undefined ? now : dueAt(newestFull.madeAt, settings.fullEveryMs, now);
  const times = { nextChangesAt: Math.max(now, changesAt), nextFullAt: Math.max(now, fullAt) };
  if (changed === 'nothing') return { due: null, ...times };
  if (fullAt <= now) return { due: 'full', ...times };
  if (changesAt > now) return { due: null, ...times };
  return { due: changed === 'changes' ? 'changes' : 'full', ...times };
}

/** The backup that changes made now would follow; null when only everything can be made. */
export function baseForChanges(backups: readonly JudgedBackup[]): JudgedBackup | null {
  return usableInOrder(lasting(backups)).at(-1) ?? null;
}

function dueAt(madeAt: number, everyMs: number, now: number): number {
  return madeAt > now ? now : madeAt + everyMs;
}
