import assert from 'node:assert/strict';
import { waitingForKeys } from '../../../src/operations/keys/scheduled-with-keys.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { HandClock, keepingLog } from '../../support/seeded-ports.ts';

const later = { due: null, nextChangesAt: 2_000, nextFullAt: 3_000 };

/** A schedule that says what was done, over keys that may be locked. */
function schedule({ isWaiting, dropAgedKeys = () => Promise.resolve() }: { readonly isWaiting: boolean; readonly dropAgedKeys?: () => Promise<void> }) {
  const done: string[] = [];
  const log = keepingLog();
  const service = { runSchedule: () => { done.push('backed up'); return Promise.resolve(later); } };
  const vault = { isWaiting: () => Promise.resolve(isWaiting), dropAgedKeys: () => { done.push('looked through keys'); return dropAgedKeys(); } };
  return { done, log, run: waitingForKeys(service, vault, { clock: new HandClock(1_000), log }).runSchedule };
}

describe('the schedule of a store with keys', () => {
  it('makes nothing while they are locked, is not in a hurry, and bothers nobody', async () => {
    const { done, log, run } = schedule({ isWaiting: true });
    assert.deepEqual(await run(), { due: null, nextChangesAt: 1_000, nextFullAt: 1_000 });
    assert.deepEqual(done, []);
    assert.deepEqual(log.lines, []);
  });

  it('looks through old keys once what is due has been made', async () => {
    const { done, run } = schedule({ isWaiting: false });
    assert.deepEqual(await run(), later);
    assert.deepEqual(done, ['backed up', 'looked through keys']);
  });

  it('has made what was due, also where old keys cannot be looked through', async () => {
    const { log, run } = schedule({ isWaiting: false, dropAgedKeys: () => Promise.reject(new HearthlinkError('backup-busy')) });
    assert.deepEqual(await run(), later);
    assert.equal(log.lines.length, 1);
  });
});
