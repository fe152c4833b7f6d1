import { HearthlinkError } from '../../shared/errors.ts';
import type { Clock, Log } from '../../shared/ports.ts';
import type { BackupService } from '../backup/backup-service.ts';
import type { Vault } from './vault.ts';

type Scheduled = Pick<BackupService, 'runSchedule'>;

/**
 * The schedule of a store whose keys may be locked: nothing is made while they are, and nobody is bothered by it, since the view says so.
 * Keys that no backup needs any more go with the last of these.
 */
export function waitingForKeys(service: Scheduled, vault: Pick<Vault, 'isWaiting' | 'dropAgedKeys'>, { clock, log }: { readonly clock: Clock; readonly log: Log }): Scheduled {
  return {
    runSchedule: async () => {
      if (await vault.isWaiting()) return { due: null, nextChangesAt: clock.now(), nextFullAt: clock.now() };
      const schedule = await service.runSchedule();
      try {
        await vault.dropAgedKeys();
      } catch (error) {
        log.warn('old keys could not be looked through', { code: HearthlinkError.from(error).code });
      }
      return schedule;
    },
  };
}
