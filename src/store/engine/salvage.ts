import { HearthlinkError } from '../../shared/errors.ts';
import { markedGenerations, readCovers, readMark } from '../generation/generation-reader.ts';
import { generationsIn } from '../generation/names.ts';
import type { Covers } from '../generation/papers.ts';
import type { JournalFile, StoreFiles } from '../files/store-files.ts';
import { firstPosition, openJournal, type Journal } from '../journal/journal.ts';
import { createMarkers, markerLength, markersFromBytes } from '../journal/markers.ts';
import { chainLength, decodeRecord, recordHeaderLength, recordLength } from '../journal/record.ts';
import type { EngineSetup } from './engine-setup.ts';
import { loadContent } from './load-content.ts';
import type { ReplicaContent } from './replica-content.ts';
import { Replica } from './replica.ts';

/**
 * For a store that cannot be opened by the rules, after the user has said to go on with what can be read: the newest
 * generation whose files are as its COVERS says, marked ones first, with the records that can be read behind it. Null when
 * no generation can be read. Nothing on the disk is changed, and the replica is not to be written with.
 */
export function readWhatIsLeft<Schema, Search>(setup: EngineSetup<Schema, Search>): Replica<Schema, Search> | null {
  const marked = markedGenerations(setup.files);
  const unmarked = generationsIn(setup.files.list()).map(({ name }) => name).filter((name) => !marked.includes(name));
  for (const name of [...marked, ...unmarked]) {
    const replica = readOne(setup, name);
    if (replica === null) continue;
    replica.catchUp();
    return replica;
  }
  return null;
}

function readOne<Schema, Search>(setup: EngineSetup<Schema, Search>, name: string): Replica<Schema, Search> | null {
  const covers = readCovers(setup.files, name);
  if (covers === null || typeof covers === 'string' || covers.schemaVersion > setup.content.schemaVersion) return null;
  const start = startOf(setup.files, name, covers);
  if (start === null) return null;
  try {
    const content = loadContent(setup, { name, covers });
    const journal = journalOf(setup, covers);
    return new Replica(setup, content, { journal, position: start.position, chain: Buffer.from(start.chain, 'hex'), sequence: start.sequence });
  } catch (error) {
    if (!HearthlinkError.is(error, 'store-damaged')) throw error;
    return null;
  }
}

/** Where its journal is read from. Null for one that a SEAL brought in and whose mark is gone: it may never have counted. */
function startOf(files: StoreFiles, name: string, covers: Covers): { position: number; chain: string; sequence: number } | null {
  if (covers.kind === 'rotation') return { ...covers, position: covers.offset };
  const mark = readMark(files, name);
  if (mark !== null && typeof mark !== 'string') return { ...mark, position: firstPosition };
  // These two are made without a SEAL, and open at the place that they cover.
  return covers.kind === 'first' || covers.kind === 'recovery' ? { ...covers, position: firstPosition } : null;
}

function journalOf<Schema, Search>({ files, random }: EngineSetup<Schema, Search>, covers: Covers): Journal {
  const opened = openJournal(files, covers.journal);
  if (opened !== null && typeof opened !== 'string' && opened.storeId === covers.storeId) return opened;
  const rest = { name: covers.journal, number: covers.kind === 'rotation' ? covers.generation - 1 : covers.generation, storeId: covers.storeId };
  const file = files.openJournal(covers.journal);
  const markers = file === null ? null : markersOfFirstRecord(file);
  if (file !== null && markers !== null) return { ...rest, markers, file };
  file?.close();
  return { ...rest, markers: createMarkers(random), file: nothingToRead };
}

/** The header is gone, but the first record stands where records begin, between the journal's two markers. */
function markersOfFirstRecord(file: JournalFile): Journal['markers'] | null {
  const length = recordLength(file.read(firstPosition, recordHeaderLength), 0);
  if (length === null) return null;
  const bytes = file.read(firstPosition, length);
  if (bytes.length < length) return null;
  const markers = markersFromBytes(Buffer.concat([bytes.subarray(0, markerLength), bytes.subarray(-markerLength)]));
  return decodeRecord(bytes, markers) === null ? null : markers;
}

/** A content that comes from elsewhere, with no history here. Not to be written with, nor closed: the content is the caller's. */
export function replicaWithoutJournal<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  content: ReplicaContent<Schema, Search>,
): Replica<Schema, Search> {
  const journal = { name: '', number: 0, storeId: content.storeId, markers: createMarkers(setup.random), file: nothingToRead };
  return new Replica(setup, content, { journal, position: firstPosition, chain: Buffer.alloc(chainLength), sequence: 0 });
}

/** Stands for a journal of which nothing can be read. */
const nothingToRead: JournalFile = {
  writable: false,
  size: () => 0,
  read: () => Buffer.alloc(0),
  append: () => 0,
  flush: () => undefined,
  close: () => undefined,
};
