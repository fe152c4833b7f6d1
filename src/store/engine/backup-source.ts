import { crc32 } from 'node:zlib';
import { HearthlinkError } from '../../shared/errors.ts';
import type { ChangedSince, FrozenContent, FrozenPart, RecordsAfter, StorePosition } from '../backup-port.ts';
import type { OpenedFile } from '../files/store-files.ts';
import { markedGenerations, type MarkedGeneration } from '../generation/generation-reader.ts';
import { coversFile, markFile } from '../generation/names.ts';
import { firstPosition, openJournal } from '../journal/journal.ts';
import { nextPiece } from '../journal/record-stream.ts';
import { walkRecords, type HistoryPlace, type WalkedRecord, type WalkEnd } from '../journal/record-walk.ts';
import { changedSince, isSamePlace, placeOf } from './changed-since.ts';
import type { ContentAtPlace, EngineSetup } from './engine-setup.ts';
import { readMarked } from './opening.ts';
import type { Replica } from './replica.ts';
import { positionAt } from './store-position.ts';

/** A piece is read and handed over between two calls of the store. */
const pieceBytes = 1 << 20;

/** The part with the records from the generation to the moment at which it was frozen. */
export const recordsPart = 'records';

/** Runs something with the replica, caught up, and nothing else going on. Throws where the store is not whole or not known. */
export type Inspect<Schema, Search> = <T>(look: (replica: Replica<Schema, Search>) => T | Promise<T>) => Promise<T>;

interface FrozenFile {
  readonly name: string;
  readonly file: OpenedFile;
  /** CRC-32; null for a file that says itself whether it is whole. */
  readonly checksum: number | null;
}

interface Frozen {
  /** What is left to read of each part. */
  readonly parts: ReadonlyMap<string, Iterator<Uint8Array, undefined>>;
  /** Closes its files. */
  readonly close: () => void;
}

/** Hands out the store's content and records in pieces, while the store goes on. */
export class BackupSource<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #inspect: Inspect<Schema, Search>;
  readonly #frozen = new Map<string, Frozen>();

  constructor(setup: EngineSetup<Schema, Search>, inspect: Inspect<Schema, Search>) {
    this.#setup = setup;
    this.#inspect = inspect;
  }

  position(): Promise<StorePosition> {
    return this.#inspect(({ place, content }) => positionAt(place, content, this.#setup.clock.now()));
  }

  freeze(): Promise<FrozenContent> {
    return this.#inspect((replica) => this.freezeHere(replica));
  }

  /** For whoever has the store's turn. */
  freezeHere({ content, place }: ContentAtPlace<Schema, Search>): FrozenContent {
    const generation = this.#newestGeneration();
    const base = this.#startOf(generation);
    const at = this.#setup.clock.now();
    const walk = walkRecords(this.#setup.files, base);
    const files = this.#openFiles(generation, base);
    const parts = new Map<string, Iterator<Uint8Array, undefined>>(
      files.map(({ name, file, checksum }) => [name, piecesOfFile(file, { name: `${generation.name}/${name}`, checksum })]),
    );
    parts.set(recordsPart, piecesOfRecords(walk, place.sequence));
    const frozen = Buffer.from(this.#setup.random.bytes(12)).toString('hex');
    this.#frozen.set(frozen, {
      parts,
      close: () => {
        walk.return({ reason: 'end', place: base });
        for (const { file } of [...files, base.journal]) file.close();
      },
    });
    const sizes: FrozenPart[] = files.map(({ name, file }) => ({ name, bytes: file.size() }));
    return {
      frozen,
      position: positionAt(place, content, at),
      base: positionAt(base, content, at),
      summary: this.#setup.content.summary(content.database.raw),
      parts: [...sizes, { name: recordsPart, bytes: null }],
    };
  }

  readPart({ frozen, part }: { readonly frozen: string; readonly part: string }): Uint8Array | null {
    const pieces = this.#frozen.get(frozen)?.parts.get(part);
    if (pieces === undefined) throw new HearthlinkError('not-found', { kind: 'frozen content', id: `${frozen}/${part}` });
    return pieces.next().value ?? null;
  }

  release(frozen: string): void {
    this.#frozen.get(frozen)?.close();
    this.#frozen.delete(frozen);
  }

  close(): void {
    for (const frozen of [...this.#frozen.keys()]) this.release(frozen);
  }

  recordsAfter(position: StorePosition): Promise<RecordsAfter> {
    return this.#inspect((replica): RecordsAfter => {
      const from = placeOf(this.#setup.files, position, replica.content.storeId);
      if (typeof from === 'string') return { state: 'full-due', reason: from };
      const walk = walkRecords(this.#setup.files, from);
      const { bytes, records, ended } = nextPiece(walk, pieceBytes);
      walk.return({ reason: 'end', place: from });
      from.journal.file.close();
      const reached = ended?.place ?? records.at(-1)?.after ?? from;
      if (ended !== null && ended.reason !== 'end' && records.length === 0) return { state: 'full-due', reason: dueBecause[ended.reason] };
      if (ended?.reason === 'end' && !isSamePlace(reached, replica.place)) return { state: 'full-due', reason: 'other-history' };
      const lastAt = records.reduce<number | null>((last, { batch }) => batch?.at ?? last, null);
      const to = positionAt(reached, replica.content, this.#setup.clock.now());
      return { state: 'records', bytes, count: records.length, lastAt, to, more: ended?.reason !== 'end' };
    });
  }

  changedSince(position: StorePosition): Promise<ChangedSince> {
    return this.#inspect((replica) => changedSince(this.#setup, position, replica));
  }

  #newestGeneration(): MarkedGeneration {
    const { files } = this.#setup;
    const [name] = markedGenerations(files);
    const generation = name === undefined ? 'gone' : readMarked(this.#setup, name);
    if (generation === 'gone') throw overtaken();
    return generation;
  }

  #startOf({ covers, mark }: MarkedGeneration): HistoryPlace {
    const journal = openJournal(this.#setup.files, covers.journal);
    if (journal === null) throw overtaken();
    if (typeof journal === 'string') throw new HearthlinkError('store-damaged', { file: covers.journal });
    const from = covers.kind === 'rotation' ? { ...covers, position: covers.offset } : { ...mark, position: firstPosition };
    return { journal, position: from.position, chain: Buffer.from(from.chain, 'hex'), sequence: from.sequence };
  }

  /** All of them, so that they can be read to their end even when they are removed. */
  #openFiles({ name: folder, covers }: MarkedGeneration, base: HistoryPlace): FrozenFile[] {
    const opened: FrozenFile[] = [];
    const papers = [coversFile, markFile].map((name) => ({ name, crc32: null }));
    for (const { name, crc32: checksum } of [...papers, ...covers.files]) {
      const file = this.#setup.files.openFile(`${folder}/${name}`);
      if (file === null) {
        for (const other of [...opened, base.journal]) other.file.close();
        throw overtaken();
      }
      opened.push({ name, file, checksum });
    }
    return opened;
  }
}

const dueBecause = { replaced: 'replaced', tidied: 'tidied', strange: 'other-history' } as const;

/** Another window has made a generation, and tidied this one away, in this moment. */
function overtaken(): HearthlinkError {
  return new HearthlinkError('conflict', { detail: 'The store was replaced while it was being read.' });
}

function* piecesOfFile(file: OpenedFile, written: { readonly name: string; readonly checksum: number | null }): Generator<Uint8Array, undefined> {
  let checksum = 0;
  const size = file.size();
  for (let at = 0; at < size; at += pieceBytes) {
    const piece = Uint8Array.from(file.read(at, Math.min(pieceBytes, size - at)));
    checksum = crc32(piece, checksum);
    yield piece;
  }
  if (written.checksum !== null && written.checksum !== checksum) throw new HearthlinkError('store-damaged', { file: written.name });
}

/** Those up to a sequence number. */
function* piecesOfRecords(walk: Iterator<WalkedRecord, WalkEnd>, last: number): Generator<Uint8Array, undefined> {
  const wanted = upTo(walk, last);
  for (;;) {
    const { bytes, ended } = nextPiece(wanted, pieceBytes);
    if (bytes.length > 0) yield bytes;
    if (ended === null) continue;
    if (ended.place.sequence < last) throw overtaken();
    return;
  }
}

function* upTo(walk: Iterator<WalkedRecord, WalkEnd>, last: number): Generator<WalkedRecord, WalkEnd> {
  for (let step = walk.next(); ; step = walk.next()) {
    if (step.done === true) return step.value;
    if (step.value.after.sequence <= last) yield step.value;
    if (step.value.after.sequence >= last) return { reason: 'end', place: step.value.after };
  }
}
