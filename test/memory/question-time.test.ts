import assert from 'node:assert/strict';
import fc from 'fast-check';

import { questionTime } from '../../src/memory/question-time.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A Wednesday. */
const now = Date.UTC(2026, 4, 20, 15, 30);

/** First and last day, as `2026-05-19` or `2026-05-11 to 2026-05-17`. */
function daysOf(text: string, at = now): string | null {
  const range = questionTime(text, at, 'UTC');
  if (range === null) return null;
  const [first, last] = [range.from, range.to - 1].map((instant) => new Date(instant).toISOString().slice(0, 10));
  return first === last ? `${first}` : `${first} to ${last}`;
}

describe('the time of a question', () => {
  for (const [text, expected] of [
    ['What did I say yesterday?', '2026-05-19'],
    ['the day before yesterday', '2026-05-18'],
    ['What have I planned today?', '2026-05-20'],
    ['Where did we eat last week?', '2026-05-11 to 2026-05-17'],
    ['this week', '2026-05-18 to 2026-05-24'],
    ['what broke last month', '2026-04-01 to 2026-04-30'],
    ['last year', '2025-01-01 to 2025-12-31'],
    ['two days ago', '2026-05-18'],
    ['10 days ago', '2026-05-09 to 2026-05-11'],
    ['three weeks ago', '2026-04-26 to 2026-05-02'],
    ['Which flat did we see two months ago?', '2026-03-01 to 2026-03-31'],
    ['a year ago', '2025-01-01 to 2025-12-31'],
    ['in the last 3 days', '2026-05-17 to 2026-05-20'],
    ['over the past two months', '2026-03-20 to 2026-05-20'],
    ['What happened on Monday?', '2026-05-18'],
    ['last Wednesday', '2026-05-13'],
    ['What did we decide in May?', '2026-05-01 to 2026-05-31'],
    ['in June', '2025-06-01 to 2025-06-30'],
    ['in May 2023', '2023-05-01 to 2023-05-31'],
    ['on 8 May 2023', '2023-05-08'],
    ['on May 8th, 2023', '2023-05-08'],
    ['on 8 June', '2025-06-08'],
    ['2023-05-08', '2023-05-08'],
    ['Where did I travel in 2023?', '2023-01-01 to 2023-12-31'],
    ['Was habe ich gestern gesagt?', '2026-05-19'],
    ['letzte Woche', '2026-05-11 to 2026-05-17'],
    ['vor zwei Monaten', '2026-03-01 to 2026-03-31'],
    ['vor fünf Tagen', '2026-05-14 to 2026-05-16'],
    ['Was war im März?', '2026-03-01 to 2026-03-31'],
    ['am 8. Mai 2023', '2023-05-08'],
    ['am Montag', '2026-05-18'],
    ['la semaine dernière', '2026-05-11 to 2026-05-17'],
    ['il y a trois semaines', '2026-04-26 to 2026-05-02'],
    ['Qu’ai-je dit avant-hier ?', '2026-05-18'],
    ['en février', '2026-02-01 to 2026-02-28'],
    ['¿Qué dije ayer?', '2026-05-19'],
    ['el mes pasado', '2026-04-01 to 2026-04-30'],
    ['hace dos años', '2024-01-01 to 2024-12-31'],
    ['el 8 de mayo de 2023', '2023-05-08'],
    ['Cosa ho detto ieri?', '2026-05-19'],
    ['due settimane fa', '2026-05-03 to 2026-05-09'],
    ['我昨天说了什么？', '2026-05-19'],
    ['上周我们去了哪里', '2026-05-11 to 2026-05-17'],
    ['三个月前', '2026-02-01 to 2026-02-28'],
    ['2023年5月8日', '2023-05-08'],
    ['去年5月', '2025-05-01 to 2025-05-31'],
    ['5月', '2026-05-01 to 2026-05-31'],
    ['先週どこで食べましたか', '2026-05-11 to 2026-05-17'],
    ['三日前', '2026-05-17'],
  ] as const) {
    it(`${text}: ${expected}`, () => {
      assert.equal(daysOf(text), expected);
    });
  }

  for (const text of [
    'What is my name?', 'May I ask something?', 'It may rain, you may march', 'I paid 2023.50 for port 2024:80', 'Room 20260', 'Is 31 June a day?', 'Where is Augusta?',
    'What do I do next week?', 'v2023-rc1',
  ]) {
    it(`${text} speaks of none`, () => {
      assert.equal(daysOf(text), null);
    });
  }

  it('begins and ends with the day of the place', () => {
    // In Auckland it is the 21st already, in Los Angeles still the 20th.
    assert.deepEqual(questionTime('yesterday', now, 'Pacific/Auckland'), { from: Date.UTC(2026, 4, 19, 12), to: Date.UTC(2026, 4, 20, 12) });
    assert.deepEqual(questionTime('yesterday', now, 'America/Los_Angeles'), { from: Date.UTC(2026, 4, 19, 7), to: Date.UTC(2026, 4, 20, 7) });
  });

  it('has a day of 23 hours where the clocks go forward', () => {
    const range = questionTime('yesterday', Date.UTC(2026, 2, 30, 12), 'Europe/Berlin');
    assert.equal(range && range.to - range.from, 23 * 60 * 60 * 1000);
  });

  it('finds every date again that is written out, in each language', () => {
    const dates = fc.date({ min: new Date('1950-01-01'), max: new Date('2049-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.constantFrom('en-GB', 'en-US', 'de', 'fr', 'es', 'it', 'zh', 'ja'), (date, locale) => {
        const day = new Date(Math.floor(date.getTime() / dayMs) * dayMs);
        const written = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(day);
        assert.equal(daysOf(`? ${written} ?`), day.toISOString().slice(0, 10), written);
      }),
    );
  });

  it('never looks ahead when it counts back, and never throws', () => {
    const instants = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2060, 0) });
    const back = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom('days', 'weeks', 'months', 'years')).map(([count, unit]) => `${count} ${unit} ago`);
    fc.assert(
      fc.property(instants, fc.constantFrom('UTC', 'Pacific/Auckland', 'America/St_Johns'), back, (at, timeZone, text) => {
        const range = questionTime(text, at, timeZone);
        assert.ok(range !== null && range.from < range.to && range.from <= at, text);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('last ', 'in ', 'may ', '8 ', '2023', '-', '年', '月', '5', ' ago', 'week') })), instants, (text, at) => {
        const range = questionTime(text, at, 'UTC');
        assert.ok(range === null || range.from < range.to);
      }),
    );
  });
});
