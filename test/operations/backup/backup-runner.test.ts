import assert from 'node:assert/strict';
import { runBackups } from '../../../src/operations/backup/backup-runner.ts';
import { hourMs, type Schedule } from '../../../src/operations/backup/schedule.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { HandClock, keepingLog } from '../../support/seeded-ports.ts';

/** Counts its runs, and answers that the next backup is due after `pauseMs`. */
function counting(clock: HandClock, pauseMs: number): { runs: number; failure: HearthlinkError | null; runSchedule(): Promise<Schedule> } {
  return {
    runs: 0,
    failure: null,
    runSchedule() {
      this.runs++;
      if (this.failure !== null) return Promise.reject(this.failure);
      return Promise.resolve({ due: null, nextChangesAt: clock.now() + pauseMs, nextFullAt: clock.now() + 24 * hourMs });
    },
  };
}

describe('the runner of backups', () => {
  it('looks soon after the start, but not at once', async () => {
    const clock = new HandClock();
    const service = counting(clock, 6 * hourMs);
    runBackups({ service, clock, timers: clock, log: keepingLog() });
    await clock.advance(60_000);
    assert.equal(service.runs, 0);
    await clock.advance(60_000);
    assert.equal(service.runs, 1);
  });

  it('looks when the next one is due, every hour at least, and not again and again where one is due all the time', async () => {
    for (const [pauseMs, runs] of [[20 * 60_000, 4], [6 * hourMs, 2], [0, 13]] as const) {
      const clock = new HandClock();
      const service = counting(clock, pauseMs);
      const running = runBackups({ service, clock, timers: clock, log: keepingLog() });
      await clock.advance(2 * 60_000 + hourMs);
      assert.equal(service.runs, runs, String(pauseMs));
      running.dispose();
    }
  });

  it('tries again after a failure, which it logs; another window at work is none', async () => {
    const clock = new HandClock();
    const service = counting(clock, hourMs);
    const log = keepingLog();
    const running = runBackups({ service, clock, timers: clock, log });
    service.failure = new HearthlinkError('backup-busy');
    await clock.advance(2 * 60_000);
    assert.equal(log.lines.length, 0);
    service.failure = new HearthlinkError('store-full');
    await clock.advance(5 * 60_000);
    assert.deepEqual([service.runs, log.lines.length], [2, 1]);
    running.dispose();
    await clock.advance(hourMs);
    assert.equal(service.runs, 2);
    assert.equal(clock.waiting, 0);
  });

  it('waits while the disk is nearly full, and goes on once there is room', async () => {
    const clock = new HandClock();
    const service = counting(clock, 6 * hourMs);
    const disk = { hasRoom: false };
    const running = runBackups({ service, clock, timers: clock, log: keepingLog(), hasRoom: () => disk.hasRoom });
    await clock.advance(hourMs);
    assert.equal(service.runs, 0);
    disk.hasRoom = true;
    await clock.advance(5 * 60_000);
    assert.equal(service.runs, 1);
    running.dispose();
  });
});
