import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { Clock, Log, RandomSource, Timers } from '../shared/ports.ts';
import { RepeatedFailure } from '../shared/repeated-failure.ts';
import { retryPauseMs } from '../shared/retry-pauses.ts';
import type { JobRepository } from '../store/job-port.ts';
import type { Job } from '../store/records.ts';
import { isTransient } from './ollama-errors.ts';

/** Does one job. Must stop when the signal ends, and may be run again from the start at any time. */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<void>;

export interface BackgroundJobsParts {
  readonly jobs: JobRepository;
  /** By kind. Jobs of other kinds are left to windows that know them. */
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** Names this window in leases. */
  readonly holder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly log: Log;
  /** True while someone waits for a model, or just did: no job is begun then. */
  readonly isBusy: () => boolean;
}

/** A job whose window died is taken over after this. */
const leaseMs = 30_000;
const renewEveryMs = 10_000;
/** While someone waits for a model. */
const lookAgainMs = 1000;
/** So that a job which another window takes just now is not looked at again and again. */
const shortestLookMs = 100;
/** Jobs that are looked through for the time when the next one is due. */
const mostOpenJobs = 100;
const retryDelaysMs = [1000, 2000, 4000] as const;
/** A delay is spread over this share of itself on both sides, so that windows do not retry in step. */
const jitter = 0.25;

interface Run {
  readonly job: Job;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Runs the jobs of the store in this window, one at a time, while nobody waits for a model. A job survives a reload; its
 * lease keeps other windows from running it too, and lets them take over when this one dies.
 */
export class BackgroundJobs implements Disposable {
  readonly #parts: BackgroundJobsParts;
  #run: Run | undefined;
  #cancelLook: (() => void) | undefined;
  #looking: Promise<void> | undefined;
  #lookOnceMore = false;
  /** The server rests after failures until then. */
  #restUntil = 0;
  #disposed = false;
  readonly #failure: RepeatedFailure;

  constructor(parts: BackgroundJobsParts) {
    this.#parts = parts;
    this.#failure = new RepeatedFailure(parts.log, 'background jobs could not be looked up');
  }

  /** The job that runs in this window. */
  get running(): Job | null {
    return this.#run?.job ?? null;
  }

  /**
   * Looks for jobs now; to be called at first, and whenever jobs of the store, or its state, have changed. In between it looks again when
   * a job is due or the lease of another window's job runs out, and leaves the store in peace while there are none.
   */
  start(): void {
    this.#lookAfter(0);
  }

  /** For good, also where it runs now. Another window that runs it stops when it renews its lease. */
  async cancel(id: string): Promise<void> {
    await this.#parts.jobs.cancel({ id, at: this.#parts.clock.now() });
    if (this.#run?.job.id === id) this.#run.abort.abort(new HearthlinkError('cancelled', { reason: 'job' }));
  }

  async retry(id: string): Promise<Job> {
    const job = await this.#parts.jobs.retry({ id, at: this.#parts.clock.now() });
    this.start();
    return job;
  }

  dispose(): void {
    void this.stop();
  }

  /** Begins no more, and gives back the job that runs; resolves when that is done. */
  async stop(): Promise<void> {
    this.#disposed = true;
    this.#cancelLook?.();
    await this.#looking;
    this.#run?.abort.abort(new HearthlinkError('cancelled', { reason: 'window' }));
    await this.#run?.ended;
  }

  #lookAfter(milliseconds: number): void {
    this.#cancelLook?.();
    if (this.#disposed) return;
    this.#cancelLook = this.#parts.timers.after(milliseconds, () => {
      this.#lookOnceMore = this.#looking !== undefined;
      if (this.#run !== undefined || this.#looking !== undefined) return;
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined;
        if (this.#lookOnceMore) this.#lookAfter(0);
      });
    });
  }

  async #look(): Promise<void> {
    const { jobs, handlers, holder, clock, isBusy } = this.#parts;
    const at = clock.now();
    if (isBusy() || at < this.#restUntil) {
      this.#lookAfter(Math.max(lookAgainMs, this.#restUntil - at));
      return;
    }
    try {
      const job = await jobs.claim({ kinds: Object.keys(handlers), holder, leaseUntil: at + leaseMs, at });
      if (job === null) await this.#waitForNext();
      else this.#begin(job);
      this.#failure.isOver();
    } catch (error) {
      this.#lookAfter(retryPauseMs(this.#failure.failed(error)));
    }
  }

  async #waitForNext(): Promise<void> {
    const { jobs, handlers, clock } = this.#parts;
    const open = await jobs.list({ limit: mostOpenJobs, statuses: ['waiting', 'running'] });
    const due = open.filter(({ kind }) => kind in handlers).map((job) => (job.status === 'waiting' ? job.runAfter : (job.leaseUntil ?? 0)));
    if (due.length > 0) this.#lookAfter(Math.max(shortestLookMs, Math.min(...due) - clock.now()));
  }

  #begin(job: Job): void {
    const { log } = this.#parts;
    const abort = new AbortController();
    const ended = this.#work(job, abort)
      .catch((error: unknown) => {
        log.warn('the end of a job could not be stored', { kind: job.kind, code: HearthlinkError.from(error).code });
        return lookAgainMs;
      })
      .then((nextLookMs) => {
        this.#run = undefined;
        this.#lookAfter(nextLookMs);
      });
    this.#run = { job, abort, ended };
  }

  /** Runs the job and stores how it ended. Answers when to look for the next one, in milliseconds from now. */
  async #work(job: Job, abort: AbortController): Promise<number> {
    const { jobs, handlers, holder, clock } = this.#parts;
    const stopRenewing = this.#keepLease(job, abort);
    try {
      const handler = handlers[job.kind];
      if (handler === undefined) throw new HearthlinkError('internal', { detail: `no handler for ${job.kind}` });
      await handler(job, abort.signal);
    } catch (error) {
      stopRenewing();
      return await this.#failed(job, HearthlinkError.from(abort.signal.aborted ? abort.signal.reason : error));
    }
    stopRenewing();
    await jobs.succeed({ id: job.id, holder, at: clock.now() });
    return 0;
  }

  async #failed(job: Job, error: HearthlinkError): Promise<number> {
    const { jobs, holder, clock, log } = this.#parts;
    const at = clock.now();
    const own = { id: job.id, holder, at };
    if (error.code === 'cancelled') {
      // Cancelled for good, or taken over by another window: the row says so already.
      if (error.parameters['reason'] === 'job' || error.parameters['reason'] === 'lease') return 0;
      await jobs.release(own);
      return lookAgainMs;
    }
    if (error.code === 'model-circuit-open') {
      this.#restUntil = at + Number(error.parameters['seconds']) * 1000;
      await jobs.release(own);
      return 0;
    }
    const delay = isTransient(error) ? retryDelaysMs[job.tries] : undefined;
    log.warn('a background job failed', { kind: job.kind, code: error.code, tries: job.tries + 1, again: delay !== undefined });
    const retryAt = delay === undefined ? null : at + Math.round(delay * (1 + jitter * this.#spread()));
    await jobs.fail({ ...own, error: error.toData(), retryAt });
    return 0;
  }

  /** Renews while the job runs, and aborts it when the lease is lost: cancelled elsewhere, or this window was asleep. */
  #keepLease(job: Job, abort: AbortController): () => void {
    const { jobs, holder, clock, timers, log } = this.#parts;
    const ended = new AbortController();
    const renew = async (): Promise<void> => {
      const at = clock.now();
      try {
        const held = await jobs.renew({ id: job.id, holder, leaseUntil: at + leaseMs, at });
        if (!held && !ended.signal.aborted) abort.abort(new HearthlinkError('cancelled', { reason: 'lease' }));
      } catch (error) {
        log.warn('a lease could not be renewed', { kind: job.kind, code: HearthlinkError.from(error).code });
      }
      if (!ended.signal.aborted) next();
    };
    const next = (): void => {
      const cancel = timers.after(renewEveryMs, () => void renew());
      ended.signal.addEventListener('abort', cancel, { once: true });
    };
    next();
    return () => {
      ended.abort();
    };
  }

  /** From -1 to 1. */
  #spread(): number {
    return ((this.#parts.random.bytes(1)[0] ?? 0) / 255) * 2 - 1;
  }
}
