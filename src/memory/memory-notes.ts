import type { Slice } from '../store/records.ts';
import { fenced, neutralised, onOneLine } from './fence.ts';
import { maskSecrets } from './secrets.ts';

/** Time zone and clock reading that the notes are written for. */
export interface NoteTime {
  readonly now: number;
  /** IANA name; the machine's own when left out. */
  readonly timeZone?: string;
}

export interface MemoryNotes {
  /** The fenced text that goes into the prompt; empty without memories. */
  readonly text: string;
  /** The slices that stand in it, best first. */
  readonly used: readonly Slice[];
  readonly omitted: number;
}

/**
 * Memories as dated lines in the order of time, at most `budgetTokens` long with their fence.
 * @param slices best first; where not all fit, the best that do are taken.
 */
export function writeMemories(slices: readonly Slice[], time: NoteTime, budgetTokens: number, estimate: (text: string) => number): MemoryNotes {
  const dateOf = dateWriter(time.timeZone);
  let left = budgetTokens - estimate(fenced('memories', ''));
  const chosen: { readonly slice: Slice; readonly line: string }[] = [];
  for (const slice of slices) {
    const line = memoryLine(slice, dateOf);
    // Estimates are rounded up, so lines one by one never come to less than all of them together.
    const size = estimate(`${neutralised(line)}\n`);
    if (size > left) continue;
    left -= size;
    chosen.push({ slice, line });
  }
  const inTime = chosen.toSorted((a, b) => a.slice.validFrom - b.slice.validFrom || (a.slice.id < b.slice.id ? -1 : 1));
  return {
    text: chosen.length === 0 ? '' : fenced('memories', inTime.map(({ line }) => line).join('\n')),
    used: chosen.map(({ slice }) => slice),
    omitted: slices.length - chosen.length,
  };
}

/** `It is Saturday, 2026-11-21, 06:15.` */
export function writeTime(at: NoteTime): string {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone(at.timeZone) }).format(at.now);
  return `It is ${writeDay(at)}, ${time}.`;
}

/** `Saturday, 2026-11-21` */
export function writeDay({ now, timeZone }: NoteTime): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', ...zone(timeZone) }).format(now);
  return `${weekday}, ${dateWriter(timeZone)(now)}`;
}

function memoryLine(slice: Slice, dateOf: (at: number) => string): string {
  const doubt = slice.contradicts.length > 0 ? ' (does not fit with another memory)' : '';
  return `${dateOf(slice.validFrom)} ${introduction(slice, dateOf)}: ${onOneLine(maskSecrets(slice.text))}${doubt}`;
}

function introduction(slice: Slice, dateOf: (at: number) => string): string {
  switch (slice.kind) {
    case 'episodic':
      return slice.speaker === 'user' ? 'the person said' : 'you said';
    case 'semantic':
      return 'known';
    case 'procedural':
      return 'the person prefers';
    case 'working':
      return slice.expiresAt === null ? 'for now' : `until ${dateOf(slice.expiresAt)}`;
  }
}

function dateWriter(timeZone: string | undefined): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', ...zone(timeZone) });
  return (at) => format.format(at);
}

function zone(timeZone: string | undefined): { timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}
