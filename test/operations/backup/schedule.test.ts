import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JudgedBackup } from '../../../src/operations/backup/backup-record.ts';
import { baseForChanges, dayMs, defaultSchedule, hourMs, scheduleOf, type ScheduleFacts } from '../../../src/operations/backup/schedule.ts';
import { anyShelf, backup, changesOf, damaged } from './sample-backups.ts';

const start = Date.UTC(2026, 10, 21, 3);
const full = backup('full', start);

/** The store has been written to since the last backup, unless told otherwise. */
function due(facts: Partial<ScheduleFacts> & { readonly now: number }): string | null {
  return scheduleOf({ backups: [full], changed: 'changes', ...facts }, defaultSchedule).due;
}

describe('the schedule of backups', () => {
  it('begins with everything, once there is something', () => {
    assert.equal(due({ now: start, backups: [], changed: 'nothing' }), null);
    assert.equal(due({ now: start, backups: [], changed: 'new-content' }), 'full');
  });

  it('asks for changes six hours after the last backup, not a minute before', () => {
    assert.equal(due({ now: start + 6 * hourMs - 60_000 }), null);
    assert.equal(due({ now: start + 6 * hourMs }), 'changes');
    const later = changesOf(full, 'later', start + 6 * hourMs);
    assert.equal(due({ now: start + 11 * hourMs, backups: [full, later] }), null);
    assert.equal(due({ now: start + 12 * hourMs, backups: [full, later] }), 'changes');
  });

  it('asks for everything a day after the last one of everything, whatever changes were backed up since', () => {
    const evening = changesOf(full, 'evening', start + 23 * hourMs);
    assert.equal(due({ now: start + dayMs - 1, backups: [full, evening] }), null);
    assert.equal(due({ now: start + dayMs, backups: [full, evening] }), 'full');
  });

  it('writes nothing when nothing changed, however long ago the last one was', () => {
    assert.equal(due({ now: start + 400 * dayMs, changed: 'nothing' }), null);
  });

  it('makes the next one everything after a purge, at its usual time', () => {
    assert.equal(due({ now: start + 5 * hourMs, changed: 'new-content' }), null);
    assert.equal(due({ now: start + 6 * hourMs, changed: 'new-content' }), 'full');
  });

  it('does not count on a damaged backup, nor on changes whose base is damaged or gone', () => {
    const broken = { ...full, soundness: damaged };
    const orphan = changesOf(full, 'orphan', start + hourMs);
    for (const backups of [[broken], [broken, orphan], [orphan]]) {
      assert.equal(due({ now: start + 2 * hourMs, backups }), 'full');
      assert.equal(baseForChanges(backups), null);
    }
  });

  it('after a clock was set back makes one backup at once, and then keeps its pace', () => {
    const ahead = backup('ahead', start + 3650 * dayMs, { position: { sequence: 7, chain: '7', at: start } });
    assert.equal(due({ now: start, backups: [ahead] }), 'full');
    const corrected = backup('corrected', start, { position: { sequence: 8, chain: '8', at: start } });
    assert.equal(due({ now: start + hourMs, backups: [ahead, corrected] }), null);
    assert.equal(due({ now: start + 6 * hourMs, backups: [ahead, corrected] }), 'changes');
  });

  it('says when the next ones are due, and never a time that has passed', () => {
    const schedule = scheduleOf({ now: start + hourMs, backups: [full], changed: 'nothing' }, defaultSchedule);
    assert.deepEqual(schedule, { due: null, nextChangesAt: start + 6 * hourMs, nextFullAt: start + dayMs });
    fc.assert(
      fc.property(anyShelf(12, dayMs), fc.integer({ min: 0, max: 1e12 }), (backups, now) => {
        const { nextChangesAt, nextFullAt } = scheduleOf({ now, backups, changed: 'nothing' }, defaultSchedule);
        assert.ok(nextChangesAt >= now && nextFullAt >= now);
        assert.ok(nextChangesAt <= now + defaultSchedule.changesEveryMs && nextFullAt <= now + defaultSchedule.fullEveryMs);
      }),
    );
  });

  it('is satisfied by the backup it asked for, whatever the shelf and the clock', () => {
    fc.assert(
      fc.property(anyShelf(12, dayMs), fc.integer({ min: 0, max: 1e12 }), fc.constantFrom('changes', 'new-content'), (backups, now, changed) => {
        const asked = scheduleOf({ now, changed, backups }, defaultSchedule).due;
        if (asked === null) return;
        const shelf = [...backups, madeAs(asked, backups, now)];
        assert.equal(scheduleOf({ now, changed: 'nothing', backups: shelf }, defaultSchedule).due, null);
        assert.equal(scheduleOf({ now: now + 1, changed: 'changes', backups: shelf }, defaultSchedule).due, null, 'a write at once asks for no other');
      }),
    );
  });
});

function madeAs(kind: 'full' | 'changes', backups: readonly JudgedBackup[], now: number): JudgedBackup {
  const base = baseForChanges(backups);
  const facts = { position: { sequence: 1e15, chain: 'now', at: now } };
  if (kind === 'full') return backup('made', now, facts);
  assert.ok(base !== null, 'changes follow something');
  return changesOf(base, 'made', now, facts);
}
