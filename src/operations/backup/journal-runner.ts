import { HearthlinkError } from '../../shared/errors.ts';
import type { Disposable } from '../../shared/events.ts';
import type { Log, Timers } from '../../shared/ports.ts';
import type { BackupService } from './backup-service.ts';
import { journalEveryMs } from './journal-copies.ts';

export interface JournalRunnerParts {
  readonly service: Pick<BackupService, 'copyJournal'>;
  readonly timers: Timers;
  readonly log: Log;
}

/** What the next round finds otherwise: another window is at it, the keys are locked. */
const passing = ['backup-busy', 'vault-locked', 'archive-locked'] as const;

/** Brings the second folder up to date every quarter of an hour, for as long as the window is open. */
export function runJournalCopies({ service, timers, log }: JournalRunnerParts): Disposable {
  let cancel: () => void = () => undefined;
  let isDisposed = false;
  const copy = async (): Promise<void> => {
    try {
      await service.copyJournal();
    } catch (error) {
      if (!HearthlinkError.is(error, ...passing)) log.warn('the second backup folder could not be brought up to date', { code: HearthlinkError.from(error).code });
    }
  };
  const copyLater = (): void => {
    if (!isDisposed) cancel = timers.after(journalEveryMs, () => void copy().then(copyLater));
  };
  copyLater();
  return {
    dispose: () => {
      isDisposed = true;
      cancel();
    },
  };
}
