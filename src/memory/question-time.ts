import type { TimeSpan } from '../store/recall-port.ts';
import { fold } from '../store/search/words.ts';
import { dayOf, instantOf, monthStart, plusDays, plusMonths, weekday, type CivilDay } from './civil-day.ts';
import { monthNumbers, timeLanguages, weekdayNumbers, type TimeLanguage, type TimeUnit } from './time-words.ts';

/**
 * The time that a question speaks of ("last week", "in May", "vor zwei Monaten", "昨天"), by rule, or null. What is said
 * without a year is the latest that has begun. Of several times the most exact counts, then the first rule that fits.
 *
 * @param now milliseconds
 * @param timeZone IANA name; the machine's own when left out
 */
export function questionTime(text: string, now: number, timeZone?: string): TimeSpan | null {
  const said = fold(text.normalize('NFKC').toLowerCase().slice(0, longestText));
  const today = dayOf(now, timeZone);
  const days = calendarDay(said, today) ?? relativeTime(said, today) ?? monthAlone(said, today) ?? yearAlone(said);
  if (days === null) return null;
  const range = { from: instantOf(days.from, timeZone), to: instantOf(days.to, timeZone) };
  return range.from < range.to ? range : null;
}

const patterns = new Map<string, RegExp>();

/** Compiled once: there are some hundred. */
function pattern(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source, 'u');
  patterns.set(source, known);
  return known;
}

/** A question is short; of a pasted log nothing is asked. */
const longestText = 500;

interface Days {
  readonly from: CivilDay;
  readonly to: CivilDay;
}

const oneDay = (day: CivilDay): Days => ({ from: day, to: plusDays(day, 1) });
const oneMonth = (year: number, month: number): Days => ({ from: monthStart(year, month), to: monthStart(year, month + 1) });
const oneYear = (year: number): Days => ({ from: monthStart(year, 0), to: monthStart(year + 1, 0) });

/** `2023-05-08`, `8 May 2023`, `May 8, 2023`, `2023年5月8日`, and the same without a year or a day. */
function calendarDay(said: string, today: CivilDay): Days | null {
  const iso = /(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)/.exec(said) ?? /((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})[日号號]/.exec(said);
  if (iso !== null) return dayIn(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const eastern = /(?:((?:19|20)\d\d|去|昨|今)年)?(?<!\d)(\d{1,2})月(?!\d)/.exec(said);
  if (eastern !== null) return monthOf(Number(eastern[2]) - 1, easternYear(eastern[1], today), today);
  for (const language of timeLanguages) {
    const names = monthNumbers(language);
    const name = `(${[...names.keys()].join('|')})`;
    const before = pattern(`(?<![\\p{L}\\d])(\\d{1,2})(?:\\.|st|nd|rd|th|er)?\\s+(?:of |de |di )?${name}(?!\\p{L})(?:,? (?:de |del )?((?:19|20)\\d\\d))?`).exec(said);
    if (before !== null) return dayAndMonth(Number(before[1]), names.get(before[2] ?? ''), before[3], today);
    const after = pattern(`(?<!\\p{L})${name} (\\d{1,2})(?:st|nd|rd|th)?(?!\\d)(?:,? ((?:19|20)\\d\\d))?`).exec(said);
    if (after !== null) return dayAndMonth(Number(after[2]), names.get(after[1] ?? ''), after[3], today);
    const withYear = pattern(`(?<!\\p{L})${name},? (?:de |del |of )?((?:19|20)\\d\\d)(?!\\d)`).exec(said);
    const month = names.get(withYear?.[1] ?? '');
    if (withYear !== null && month !== undefined) return oneMonth(Number(withYear[2]), month);
  }
  return null;
}

function easternYear(year: string | undefined, today: CivilDay): number | null {
  if (year === undefined) return null;
  if (year === '今') return today.getUTCFullYear();
  return year === '去' || year === '昨' ? today.getUTCFullYear() - 1 : Number(year);
}

function dayAndMonth(day: number, month: number | undefined, year: string | undefined, today: CivilDay): Days | null {
  if (month === undefined) return null;
  if (year !== undefined) return dayIn(Number(year), month, day);
  const thisYear = today.getUTCFullYear();
  const days = dayIn(thisYear, month, day);
  return days === null || days.from <= today ? days : dayIn(thisYear - 1, month, day);
}

/** Null where there is no such day: 31 June. */
function dayIn(year: number, month: number, day: number): Days | null {
  const start = plusDays(monthStart(year, month), day - 1);
  return month >= 0 && month < 12 && start.getUTCMonth() === month && day >= 1 ? oneDay(start) : null;
}

/** "yesterday", "last week", "three days ago", "the past two months", "on Monday". */
function relativeTime(said: string, today: CivilDay): Days | null {
  for (const language of timeLanguages) {
    const found = namedTime(said, language, today) ?? countedTime(said, language, today) ?? namedWeekday(said, language, today);
    if (found !== null) return found;
  }
  return null;
}

function namedTime(said: string, { bounded, named }: TimeLanguage, today: CivilDay): Days | null {
  for (const [words, unit, back] of named) {
    if (pattern(bounded ? `(?<!\\p{L})(?:${words})(?!\\p{L})` : `(?:${words})`).test(said)) return wholeUnit(unit, back, today);
  }
  return null;
}

/** The day, week (from Monday), month or year that lies `back` of them before the current one. */
function wholeUnit(unit: TimeUnit, back: number, today: CivilDay): Days {
  switch (unit) {
    case 'day':
      return oneDay(plusDays(today, -back));
    case 'week': {
      const monday = plusDays(today, -weekday(today) - 7 * back);
      return { from: monday, to: plusDays(monday, 7) };
    }
    case 'month':
      return oneMonth(today.getUTCFullYear(), today.getUTCMonth() - back);
    case 'year':
      return oneYear(today.getUTCFullYear() - back);
  }
}

function countedTime(said: string, { ago, past, numbers, units }: TimeLanguage, today: CivilDay): Days | null {
  const count = `(\\d{1,3}|${Object.keys(numbers).join('|')})`;
  for (const [unit, words] of units) {
    const amount = `${count}\\s?(?:${words})`;
    const distant = pattern(ago.replace('#', amount)).exec(said);
    if (distant !== null) return around(unit, numberOf(distant[1], numbers), today);
    const recent = past === null ? null : pattern(past.replace('#', amount)).exec(said);
    if (recent !== null) return { from: backBy(unit, numberOf(recent[1], numbers), today), to: plusDays(today, 1) };
  }
  return null;
}

function numberOf(word: string | undefined, numbers: Readonly<Record<string, number>>): number {
  return numbers[word ?? ''] ?? Number(word);
}

/** Nobody counts exactly: "three weeks ago" is a week around that day, "ten days ago" a day more on both sides. */
function around(unit: TimeUnit, count: number, today: CivilDay): Days {
  const day = backBy(unit, count, today);
  if (unit === 'week') return { from: plusDays(day, -3), to: plusDays(day, 4) };
  if (unit === 'day' && count > 3) return { from: plusDays(day, -1), to: plusDays(day, 2) };
  return wholeUnit(unit, count, today);
}

function backBy(unit: TimeUnit, count: number, today: CivilDay): CivilDay {
  if (unit === 'day' || unit === 'week') return plusDays(today, -count * (unit === 'week' ? 7 : 1));
  return plusMonths(today, -count * (unit === 'year' ? 12 : 1));
}

/** "on Monday", "last Friday": the latest before today. */
function namedWeekday(said: string, language: TimeLanguage, today: CivilDay): Days | null {
  const names = weekdayNumbers(language);
  if (language.onWeekday === null) return null;
  const found = pattern(language.onWeekday.replace('#', `(${[...names.keys()].join('|')})`)).exec(said);
  const day = names.get(found?.[1] ?? '');
  if (day === undefined) return null;
  return oneDay(plusDays(today, -(((weekday(today) - day + 6) % 7) + 1)));
}

/** "in May": with a word before it, because many months' names are other words too. */
function monthAlone(said: string, today: CivilDay): Days | null {
  for (const language of timeLanguages) {
    if (language.inMonth === null) continue;
    const names = monthNumbers(language);
    const found = pattern(language.inMonth.replace('#', `(${[...names.keys()].join('|')})`)).exec(said);
    const month = names.get(found?.[1] ?? '');
    if (month !== undefined) return monthOf(month, null, today);
  }
  return null;
}

function monthOf(month: number, year: number | null, today: CivilDay): Days | null {
  if (month < 0 || month > 11) return null;
  if (year !== null) return oneMonth(year, month);
  return oneMonth(today.getUTCFullYear() - (month > today.getUTCMonth() ? 1 : 0), month);
}

function yearAlone(said: string): Days | null {
  const found = /(?<![\p{L}\d.,:/-])((?:19|20)\d\d)(?![\d/:-]|[.,]\d)(?!\p{Script=Latin})/u.exec(said);
  return found === null ? null : oneYear(Number(found[1]));
}
