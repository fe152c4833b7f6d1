import type { StoreFiles } from '../files/store-files.ts';
import { decodeBatch, type BatchBody } from './batch-body.ts';
import { firstPosition, openJournal, readRecords, type Journal } from './journal.ts';
import { chainAfter, judge } from './record.ts';
import { decodeSeal } from './seal-body.ts';

/** A place between two records of the history. */
export interface HistoryPlace {
  readonly journal: Journal;
  readonly position: number;
  readonly chain: Buffer;
  readonly sequence: number;
}

export interface WalkedRecord {
  /** The journal it stands in, and its bytes there. */
  readonly journal: Journal;
  readonly bytes: Buffer;
  /** What it did; null for a SEAL. */
  readonly batch: BatchBody | null;
  /** The place behind it: behind a SEAL, the beginning of the next journal. */
  readonly after: HistoryPlace;
}

/**
 * Why a walk is over:
 * - `end`: nothing stands behind `place` yet;
 * - `replaced`: a SEAL brings in a new content there;
 * - `tidied`: the next journal is no longer there;
 * - `strange`: what stands there does not continue this history, or is damaged.
 */
export interface WalkEnd {
  readonly reason: 'end' | 'replaced' | 'tidied' | 'strange';
  readonly place: HistoryPlace;
}

/** The records that continue the history from a place, from journal to journal. Closes all but the first, which is the caller's. */
export function* walkRecords(files: StoreFiles, from: HistoryPlace): Generator<WalkedRecord, WalkEnd> {
  let place = from;
  const close = ({ journal }: HistoryPlace) => {
    if (journal !== from.journal) journal.file.close();
  };
  try {
    for (;;) {
      const over = yield* walkJournal(files, place);
      if ('reason' in over) return over;
      const sealed = place;
      place = over.after;
      try {
        yield over;
      } finally {
        close(sealed);
      }
    }
  } finally {
    close(place);
  }
}

/** The batches of one journal. Answers the SEAL that leads to the next one, which is open then, or why there is none. */
function* walkJournal(files: StoreFiles, from: HistoryPlace): Generator<WalkedRecord, WalkEnd | WalkedRecord> {
  let place = from;
  const { journal } = from;
  const reader = readRecords(journal, from.position);
  for (let step = reader.next(); ; step = reader.next()) {
    if (step.done === true) return { reason: step.value.type === 'undecided' ? 'end' : 'strange', place };
    const { record, bytes, end } = step.value;
    const verdict = judge(record, place);
    if (verdict === 'damaged') return { reason: 'strange', place };
    if (verdict === 'lost') continue;
    const reached = { chain: chainAfter(bytes), sequence: record.sequence };
    if (record.kind === 'batch') {
      place = { journal, position: end, ...reached };
      yield { journal, bytes, batch: decodeBatch(record.body), after: place };
      continue;
    }
    const seal = decodeSeal(record.body);
    if (seal.kind !== 'rotation') return { reason: 'replaced', place };
    const next = openJournal(files, seal.journal);
    if (next === null || typeof next === 'string') return { reason: next === null ? 'tidied' : 'strange', place };
    return { journal, bytes, batch: null, after: { journal: next, position: firstPosition, ...reached } };
  }
}
