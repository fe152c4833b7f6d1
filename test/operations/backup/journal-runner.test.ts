import assert from 'node:assert/strict';
import { journalEveryMs } from '../../../src/operations/backup/journal-copies.ts';
import { runJournalCopies } from '../../../src/operations/backup/journal-runner.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import { HandClock } from '../../support/seeded-ports.ts';

describe('the copies of the journal', () => {
  it('are looked after every quarter of an hour, also after one failed, until the window closes', async () => {
    const clock = new HandClock();
    const answers: (HearthlinkError | boolean)[] = [];
    const failures = [new HearthlinkError('store-full'), new HearthlinkError('backup-busy')];
    const warned: unknown[] = [];
    const service = {
      copyJournal: () => {
        const failure = failures.pop();
        answers.push(failure ?? true);
        return failure === undefined ? Promise.resolve(true) : Promise.reject(failure);
      },
    };
    const running = runJournalCopies({ service, timers: clock, log: { ...silentLog, warn: (_, fields) => { warned.push(fields); } } });
    await clock.advance(journalEveryMs - 1);
    assert.equal(answers.length, 0);
    await clock.advance(1);
    for (let round = 0; round < 3; round++) await clock.advance(journalEveryMs);
    assert.equal(answers.length, 4);
    assert.deepEqual(warned, [{ code: 'store-full' }], 'that another window is at it is no failure');
    running.dispose();
    await clock.advance(10 * journalEveryMs);
    assert.equal(answers.length, 4);
  });
});
