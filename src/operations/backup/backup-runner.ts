import { HearthlinkError } from '../../shared/errors.ts';
import type { Disposable } from '../../shared/events.ts';
import type { Clock, Log, Timers } from '../../shared/ports.ts';
import type { BackupService } from './backup-service.ts';
import { hourMs, startPauseMs } from './schedule.ts';

export interface BackupRunnerParts {
  readonly service: Pick<BackupService, 'runSchedule'>;
  /** False while the disk is nearly full: what is due waits. */
  readonly hasRoom?: () => boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** Looked at least this often, so that a computer that slept, or a clock that was set, is noticed. */
const longestPauseMs = hourMs;
const shortestPauseMs = 5 * 60_000;

/** Makes the backups that are due, for as long as the window is open; the first look is soon after the start. */
export function runBackups({ service, hasRoom = () => true, clock, timers, log }: BackupRunnerParts): Disposable {
  let cancel: () => void = () => undefined;
  let isDisposed = false;
  const look = async (): Promise<number> => {
    if (!hasRoom()) return shortestPauseMs;
    try {
      const { nextChangesAt, nextFullAt } = await service.runSchedule();
      return Math.min(nextChangesAt, nextFullAt) - clock.now();
    } catch (error) {
      const { code } = HearthlinkError.from(error);
      if (code !== 'backup-busy') log.warn('a backup that was due could not be made', { code });
      return shortestPauseMs;
    }
  };
  const lookAfter = (milliseconds: number): void => {
    if (isDisposed) return;
    cancel = timers.after(milliseconds, () => {
      void look().then((next) => { lookAfter(Math.min(longestPauseMs, Math.max(shortestPauseMs, next))); });
    });
  };
  lookAfter(startPauseMs);
  return {
    dispose: () => {
      isDisposed = true;
      cancel();
    },
  };
}
