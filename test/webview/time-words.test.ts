import assert from 'node:assert/strict';
import { setLocale } from '../../src/webview/ui/locale.ts';
import { clockWords, daysAgo, dayWords, fullWords, groupWords, momentWords, shortWords } from '../../src/webview/ui/time-words.ts';

/** Saturday, 21 November 2026, 09:30 in the zone of the machine. */
const now = new Date(2026, 10, 21, 9, 30).getTime();

function time(year: number, month: number, day: number, hour = 12, minute = 0): number {
  return new Date(year, month - 1, day, hour, minute).getTime();
}

describe('times as people say them', () => {
  before(() => { setLocale('en', ''); });

  it('counts calendar days, not hours', () => {
    assert.equal(daysAgo(time(2026, 11, 21, 0, 0), now), 0);
    assert.equal(daysAgo(time(2026, 11, 20, 23, 59), now), 1);
    assert.equal(daysAgo(time(2026, 11, 22, 0, 1), now), -1);
  });

  it('counts a day with a clock change as one', () => {
    const march = time(2026, 3, 30);
    assert.equal(daysAgo(time(2026, 3, 28), march), 2);
    assert.equal(daysAgo(time(2026, 10, 24), time(2026, 10, 26)), 2);
  });

  it('names today and yesterday, then the day, then the year too', () => {
    assert.equal(dayWords(now, now), 'Today');
    assert.equal(dayWords(time(2026, 11, 20), now), 'Yesterday');
    assert.equal(dayWords(time(2026, 3, 28), now), '28 March');
    assert.equal(dayWords(time(2025, 3, 28), now), '28 March 2025');
  });

  it('says the clock where the day is near', () => {
    assert.equal(momentWords(time(2026, 11, 21, 8, 5), now), 'today 08:05');
    assert.equal(momentWords(time(2026, 11, 20, 18, 20), now), 'yesterday 18:20');
    assert.equal(momentWords(time(2026, 5, 3), now), '3 May');
  });

  it('is short at the end of a row', () => {
    assert.equal(shortWords(time(2026, 11, 20, 18, 20), now), '18:20');
    assert.equal(shortWords(time(2026, 11, 12), now), '12 Nov');
    assert.equal(shortWords(time(2025, 12, 18), now), '18 Dec 2025');
  });

  it('groups by day, month and year', () => {
    const words = [time(2026, 11, 21), time(2026, 11, 20), time(2026, 11, 2), time(2026, 10, 31), time(2025, 12, 18)].map((at) => groupWords(at, now));
    assert.deepEqual(words, ['Today', 'Yesterday', 'Earlier this month', 'October', 'December 2025']);
  });

  it('counts a time that lies ahead, by another clock, as today', () => {
    assert.equal(groupWords(now + 60_000, now), 'Today');
    assert.equal(groupWords(time(2026, 11, 22), now), 'Today');
  });

  it('has the whole date for who wants it', () => {
    assert.equal(fullWords(time(2026, 3, 28, 21, 42)), 'Saturday, 28 March 2026 at 21:42');
  });

  it('follows the language', () => {
    setLocale('de', JSON.stringify({ Today: 'Heute', 'today {0}': 'heute {0}' }));
    try {
      assert.equal(dayWords(now, now), 'Heute');
      assert.equal(momentWords(time(2026, 11, 21, 8, 5), now), 'heute 08:05');
      assert.equal(dayWords(time(2026, 3, 28), now), '28. März');
      assert.equal(clockWords(time(2026, 3, 28, 21, 42)), '21:42');
    } finally {
      setLocale('en', '{}');
    }
  });
});
