import path from 'node:path';
import type { KeepingRestore, RestoreComparison } from '../../operations/backup/backup-contents.ts';
import type { BackupSettings } from '../../operations/backup/backup-parts.ts';
import { byId, chainOf } from '../../operations/backup/backup-record.ts';
import type { BackupOverview } from '../../operations/backup/backup-service.ts';
import { restorableSpans } from '../../operations/backup/moments.ts';
import { isProved } from '../../operations/backup/retention.ts';
import { dayMs, hourMs } from '../../operations/backup/schedule.ts';
import type { ShelvedBackup } from '../../operations/backup/shelf.ts';
import type { EncryptionView } from '../../shared/protocol/backups-encryption.ts';
import type {
  BackupActivityView, BackupHolds, BackupRow, BackupVerdict, BackupsSnapshot, Comparison, RestoreOutcomeView, RestorePreviewView,
} from '../../shared/protocol/backups-views.ts';

/** What the backups view is told, from what was found on the disk. */
export function backupsSnapshot(overview: BackupOverview, settings: BackupSettings, activity: BackupActivityView, encryption: EncryptionView): BackupsSnapshot {
  const { backups, unreadable, folders, schedule } = overview;
  const all = byId(backups);
  return {
    verdict: lockedVerdict(overview, encryption) ?? verdictOf(backups),
    backups: backups.map((backup) => rowOf(backup, all, overview)),
    unreadable: unreadable.map(({ file, bytes, error }) => ({ file, bytes, error: error.toData() })),
    activity,
    schedule: {
      changesEveryHours: settings.changesEveryMs / hourMs,
      fullEveryHours: settings.fullEveryMs / hourMs,
      nextChangesAt: schedule.nextChangesAt,
      nextFullAt: schedule.nextFullAt,
    },
    kept: { allDays: settings.allDays, dailyDays: settings.dailyDays, weeklyDays: settings.weeklyDays },
    folders: folders.map(({ folder, isHere, freeBytes }, i) => ({ isSecond: i > 0, name: path.basename(folder), path: folder, isHere, freeBytes })),
    encryption,
    moments: restorableSpans(backups).map(({ from, to }) => ({ from, to })),
  };
}

/** Where nothing can be said, because it would take a key. One of another machine's is no reason while there are others. */
function lockedVerdict({ backups, unreadable }: BackupOverview, { isLocked }: EncryptionView): BackupVerdict | null {
  const count = unreadable.filter(({ error }) => error.code === 'archive-locked').length;
  return count > 0 && (isLocked || backups.length === 0) ? { type: 'locked', count } : null;
}

/** What is so, in one of a few ways, the best that holds. */
function verdictOf(backups: readonly ShelvedBackup[]): BackupVerdict {
  if (backups.length === 0) return { type: 'none' };
  const all = byId(backups);
  const byPosition = backups.toSorted((a, b) => b.position.sequence - a.position.sequence);
  const proved = byPosition.find((backup) => isProved(backup, all));
  if (proved?.soundness.type === 'proved') {
    return { type: 'proved', upTo: proved.madeAt, provedAt: proved.soundness.at, holds: allOf(proved) };
  }
  const usable = byPosition.find((backup) => !isIncomplete(backup, all) && backup.soundness.type !== 'damaged');
  return usable === undefined ? { type: 'unusable' } : { type: 'not-proved', madeAt: usable.madeAt };
}

function rowOf(backup: ShelvedBackup, all: ReadonlyMap<string, ShelvedBackup>, { retention, mayHoldForgotten }: BackupOverview): BackupRow {
  const { id, kind, reason, madeAt, bytes, soundness } = backup;
  return {
    id,
    kind,
    by: reason,
    madeAt,
    bytes,
    holds: kind === 'full' ? allOf(backup) : moreIn(backup, all),
    state: { ...soundness },
    isIncomplete: isIncomplete(backup, all),
    mayHoldForgotten: mayHoldForgotten.includes(id),
    leaves: retention.leaving.includes(id),
  };
}

function isIncomplete(backup: ShelvedBackup, all: ReadonlyMap<string, ShelvedBackup>): boolean {
  const chain = chainOf(backup, all);
  return chain === null || chain.some((link) => link !== backup && link.soundness.type === 'damaged');
}

/** All that is there where it ends; null where it was not counted. */
function allOf({ manifest: { counts } }: ShelvedBackup): BackupHolds | null {
  const { slice, session } = counts;
  return slice === undefined || session === undefined ? null : { memories: slice, chats: session };
}

/** How many more there are than in its base. */
function moreIn(backup: ShelvedBackup, all: ReadonlyMap<string, ShelvedBackup>): BackupHolds | null {
  const base = backup.baseId === null ? undefined : all.get(backup.baseId);
  const [now, before] = [allOf(backup), base === undefined ? null : allOf(base)];
  if (now === null || before === null) return null;
  return { memories: Math.max(0, now.memories - before.memories), chats: Math.max(0, now.chats - before.chats) };
}

const kinds = [
  { kind: 'memories', table: 'slice' },
  { kind: 'chats', table: 'session' },
  { kind: 'messages', table: 'message' },
] as const;

const kindOfLoss = { chat: 'chats', memory: 'memories' } as const;

/** Of more than that, only how many there are is shown. */
const lossesShown = 200;

/** What going back would bring and take: by counting, and of what would be lost thing by thing. */
export function comparisonView({ at, proved, get, now, losses }: RestoreComparison): RestorePreviewView {
  const comparisons = kinds.map(({ kind, table }): Comparison => {
    const [will, is] = [get.tables[table] ?? null, now?.tables[table] ?? null];
    // Where as much comes back as is lost, counting alone would see no loss.
    const named = losses.filter((loss) => kindOfLoss[loss.kind] === kind && !loss.wentOn).length;
    return {
      kind,
      get: will,
      getNewest: get.newest[table] ?? null,
      lose: will === null || is === null ? null : Math.max(named, is - will),
      loseNewest: now?.newest[table] ?? null,
    };
  });
  return { at, isProved: proved, comparisons, losses: losses.slice(0, lossesShown), moreLosses: Math.max(0, losses.length - lossesShown) };
}

export function outcomeView({ report, at, safetyId, kept, keptProblem }: KeepingRestore): RestoreOutcomeView {
  return {
    comparisons: kinds.map(({ kind, table }) => ({ kind, count: report.summary.tables[table] ?? 0 })),
    at,
    safetyId,
    kept: { ...kept, problem: keptProblem },
    keptForgotten: report.keptForgotten,
  };
}

/** Settings as people give them, in the units that the rules take. */
export function backupSettingsOf(settings: {
  readonly backupChangesHours: number;
  readonly backupFullDays: number;
  readonly backupKeepAllDays: number;
  readonly backupKeepDailyDays: number;
  readonly backupKeepWeeklyDays: number;
  readonly backupSecondFolder: string;
}): BackupSettings {
  return {
    changesEveryMs: settings.backupChangesHours * hourMs,
    fullEveryMs: settings.backupFullDays * dayMs,
    allDays: settings.backupKeepAllDays,
    dailyDays: settings.backupKeepDailyDays,
    weeklyDays: settings.backupKeepWeeklyDays,
    secondFolder: settings.backupSecondFolder === '' ? null : settings.backupSecondFolder,
  };
}
