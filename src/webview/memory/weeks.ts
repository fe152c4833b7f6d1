import type { WeekView } from '../../shared/protocol/memory-views.ts';

/** More bars than this cannot be told apart. */
const mostWeeks = 260;

/** The first moment of the week after; a week may have an hour more or less. */
export function weekAfter(start: number): number {
  const date = new Date(start);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 7).getTime();
}

/** Every week from the first that has something to this one, the empty ones too; the latest five years where there are more. */
export function allWeeks(weeks: readonly WeekView[], now: number): WeekView[] {
  const [first] = weeks;
  if (first === undefined) return [];
  const counts = new Map(weeks.map(({ start, count }) => [start, count]));
  const end = Math.max(now, weeks.at(-1)?.start ?? now);
  const all: WeekView[] = [];
  for (let { start } = first; start <= end; start = weekAfter(start)) all.push({ start, count: counts.get(start) ?? 0 });
  return all.slice(-mostWeeks);
}
