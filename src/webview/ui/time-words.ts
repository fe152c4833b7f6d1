import * as l10n from '@vscode/l10n';
import { currentLocale } from './locale.ts';

/** Times as people say them. All are milliseconds since 1970, read in the zone of the machine. */

type Style = 'clock' | 'dayMonth' | 'dayShortMonth' | 'dayShortMonthYear' | 'dayMonthYear' | 'month' | 'monthYear' | 'full';

const styles: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  clock: { hour: '2-digit', minute: '2-digit' },
  dayMonth: { day: 'numeric', month: 'long' },
  dayShortMonth: { day: 'numeric', month: 'short' },
  dayShortMonthYear: { day: 'numeric', month: 'short', year: 'numeric' },
  dayMonthYear: { day: 'numeric', month: 'long', year: 'numeric' },
  month: { month: 'long' },
  monthYear: { month: 'long', year: 'numeric' },
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function written(style: Style, at: number): string {
  const key = `${currentLocale()} ${style}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(currentLocale(), styles[style]);
    formats.set(key, format);
  }
  return format.format(at);
}

/** Whole days between the calendar days of two times: 0 today, 1 yesterday, negative when `at` lies ahead of `now`. */
export function daysAgo(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000); // a day may have 23 or 25 hours
}

export function startOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function sameYear(at: number, now: number): boolean {
  return new Date(at).getFullYear() === new Date(now).getFullYear();
}

/** 21:42 */
export function clockWords(at: number): string {
  return written('clock', at);
}

/** Today, Yesterday, 28 March, 28 March 2024: a heading. */
export function dayWords(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return l10n.t('Today');
  if (days === 1) return l10n.t('Yesterday');
  return written(sameYear(at, now) ? 'dayMonth' : 'dayMonthYear', at);
}

/** today 21:42, yesterday 18:20, 28 March, 28 March 2024: inside a line. */
export function momentWords(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return l10n.t('today {0}', clockWords(at));
  if (days === 1) return l10n.t('yesterday {0}', clockWords(at));
  return dayWords(at, now);
}

/** 21:42 for today and yesterday, 12 Nov for the rest of the year, 28 Mar 2024 before: the end of a list row. */
export function shortWords(at: number, now: number): string {
  if (Math.abs(daysAgo(at, now)) <= 1) return clockWords(at);
  return written(sameYear(at, now) ? 'dayShortMonth' : 'dayShortMonthYear', at);
}

/** Where a time stands in a list that is grouped by time: Today, Yesterday, Earlier this month, October, March 2024. */
export function groupWords(at: number, now: number): string {
  if (daysAgo(at, now) <= 1) return dayWords(Math.min(at, now), now);
  if (!sameYear(at, now)) return written('monthYear', at);
  return new Date(at).getMonth() === new Date(now).getMonth() ? l10n.t('Earlier this month') : written('month', at);
}

/** Saturday, 28 March 2026 at 21:42: for the pointer that rests on a short time. */
export function fullWords(at: number): string {
  return written('full', at);
}

/** The `datetime` attribute of a `<time>`. */
export function machineTime(at: number): string {
  return new Date(at).toISOString();
}
