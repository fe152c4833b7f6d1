import type { ChangedSince, StorePosition } from '../backup-port.ts';
import type { StoreFiles } from '../files/store-files.ts';
import type { BatchBody } from '../journal/batch-body.ts';
import { openJournal } from '../journal/journal.ts';
import { walkRecords, type HistoryPlace } from '../journal/record-walk.ts';
import type { EngineSetup } from './engine-setup.ts';

/** A position that was written down, as a place to read on from; its journal is the caller's to close. Otherwise why it is none. */
export function placeOf(files: StoreFiles, position: StorePosition, storeId: string): HistoryPlace | 'tidied' | 'other-history' {
  if (position.storeId !== storeId) return 'other-history';
  const journal = openJournal(files, position.journal);
  if (journal === null) return 'tidied';
  if (typeof journal === 'string') return 'other-history';
  return { journal, position: position.offset, chain: Buffer.from(position.chain, 'hex'), sequence: position.sequence };
}

export function isSamePlace(a: HistoryPlace, b: HistoryPlace): boolean {
  return a.journal.name === b.journal.name && a.chain.equals(b.chain);
}

/** What of the records from a position to the place that a replica has reached is more than windows leave for each other. */
export function changedSince<Schema, Search>(
  { content: { passingTables }, files }: Pick<EngineSetup<Schema, Search>, 'content' | 'files'>,
  position: StorePosition,
  { content, place }: { readonly content: { readonly storeId: string }; readonly place: HistoryPlace },
): ChangedSince {
  const from = placeOf(files, position, content.storeId);
  if (typeof from === 'string') return 'new-content';
  const walk = walkRecords(files, from);
  try {
    for (let step = walk.next(); ; step = walk.next()) {
      if (step.done === true) return step.value.reason === 'end' && isSamePlace(step.value.place, place) ? 'nothing' : 'new-content';
      const { batch } = step.value;
      if (batch !== null && !isPassing(batch, passingTables)) return 'changes';
    }
  } finally {
    walk.return({ reason: 'end', place: from });
    from.journal.file.close();
  }
}

function isPassing({ effects, statements }: BatchBody, tables: ReadonlySet<string>): boolean {
  return effects.length === 0 && statements.every(({ sql }) => tables.has(tableWritten(sql)));
}

/** The table that a statement of the query builder writes; empty for a statement of another form. */
function tableWritten(sql: string): string {
  return /^(?:insert (?:or \w+ )?into|replace into|update|delete from) "(\w+)"/.exec(sql)?.[1] ?? '';
}
