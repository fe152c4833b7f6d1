import { decodeFileHeader, fileHeaderLength } from './file-header.ts';
import type { Journal } from './journal.ts';
import { markersFromBytes, type Markers } from './markers.ts';
import { decodeRecord, recordLength, type JournalRecord } from './record.ts';
import type { WalkedRecord, WalkEnd } from './record-walk.ts';

/**
 * Records outside their journals: before those of each journal stands its header, with the markers that are needed to read
 * them. No marker holds a byte twice and every header begins with one that does, so the two cannot be mistaken. Pieces of a
 * stream, put one behind the other, are a stream.
 */
export interface StreamPiece {
  readonly bytes: Uint8Array;
  readonly records: readonly WalkedRecord[];
  /** Null while there is more. */
  readonly ended: WalkEnd | null;
}

/** Takes records from a walk until they make about `limit` bytes. */
export function nextPiece(walk: Iterator<WalkedRecord, WalkEnd>, limit: number): StreamPiece {
  const parts: Buffer[] = [];
  const records: WalkedRecord[] = [];
  let length = 0;
  let journal: Journal | null = null;
  while (length < limit) {
    const step = walk.next();
    if (step.done === true) return { bytes: joined(parts), records, ended: step.value };
    const { value } = step;
    if (value.journal !== journal) parts.push(value.journal.file.read(0, fileHeaderLength));
    ({ journal } = value);
    parts.push(value.bytes);
    records.push(value);
    length += value.bytes.length;
  }
  return { bytes: joined(parts), records, ended: null };
}

/** In memory of its own, so that it can be handed to another thread. */
function joined(parts: readonly Buffer[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export interface StreamedRecord {
  readonly record: JournalRecord;
  readonly bytes: Buffer;
}

/**
 * Reads a stream. Answers, in the end, the offset behind the last whole record: below its length when something is wrong
 * there, or missing.
 */
export function* readStream(stream: Buffer): Generator<StreamedRecord, number> {
  let markers: Markers | null = null;
  let at = 0;
  while (at < stream.length) {
    const header = decodeFileHeader(stream.subarray(at, at + fileHeaderLength), 'journal');
    if (typeof header !== 'string') {
      markers = markersFromBytes(header.extra);
      at += fileHeaderLength;
      continue;
    }
    const length = recordLength(stream, at);
    if (markers === null || length === null || at + length > stream.length) return at;
    const bytes = stream.subarray(at, at + length);
    const record = bytes.indexOf(markers.start) === 0 ? decodeRecord(bytes, markers) : null;
    if (record === null) return at;
    yield { record, bytes };
    at += length;
  }
  return at;
}
