import { HearthlinkError } from '../../shared/errors.ts';
import type { Disposable } from '../../shared/events.ts';
import { OneAtATime } from '../../shared/one-at-a-time.ts';
import type { Clock, Log, Timers } from '../../shared/ports.ts';
import { retryPauseMs } from '../../shared/retry-pauses.ts';
import { storeFileError } from '../../store/files/file-error.ts';
import type { Audit, AuditEvent } from './audit.ts';
import { appendEvents, auditLimits, type AuditLimits } from './audit-appending.ts';
import { whileLocked } from './audit-lock.ts';
import type { NotedEvent } from './audit-record.ts';

export interface AuditLogParts {
  /** Of the record alone; made with the first event. */
  readonly folder: string;
  /** Names this window in the record. */
  readonly window: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly limits?: AuditLimits;
}

/** What is noted within this time is written together, up to `mostAtOnce` events in one append and one flush. */
const collectMs = 200;
/** While the disk refuses the record, this many of the newest events wait in memory. */
const mostWaiting = 5000;

/** Lines are put together and summed up on the main thread, which is not to be held up by what has waited for the disk. */
const mostAtOnce = 100;

/** Keeps the record of activity: collects what is noted, and appends it off everybody's path. */
export class AuditLog implements Audit, Disposable {
  readonly #parts: AuditLogParts;
  #waiting: NotedEvent[] = [];
  #lost = 0;
  #refusals = 0;
  #cancel: (() => void) | null = null;
  readonly #writes = new OneAtATime();

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
  }

  note(event: AuditEvent): void {
    const { clock, window } = this.#parts;
    this.#waiting.push({ ...event, at: clock.now(), window });
    if (this.#waiting.length > mostWaiting) {
      this.#waiting.shift();
      this.#lost++;
    }
    this.#writeAfter(collectMs);
  }

  /** Resolves once all that was noted is on the disk. @throws HearthlinkError why it could not be written; it is kept, and tried again */
  flush(): Promise<void> {
    return this.#writes.run(() => this.#write());
  }

  /** Begins to write what is left; the process should live a moment longer. */
  dispose(): void {
    this.#cancel?.();
    this.#cancel = null;
    void this.#inBackground();
  }

  #writeAfter(milliseconds: number): void {
    this.#cancel ??= this.#parts.timers.after(milliseconds, () => {
      this.#cancel = null;
      void this.#inBackground();
    });
  }

  async #inBackground(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#parts.log.warn('what was done could not be written into the record yet', { code: HearthlinkError.from(error).code });
      this.#writeAfter(retryPauseMs(this.#refusals));
    }
  }

  async #write(): Promise<void> {
    const { folder, timers, clock, window, limits = auditLimits } = this.#parts;
    const events = this.#waiting.slice(0, mostAtOnce);
    const lost = this.#lost;
    if (events.length === 0) return;
    const told: readonly NotedEvent[] = lost === 0 ? events : [{ at: clock.now(), window, action: 'record.lost', outcome: 'failed', count: lost }, ...events];
    this.#waiting = this.#waiting.slice(mostAtOnce);
    this.#lost = 0;
    try {
      await whileLocked(folder, timers, () => appendEvents(folder, told, limits));
      this.#refusals = 0;
    } catch (error) {
      this.#refusals++;
      this.#waiting = [...events, ...this.#waiting];
      this.#lost += lost;
      throw storeFileError(error);
    }
    await this.#write();
  }
}
