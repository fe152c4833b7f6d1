import assert from 'node:assert/strict';
import { partName } from '../../src/operations/archive/part-name.ts';
import { damagedWords, everyHoursWords, nextWords, verdictWords, whatWords } from '../../src/webview/backups/backup-words.ts';

describe('what the backups view says', () => {
  it('names what is damaged in words for people, never by the name of a part', () => {
    const parts = ['snapshot.sqlite', 'calls.bin', 'index.bin', 'vectors-0123456789abcdef.bin', 'COVERS', 'MARK', 'records', `blob-${'a'.repeat(64)}`, 'settings.json', 'audit.jsonl', 'logs.jsonl'];
    for (const part of parts) {
      assert.ok(partName.safeParse(part).success, part);
      assert.ok(!damagedWords(part).includes(part), part);
    }
    assert.deepEqual(['snapshot.sqlite', 'records', 'end', 'header', '', 'something new'].map(damagedWords), [
      'Damaged: chats and memories', 'Damaged: the changes in it', 'Damaged: its end is missing', 'Damaged at its beginning', 'Damaged', 'Damaged',
    ]);
  });

  it('says of the next one when it is made: a time today or tomorrow, a day with it after that', () => {
    const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime();
    const now = at(21, 20);
    assert.match(nextWords(6, at(21, 23), now), /^Every 6 hours, next at 23:00$|^Every 6 hours, next at 11:00\sPM$/);
    assert.match(nextWords(24, at(22, 3), now), /^Every day, next tomorrow at /);
    assert.match(nextWords(168, at(26, 3), now), /^Every 7 days, next (?!tomorrow).*26.* at /);
    assert.equal(nextWords(6, now, now), 'Every 6 hours, next when something changes');
  });

  it('counts only what is more than one or none', () => {
    assert.deepEqual([1, 6, 24, 48].map(everyHoursWords), ['Every hour', 'Every 6 hours', 'Every day', 'Every 2 days']);
    assert.deepEqual([0, 1, 2].map((count) => verdictWords({ type: 'locked', count }, 0).title), ['Backups are locked.', '1 backup is locked.', '2 backups are locked.']);
  });

  it('says of each backup what it is and who asked for it', () => {
    assert.deepEqual(
      (['schedule', 'hand', 'before-restore', 'before-migration', 'journal'] as const).map((by) => whatWords({ kind: 'changes', by })),
      ['Changes', 'Changes, by hand', 'Changes, before a restore', 'Changes, before an update', 'Changes since then, in the second folder'],
    );
  });
});
