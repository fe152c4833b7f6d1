import assert from 'node:assert/strict';
import { BackgroundJobs, type BackgroundJobsParts, type JobHandler } from '../../src/models/background-jobs.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { JobRepository } from '../../src/store/port.ts';
import type { Job } from '../../src/store/records.ts';
import { HandClock, keepingLog, settled } from '../support/seeded-ports.ts';
import { InProcessStore } from '../store/sql/support/in-process-store.ts';

/** The jobs of the real store, one call at a time as its worker runs them. */
function jobsOf(store: InProcessStore): JobRepository {
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

interface Window {
  readonly runner: BackgroundJobs;
  readonly log: ReturnType<typeof keepingLog>;
}

function openWindow(jobs: JobRepository, clock: HandClock, handler: JobHandler, more: Partial<BackgroundJobsParts> = {}): Window {
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

async function queued(jobs: JobRepository, clock: HandClock, id = 'job-1'): Promise<Job> {
  return jobs.enqueue({ id, kind: 'capture', key: null, payload: '{"chat":1}', runAfter: clock.now(), at: clock.now() });
}

async function only(jobs: JobRepository): Promise<Job> {
  const [job, ...others] = await jobs.list({ limit: 10 });
  assert.ok(job !== undefined && others.length === 0);
  return job;
}

describe('a background job', () => {
  it('is run with its payload, once, and is then done', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    const payloads: string[] = [];
    await queued(jobs, clock);
    const { runner } = openWindow(jobs, clock, (job) => {
      payloads.push(job.payload);
      return Promise.resolve();
    });
    runner.start();
    await clock.advance(20_000);
    assert.deepEqual(payloads, ['{"chat":1}']);
    assert.equal((await only(jobs)).status, 'done');
    await runner.stop();
  });

  it('is tried again after 1, 2 and 4 seconds, then has failed, with the last error', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    const triedAt: number[] = [];
    const begin = clock.now();
    await queued(jobs, clock);
    const { runner } = openWindow(jobs, clock, () => {
      triedAt.push(clock.now() - begin);
      return Promise.reject(new HearthlinkError('model-stream-cut', { detail: 'gone' }));
    });
    runner.start();
    await clock.advance(60_000);
    const waits = triedAt.map((at, index) => at - (triedAt[index - 1] ?? 0));
    assert.equal(triedAt.length, 4);
    for (const [index, wanted] of [0, 1000, 2000, 4000].entries()) {
      assert.ok(Math.abs((waits[index] ?? NaN) - wanted) <= wanted * 0.25, waits.join());
    }
    const job = await only(jobs);
    assert.equal(job.status, 'failed');
    assert.deepEqual(job.error, { code: 'model-stream-cut', parameters: { detail: 'gone' } });
    await runner.stop();
  });

  it('spreads its retries by chance, within a quarter', async () => {
    for (const [byte, wanted] of [[0, 750], [255, 1250]] as const) {
      const clock = new HandClock();
      const jobs = jobsOf(InProcessStore.create());
      await queued(jobs, clock);
      const fail: JobHandler = () => Promise.reject(new HearthlinkError('model-busy'));
      const { runner } = openWindow(jobs, clock, fail, { random: { bytes: (length) => new Uint8Array(length).fill(byte) } });
      const begin = clock.now();
      runner.start();
      await clock.advance(0);
      assert.equal((await only(jobs)).runAfter - begin, wanted);
      await runner.stop();
    }
  });

  for (const code of ['model-missing', 'model-context-overflow', 'internal', 'invalid-input'] as const) {
    it(`is not tried again after ${code}, which would come again`, async () => {
      const clock = new HandClock();
      const jobs = jobsOf(InProcessStore.create());
      let tries = 0;
      await queued(jobs, clock);
      const { runner } = openWindow(jobs, clock, () => {
        tries++;
        return Promise.reject(new HearthlinkError(code));
      });
      runner.start();
      await clock.advance(60_000);
      assert.equal(tries, 1);
      assert.equal((await only(jobs)).status, 'failed');
      await runner.stop();
    });
  }

  it('that failed is run again on request, with fresh tries', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    let broken = true;
    await queued(jobs, clock);
    const { runner } = openWindow(jobs, clock, () => (broken ? Promise.reject(new HearthlinkError('internal')) : Promise.resolve()));
    runner.start();
    await clock.advance(1000);
    broken = false;
    await runner.retry('job-1');
    await clock.advance(0);
    const job = await only(jobs);
    assert.deepEqual([job.status, job.tries], ['done', 0]);
    await runner.stop();
  });

  it('that a reply interrupted is given back without a try, and goes on when nobody waits', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    let busy = false;
    let runs = 0;
    await queued(jobs, clock);
    const { runner } = openWindow(
      jobs,
      clock,
      () => {
        runs++;
        if (runs > 1) return Promise.resolve();
        busy = true;
        return Promise.reject(new HearthlinkError('cancelled', { reason: 'interrupted' }));
      },
      { isBusy: () => busy },
    );
    runner.start();
    await clock.advance(10_000);
    const waiting = await only(jobs);
    assert.deepEqual([waiting.status, waiting.tries, runs], ['waiting', 0, 1]);
    busy = false;
    await clock.advance(1000);
    assert.equal((await only(jobs)).status, 'done');
    await runner.stop();
  });

  it('waits out the rest of a server that failed, at no cost', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    let runs = 0;
    await queued(jobs, clock);
    const { runner } = openWindow(jobs, clock, () => {
      runs++;
      return runs > 1 ? Promise.resolve() : Promise.reject(new HearthlinkError('model-circuit-open', { seconds: 40 }));
    });
    runner.start();
    await clock.advance(39_000);
    assert.equal(runs, 1);
    await clock.advance(1000);
    const job = await only(jobs);
    assert.deepEqual([job.status, job.tries, runs], ['done', 0, 2]);
    await runner.stop();
  });

  it('can be cancelled before it runs and while it runs', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    const signals: AbortSignal[] = [];
    await queued(jobs, clock, 'first');
    await queued(jobs, clock, 'second');
    const { runner } = openWindow(jobs, clock, (_job, signal) => {
      signals.push(signal);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('stopped'));
        });
      });
    });
    runner.start();
    await clock.advance(0);
    await runner.cancel('second');
    assert.equal(runner.running?.id, 'first');
    await runner.cancel('first');
    await clock.advance(60_000);
    assert.equal(signals.length, 1);
    assert.equal(signals[0]?.aborted, true);
    assert.deepEqual((await jobs.list({ limit: 10 })).map(({ status }) => status), ['cancelled', 'cancelled']);
    await runner.stop();
  });

  it('stops when another window has cancelled it', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    let stopped = false;
    await queued(jobs, clock);
    const { runner } = openWindow(jobs, clock, (_job, signal) => new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true;
        reject(new Error('stopped'));
      });
    }));
    runner.start();
    await clock.advance(0);
    await jobs.cancel({ id: 'job-1', at: clock.now() });
    await clock.advance(10_000);
    assert.equal(stopped, true);
    assert.equal((await only(jobs)).status, 'cancelled');
    await runner.stop();
  });
});

describe('windows with one store', () => {
  it('never run a job twice, however long it takes', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    const held = Promise.withResolvers<undefined>();
    const ranIn: string[] = [];
    await queued(jobs, clock);
    const windows = ['window-1', 'window-2'].map((holder) =>
      openWindow(jobs, clock, async () => {
        ranIn.push(holder);
        await held.promise;
      }, { holder }),
    );
    for (const { runner } of windows) runner.start();
    await clock.advance(120_000);
    held.resolve(undefined);
    await clock.advance(10_000);
    assert.deepEqual(ranIn, ['window-1']);
    assert.equal((await only(jobs)).status, 'done');
    for (const { runner } of windows) await runner.stop();
  });

  it('take over the job of one that died, when its lease has run out', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    await queued(jobs, clock);
    await jobs.claim({ kinds: ['capture'], holder: 'killed', leaseUntil: clock.now() + 30_000, at: clock.now() });
    let runs = 0;
    const { runner } = openWindow(jobs, clock, () => {
      runs++;
      return Promise.resolve();
    });
    runner.start();
    await clock.advance(29_000);
    assert.equal(runs, 0);
    await clock.advance(6000);
    assert.equal(runs, 1);
    assert.equal((await only(jobs)).status, 'done');
    await runner.stop();
  });

  it('give back what they run when they close, and begin no more', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    await queued(jobs, clock);
    const { runner } = openWindow(jobs, clock, (_job, signal) => new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('stopped'));
      });
    }));
    runner.start();
    await clock.advance(0);
    await runner.stop();
    await clock.advance(60_000);
    const job = await only(jobs);
    assert.deepEqual([job.status, job.holder, job.tries], ['waiting', null, 0]);
  });

  it('go on looking after the store has failed once', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    let failing = true;
    await queued(jobs, clock);
    const shaky: JobRepository = {
      ...jobs,
      claim: (query) => (failing ? Promise.reject(new HearthlinkError('store-timeout')) : jobs.claim(query)),
    };
    const { runner, log } = openWindow(shaky, clock, () => Promise.resolve());
    runner.start();
    await clock.advance(1000);
    failing = false;
    await clock.advance(5000);
    await settled();
    assert.equal((await only(jobs)).status, 'done');
    assert.ok(log.lines.some((line) => line.includes('store-timeout')));
    await runner.stop();
  });
});
