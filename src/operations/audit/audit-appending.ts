import { rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { endOfLine, firstSequenceOf, openForAppending, readHead, readSegmentEnd, segmentName, segmentsIn, writeHead } from './audit-folder.ts';
import { chainStart, encodeAuditLine, type ChainEnd, type NotedEvent } from './audit-record.ts';

/** How much of the past is kept. */
export interface AuditLimits {
  /** A segment that is longer gets no more lines. */
  readonly segmentBytes: number;
  readonly segments: number;
}

/** About 50,000 lines of 300 bytes: years of everyday use, and no more than a photo takes. */
export const auditLimits: AuditLimits = { segmentBytes: 1024 * 1024, segments: 16 };

/**
 * Appends events as lines that continue the chain, and flushes them. To be called by one window at a time. What cannot be
 * written whole is not there at all. Throws what the file system throws.
 */
export async function appendEvents(folder: string, events: readonly NotedEvent[], limits: AuditLimits = auditLimits): Promise<void> {
  const place = await openNewest(folder, limits);
  try {
    const { text, end } = linesOf([...place.ownEvents(events[0]), ...events], place.end);
    await appendWhole(place.file, place.bytes, text);
    await writeHead(folder, end);
  } finally {
    await place.file.close();
  }
  for (const name of place.leaving) await rm(path.join(folder, name), { force: true });
}

interface Place {
  readonly file: FileHandle;
  /** Of whole lines. */
  readonly bytes: number;
  readonly end: ChainEnd;
  /** What the record has to say of itself, at the time and in the window of the first event. */
  ownEvents(first: NotedEvent | undefined): readonly NotedEvent[];
  /** Segments that are too old, oldest first. */
  readonly leaving: readonly string[];
}

async function openNewest(folder: string, limits: AuditLimits): Promise<Place> {
  const names = await segmentsIn(folder);
  const head = await readHead(folder);
  const found = await chainEndOf(folder, names, head);
  const end = found ?? head ?? chainStart;
  const isAltered = head !== null && (found === null ? head.sequence > 0 : isBehind(found, head));
  const newest = names.at(-1);
  const opened = newest === undefined ? null : await openSegment(folder, newest);
  if (opened !== null && opened.bytes < limits.segmentBytes) return { ...opened, end, leaving: [], ownEvents: ownEventsOf(isAltered, null) };
  await opened?.file.close();
  const name = segmentName(end.sequence + 1);
  const all = [...names, name];
  const leaving = all.slice(0, Math.max(0, all.length - limits.segments));
  const oldest = all[leaving.length] ?? name;
  const forgotten = leaving.length === 0 ? null : (firstSequenceOf(oldest) ?? 1) - 1;
  return { file: await openForAppending(folder, name), bytes: 0, end, leaving, ownEvents: ownEventsOf(isAltered, forgotten) };
}

function ownEventsOf(isAltered: boolean, forgotten: number | null): Place['ownEvents'] {
  return (first) => {
    if (first === undefined) return [];
    const { at, window } = first;
    const events: NotedEvent[] = [];
    if (isAltered) events.push({ at, window, action: 'record.altered' });
    if (forgotten !== null) events.push({ at, window, action: 'record.shortened', count: forgotten });
    return events;
  };
}

/** Null where there is no line at all. */
async function chainEndOf(folder: string, names: readonly string[], head: ChainEnd | null): Promise<ChainEnd | null> {
  for (const name of names.toReversed()) {
    const file = await openForAppending(folder, name);
    try {
      const { line } = await readSegmentEnd(file);
      if (line !== null) return endOfLine(line, head);
    } finally {
      await file.close();
    }
  }
  return null;
}

/** HEAD is written after the lines. What it remembers must be among them. */
function isBehind(found: ChainEnd, head: ChainEnd): boolean {
  return found.sequence < head.sequence || (found.sequence === head.sequence && found.hash !== head.hash);
}

async function openSegment(folder: string, name: string): Promise<{ readonly file: FileHandle; readonly bytes: number }> {
  const file = await openForAppending(folder, name);
  try {
    const { bytes } = await readSegmentEnd(file);
    return { file, bytes };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function linesOf(events: readonly NotedEvent[], start: ChainEnd): { readonly text: string; readonly end: ChainEnd } {
  let end = start;
  const lines: string[] = [];
  for (const event of events) {
    const encoded = encodeAuditLine(event, end);
    lines.push(`${encoded.line}\n`);
    ({ end } = encoded);
  }
  return { text: lines.join(''), end };
}

/** What a window that died has left unfinished goes first; what this one cannot finish goes too. */
async function appendWhole(file: FileHandle, bytes: number, text: string): Promise<void> {
  await file.truncate(bytes);
  try {
    await file.appendFile(text);
    await file.datasync();
  } catch (error) {
    await file.truncate(bytes);
    throw error;
  }
}
