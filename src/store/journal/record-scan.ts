import { type Markers } from './markers.ts';
import { decodeRecord, recordHeaderLength, recordLength, type JournalRecord } from './record.ts';

/**
 * What stands at a position of a journal:
 * - `record`: a whole record, `length` bytes long;
 * - `torn`: a proper prefix of a record, cut short, and `length` bytes on the next record begins;
 * - `undecided`: nothing yet, or a record that is not all there (yet): the position stays here;
 * - `more`: at least `length` bytes from here must be read to say;
 * - `damage`: what cannot have come about by any number of appends, whole or cut short.
 */
export type Scanned =
  | { readonly type: 'record'; readonly record: JournalRecord; readonly bytes: Buffer }
  | { readonly type: 'torn'; readonly length: number }
  | { readonly type: 'more'; readonly length: number }
  | { readonly type: 'undecided' }
  | { readonly type: 'damage' };

const undecided: Scanned = { type: 'undecided' };
const damage: Scanned = { type: 'damage' };

/**
 * Says what stands at `offset`, where a record is known to begin or the journal ends.
 * @param atEnd whether `bytes` reach to the end of the file
 */
export function scanRecord(bytes: Buffer, offset: number, atEnd: boolean, markers: Markers): Scanned {
  const here = bytes.subarray(offset);
  if (!startsLike(here, markers.start)) return cutInMarker(here, atEnd, markers);
  if (here.length < recordHeaderLength) {
    return atEnd ? cutShort(here, here.length, markers) ?? undecided : { type: 'more', length: recordHeaderLength };
  }
  const length = recordLength(here, 0);
  if (length === null) return broken(here, recordHeaderLength, atEnd, markers);
  if (here.length < length) return atEnd ? cutShort(here, length, markers) ?? undecided : { type: 'more', length };

  const whole = here.subarray(0, length);
  const record = decodeRecord(whole, markers);
  if (record !== null) return { type: 'record', record, bytes: whole };
  return broken(here, length, atEnd, markers);
}

/** A record may have been cut within its start marker, and then another begins after fewer bytes than a marker has. */
function cutInMarker(here: Buffer, atEnd: boolean, { start }: Markers): Scanned {
  const next = here.indexOf(start.subarray(0, 1), 1);
  const begins = next > 0 && next < start.length && startsLike(here.subarray(0, next), start) && startsLike(here.subarray(next), start);
  if (!begins) return damage;
  if (here.length >= next + start.length) return { type: 'torn', length: next };
  return atEnd ? undecided : { type: 'more', length: next + start.length };
}

/** `extent` bytes are there and are not what they should be: cut short, with another append behind them, or damaged. */
function broken(here: Buffer, extent: number, atEnd: boolean, markers: Markers): Scanned {
  // A start marker may begin inside the extent and reach beyond it.
  const needed = extent + markers.start.length;
  if (!atEnd && here.length < needed) return { type: 'more', length: needed };
  return cutShort(here, extent, markers) ?? (atEnd && endsInside(here, markers) ? undecided : damage);
}

function startsLike(here: Buffer, start: Buffer): boolean {
  const length = Math.min(here.length, start.length);
  return here.compare(start, 0, length, 0, length) === 0;
}

/**
 * Whether another record begins before `extent` bytes are over: then what stands here was cut short. The end marker of
 * another without its start says that the start was destroyed. Null: neither.
 */
function cutShort(here: Buffer, extent: number, markers: Markers): Scanned | null {
  const range = here.subarray(0, extent + markers.start.length - 1);
  const start = range.indexOf(markers.start, 1);
  const end = range.indexOf(markers.end);
  if (start > 0 && (end < 0 || start < end)) return { type: 'torn', length: start };
  return end >= 0 && end + markers.end.length < extent ? damage : null;
}

/** Whether the file ends in a part of a start marker: another append, cut within its first bytes. */
function endsInside(here: Buffer, markers: Markers): boolean {
  const first = here.lastIndexOf(markers.start.subarray(0, 1));
  return first > 0 && here.length - first < markers.start.length && startsLike(here.subarray(first), markers.start);
}
