import assert from 'node:assert/strict';
import { allWeeks, weekAfter } from '../../src/webview/memory/weeks.ts';

const monday = (month: number, day: number): number => new Date(2026, month - 1, day).getTime();

describe('the weeks of a timeline', () => {
  it('begin on Mondays, also where the clocks change', () => {
    assert.equal(weekAfter(monday(3, 23)), monday(3, 30));
    assert.equal(weekAfter(monday(10, 19)), monday(10, 26));
  });

  it('go on without a gap to this one', () => {
    const weeks = allWeeks([{ start: monday(11, 2), count: 3 }], monday(11, 18));
    assert.deepEqual(weeks, [{ start: monday(11, 2), count: 3 }, { start: monday(11, 9), count: 0 }, { start: monday(11, 16), count: 0 }]);
  });

  it('are none while there is nothing', () => {
    assert.deepEqual(allWeeks([], monday(11, 18)), []);
  });

  it('are the latest five years at most', () => {
    const weeks = allWeeks([{ start: new Date(2010, 0, 4).getTime(), count: 1 }], monday(11, 18));
    assert.equal(weeks.length, 260);
    assert.equal(weeks.at(-1)?.start, monday(11, 16));
  });
});
