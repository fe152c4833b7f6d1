/** A day of the calendar as the UTC midnight of its date: days can be counted in it, whatever the clocks do. */
export type CivilDay = Date;

const dayMs = 24 * 60 * 60 * 1000;

/** The day on which `at` falls in a time zone (IANA name; the machine's own when left out). */
export function dayOf(at: number, timeZone?: string): CivilDay {
  return new Date(Math.floor((at + offsetAt(at, timeZone)) / dayMs) * dayMs);
}

/** When the day begins there. Where midnight is skipped, an hour before or after. */
export function instantOf(day: CivilDay, timeZone?: string): number {
  const midnight = day.getTime();
  const guess = midnight - offsetAt(midnight, timeZone);
  return midnight - offsetAt(guess, timeZone);
}

export function plusDays(day: CivilDay, count: number): CivilDay {
  return new Date(day.getTime() + count * dayMs);
}

/** The same day of another month, or its last day where it has no such day. */
export function plusMonths(day: CivilDay, count: number): CivilDay {
  const start = monthStart(day.getUTCFullYear(), day.getUTCMonth() + count);
  const length = (monthStart(start.getUTCFullYear(), start.getUTCMonth() + 1).getTime() - start.getTime()) / dayMs;
  return plusDays(start, Math.min(day.getUTCDate(), length) - 1);
}

/** @param month 0 to 11; beyond that in the years before or after */
export function monthStart(year: number, month: number): CivilDay {
  return new Date(Date.UTC(year, month, 1));
}

/** 0 for Monday to 6 for Sunday. */
export function weekday(day: CivilDay): number {
  return (day.getUTCDay() + 6) % 7;
}

/** Milliseconds that clocks there are ahead of UTC. */
function offsetAt(at: number, timeZone: string | undefined): number {
  const parts = new Map(formatOf(timeZone).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const get = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return shown - Math.floor(at / 1000) * 1000;
}

function formatOf(timeZone: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}
