import { decodeFileHeader, encodeFileHeader, fileHeaderLength } from './file-header.ts';
import { createMarkers, markersFromBytes, type Markers } from './markers.ts';
import { scanRecord, type Scanned } from './record-scan.ts';
import type { JournalFile, StoreFiles } from '../files/store-files.ts';
import type { RandomSource } from '../../shared/ports.ts';

const readLength = 1 << 20;

/** An open journal: its file, and what its header says. */
export interface Journal {
  readonly name: string;
  readonly number: number;
  readonly storeId: string;
  readonly markers: Markers;
  readonly file: JournalFile;
}

/** The bytes of a journal without records. */
export function emptyJournal(storeId: string, number: number, random: RandomSource): Buffer {
  const { start, end } = createMarkers(random);
  return encodeFileHeader({ kind: 'journal', storeId, number, extra: Buffer.concat([start, end]) });
}

/** Null when there is no such file. */
export function openJournal(files: StoreFiles, name: string): Journal | 'damaged' | 'newer' | null {
  const file = files.openJournal(name);
  if (file === null) return null;
  const header = decodeFileHeader(file.read(0, fileHeaderLength), 'journal');
  if (typeof header === 'string') {
    file.close();
    return header;
  }
  return { name, number: header.number, storeId: header.storeId, markers: markersFromBytes(header.extra), file };
}

/** Where the first record of a journal begins. */
export const firstPosition = fileHeaderLength;

/**
 * Reads records from `position` to the end of the file, as it is when reading begins; torn ones are passed over. What is
 * answered last is `undecided` or `damage`, with the position before it.
 */
export function* readRecords(journal: Journal, position: number): Generator<ReadRecord, Ended> {
  let end = journal.file.size();
  if (end < position) return { type: 'damage', position, end };
  let window: Buffer = Buffer.alloc(0);
  let windowStart = position;
  let wanted = Math.min(end - position, readLength);
  for (let at = position; ;) {
    if (wanted > 0) {
      window = journal.file.read(at, wanted);
      windowStart = at;
      if (window.length < wanted) end = at + window.length;
    }
    const atEnd = windowStart + window.length >= end;
    const found: Scanned = scanRecord(window, at - windowStart, atEnd, journal.markers);
    wanted = 0;
    switch (found.type) {
      case 'more':
        wanted = Math.min(end - at, Math.max(found.length, readLength));
        break;
      case 'torn':
        at += found.length;
        break;
      case 'record':
        at += found.bytes.length;
        yield { ...found, end: at };
        break;
      case 'undecided':
      case 'damage':
        return { type: found.type, position: at, end };
    }
  }
}

export type ReadRecord = Extract<Scanned, { type: 'record' }> & {
  /** Position behind the record. */
  readonly end: number;
};

export interface Ended {
  readonly type: 'undecided' | 'damage';
  /** Before what is undecided or damaged. */
  readonly position: number;
  /** Where the file ended when it was read. */
  readonly end: number;
}
