import assert from 'node:assert/strict';
import type { JobHandler } from '../../src/models/background-jobs.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { InProcessStore } from '../store/sql/support/in-process-store.ts';
import { jobsOf, only, openWindow, queued } from './job-kit.ts';

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
    runner.start();
    await clock.advance(0);
    assert.equal(runs, 1);
    await clock.advance(1000);
    const job = await only(jobs);
    assert.deepEqual([job.status, job.tries, runs], ['done', 0, 2]);
    await runner.stop();
  });

  it('waits in peace for a store that cannot be read, which is logged once, and is run as soon as the store can be', async () => {
    const clock = new HandClock();
    const store = jobsOf(InProcessStore.create());
    let isLocked = true;
    let looks = 0;
    const claim: typeof store.claim = (query) => {
      looks++;
      return isLocked ? Promise.reject(new HearthlinkError('store-locked')) : store.claim(query);
    };
    await queued(store, clock);
    const { runner, log } = openWindow({ ...store, claim }, clock, () => Promise.resolve());
    runner.start();
    await clock.advance(156_000);
    assert.equal(looks, 6, 'at once, and after 1, 5, 30, 60 and 60 seconds');
    assert.deepEqual(log.lines, ['warn background jobs could not be looked up {"code":"store-locked"}']);
    isLocked = false;
    runner.start();
    await clock.advance(0);
    assert.equal((await only(store)).status, 'done');
    await runner.stop();
  });

  it('is tried again on time, while others run', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    const begin = clock.now();
    const runs: string[] = [];
    await queued(jobs, clock, 'first');
    await queued(jobs, clock, 'second');
    const { runner } = openWindow(jobs, clock, (job) => {
      runs.push(`${job.id} ${String(clock.now() - begin)}`);
      return runs.length === 1 ? Promise.reject(new HearthlinkError('model-busy')) : Promise.resolve();
    });
    runner.start();
    await clock.advance(2000);
    assert.deepEqual(runs, ['first 0', 'second 0', 'first 1001']);
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
