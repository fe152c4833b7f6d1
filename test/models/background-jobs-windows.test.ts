import assert from 'node:assert/strict';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { JobRepository } from '../../src/store/job-port.ts';
import { HandClock, settled } from '../support/seeded-ports.ts';
import { InProcessStore } from '../store/sql/support/in-process-store.ts';
import { jobsOf, only, openWindow, queued } from './job-kit.ts';

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

  it('leave the store in peace while there is nothing to do, until they are told of a change', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    let claims = 0;
    let runs = 0;
    const counted: JobRepository = {
      ...jobs,
      claim: (query) => {
        claims++;
        return jobs.claim(query);
      },
    };
    const { runner } = openWindow(counted, clock, () => {
      runs++;
      return Promise.resolve();
    });
    runner.start();
    await clock.advance(3_600_000);
    assert.equal(claims, 1);
    await queued(jobs, clock);
    runner.start();
    await clock.advance(0);
    assert.equal(runs, 1);
    await runner.stop();
  });

  it('hear of a change that comes while they look', async () => {
    const clock = new HandClock();
    const jobs = jobsOf(InProcessStore.create());
    let runs = 0;
    let told = false;
    const slow: JobRepository = {
      ...jobs,
      claim: async (query) => {
        const claimed = await jobs.claim(query);
        if (!told) {
          told = true;
          await queued(jobs, clock);
          runner.start();
          await settled();
        }
        return claimed;
      },
    };
    const { runner } = openWindow(slow, clock, () => {
      runs++;
      return Promise.resolve();
    });
    runner.start();
    await clock.advance(50);
    assert.equal(runs, 1);
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
