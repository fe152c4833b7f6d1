import assert from 'node:assert/strict';
import { BackgroundJobs, type BackgroundJobsParts, type JobHandler } from '../../src/models/background-jobs.ts';
import type { JobRepository } from '../../src/store/job-port.ts';
import type { Job } from '../../src/store/records.ts';
import { type HandClock, keepingLog } from '../support/seeded-ports.ts';
import type { InProcessStore } from '../store/sql/support/in-process-store.ts';

/** The jobs of the real store, one call at a time as its worker runs them. */
export function jobsOf(store: InProcessStore): JobRepository {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    enqueue: (job) => inTurn(() => store.call('jobs.enqueue', job)),
    claim: (query) => inTurn(() => store.call('jobs.claim', query)),
    renew: (change) => inTurn(() => store.call('jobs.renew', change)),
    succeed: (change) => inTurn(() => store.call('jobs.succeed', change)),
    fail: (change) => inTurn(() => store.call('jobs.fail', change)),
    release: (change) => inTurn(() => store.call('jobs.release', change)),
    cancel: (change) => inTurn(() => store.call('jobs.cancel', change)),
    retry: (change) => inTurn(() => store.call('jobs.retry', change)),
    list: (query) => inTurn(() => store.call('jobs.list', query)),
  };
}

export interface Window {
  readonly runner: BackgroundJobs;
  readonly log: ReturnType<typeof keepingLog>;
}

export function openWindow(jobs: JobRepository, clock: HandClock, handler: JobHandler, more: Partial<BackgroundJobsParts> = {}): Window {
  const log = keepingLog();
  const runner = new BackgroundJobs({
    jobs,
    handlers: { capture: handler },
    holder: 'window-1',
    clock,
    timers: clock,
    random: { bytes: (length) => new Uint8Array(length).fill(128) },
    log,
    isBusy: () => false,
    ...more,
  });
  return { runner, log };
}

export async function queued(jobs: JobRepository, clock: HandClock, id = 'job-1'): Promise<Job> {
  return jobs.enqueue({ id, kind: 'capture', key: null, payload: '{"chat":1}', runAfter: clock.now(), at: clock.now() });
}

export async function only(jobs: JobRepository): Promise<Job> {
  const [job, ...others] = await jobs.list({ limit: 10 });
  assert.ok(job !== undefined && others.length === 0);
  return job;
}
