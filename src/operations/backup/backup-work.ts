import { mkdir } from 'node:fs/promises';
import { HearthlinkError } from '../../shared/errors.ts';
import { Emitter, type Disposable, type Event } from '../../shared/events.ts';
import type { Clock, Log } from '../../shared/ports.ts';
import { storeFileError } from '../../store/files/file-error.ts';
import type { BackupActivity, StepProgress } from './activity.ts';
import { FolderLease } from './folder-lease.ts';

export interface BackupWorkParts {
  /** Where the first of the backups lie, and the lease with them. */
  readonly folder: string;
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
}

type StepType = Exclude<BackupActivity['type'], 'idle'>;

/** One piece of work with backups at a time, in one of all windows; says how far it is, and can be stopped. */
export class BackupWork implements Disposable {
  readonly #parts: BackupWorkParts;
  readonly #lease: FolderLease;
  readonly #changes: Emitter<BackupActivity>;
  #activity: BackupActivity = { type: 'idle' };
  #stopping = new AbortController();

  constructor(parts: BackupWorkParts) {
    this.#parts = parts;
    this.#lease = new FolderLease(parts.folder, parts.holder, parts.clock);
    this.#changes = new Emitter((error) => { parts.log.error('A listener failed.', { detail: HearthlinkError.from(error).message }); });
  }

  get activity(): BackupActivity {
    return this.#activity;
  }

  readonly onDidChange: Event<BackupActivity> = (listener) => this.#changes.event(listener);

  /** The next sign of progress throws `cancelled`. */
  stop(): void {
    this.#stopping.abort();
  }

  /** @throws HearthlinkError `cancelled` */
  throwIfStopped(): void {
    if (this.#stopping.signal.aborted) throw new HearthlinkError('cancelled');
  }

  dispose(): void {
    this.stop();
    this.#changes.dispose();
  }

  /** @throws HearthlinkError `backup-busy` when this window or another is at something; what the work throws */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const { clock, folder } = this.#parts;
    if (this.#activity.type !== 'idle') throw new HearthlinkError('backup-busy');
    this.#stopping = new AbortController();
    this.#tell({ type: 'starting', id: null, startedAt: clock.now(), done: 0, total: null });
    try {
      if (!(await this.#take(folder))) throw new HearthlinkError('backup-busy');
      try {
        return await work();
      } finally {
        await this.#lease.release();
      }
    } finally {
      this.#tell({ type: 'idle' });
    }
  }

  /** One step of the work, which says how far it is. */
  async step<T>(type: StepType, id: string | null, total: number | null, run: (progress: StepProgress) => Promise<T>): Promise<T> {
    const startedAt = this.#parts.clock.now();
    let done = 0;
    const tell = (): void => { this.#tell({ type, id, startedAt, done, total }); };
    tell();
    return run({
      advance: async (bytes) => {
        this.throwIfStopped();
        done += bytes;
        tell();
        await this.#lease.renew();
      },
    });
  }

  async #take(folder: string): Promise<boolean> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await this.#lease.take();
    } catch (error) {
      throw storeFileError(error);
    }
  }

  #tell(activity: BackupActivity): void {
    this.#activity = activity;
    this.#changes.fire(activity);
  }
}
