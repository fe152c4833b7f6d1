import { HearthlinkError } from '../../shared/errors.ts';
import type { ContentSummary, LoadedScratch, ScratchLoad } from '../backup-port.ts';
import { bytePatterns } from '../files/byte-patterns.ts';
import { bytesInMemory, standsIn } from '../files/search-in-bytes.ts';
import { callsFile, coversFile, markFile, snapshotFile, wordsFile } from '../generation/names.ts';
import { decodeCovers, decodeMark, type Covers, type Unreadable } from '../generation/papers.ts';
import { decodeBatch, type BatchBody } from '../journal/batch-body.ts';
import { decodeFileHeader, fileHeaderLength } from '../journal/file-header.ts';
import { chainAfter, judge } from '../journal/record.ts';
import { readStream } from '../journal/record-stream.ts';
import { decodeSeal } from '../journal/seal-body.ts';
import { recordsPart } from './backup-source.ts';
import { CallLedger } from './call-ledger.ts';
import type { EngineSetup } from './engine-setup.ts';
import { migrateDatabase } from './new-content.ts';
import { ReplicaContent } from './replica-content.ts';
import { ScratchPart } from './scratch-part.ts';

/** What a scratch is loaded with: nothing of it touches a file. */
export type ScratchSetup<Schema, Search> = Pick<EngineSetup<Schema, Search>, 'content' | 'openDatabase'>;

/** Records that are repeated in one transaction. */
const recordsAtOnce = 2000;

interface Reached {
  readonly chain: Buffer;
  readonly sequence: number;
  readonly at: number | null;
  readonly records: number;
}

/** A backup that is put together again beside the live store, in memory alone. */
export class Scratch<Schema, Search> {
  readonly #setup: ScratchSetup<Schema, Search>;
  readonly #parts = new Map<string, ScratchPart>();
  #content: ReplicaContent<Schema, Search> | null = null;

  constructor(setup: ScratchSetup<Schema, Search>) {
    this.#setup = setup;
  }

  /** Throws `not-found` before it was loaded. */
  get content(): ReplicaContent<Schema, Search> {
    if (this.#content === null) throw new HearthlinkError('not-found', { kind: 'scratch', detail: 'It was not loaded.' });
    return this.#content;
  }

  put(part: string, bytes: Uint8Array): void {
    const known = this.#parts.get(part) ?? new ScratchPart(this.#sizeOf(part));
    known.put(bytes);
    this.#parts.set(part, known);
  }

  /**
   * Puts the parts together, and compares what comes out with what is expected. The parts are given up for it.
   * @throws HearthlinkError `archive-damaged`, `store-newer-schema`, `store-not-migrated`
   */
  async load({ until, expected, isKnownSound = false }: Omit<ScratchLoad, 'scratch'>): Promise<LoadedScratch> {
    const { covers, start } = this.#papers();
    const content = this.#readContent(covers);
    const stream = this.#take(recordsPart)?.bytes ?? Buffer.alloc(0);
    try {
      const reached = repeatRecords(content, stream, start, until);
      const chain = reached.chain.toString('hex');
      if (expected.chain !== null && expected.chain !== chain) throw damaged(recordsPart, 'Records are missing.');
      if (!isKnownSound) refuseBroken(content);
      const summary = this.#setup.content.summary(content.database.raw);
      if (expected.summary !== null) compare(summary, expected.summary);
      // Read now, so that vectors which cannot be read are noticed.
      await vectorsRead(content);
      const migratedFrom = this.#migrate(content);
      this.#content?.close();
      this.#content = content;
      const { sequence, at, records } = reached;
      return { storeId: content.storeId, chain, sequence, at, summary, records, migratedFrom };
    } catch (error) {
      content.close();
      throw error;
    } finally {
      this.#parts.clear();
    }
  }

  /** Looks through the parts as they were put. */
  async holds(text: string): Promise<boolean> {
    const patterns = bytePatterns(text);
    for (const part of this.#parts.values()) {
      const bytes = bytesInMemory(part.bytes);
      if (await standsIn(bytes, { from: 0, to: bytes.size }, patterns)) return true;
    }
    return false;
  }

  close(): void {
    this.#parts.clear();
    this.#content?.close();
    this.#content = null;
  }

  #papers(): { covers: Covers; start: Pick<Reached, 'chain' | 'sequence'> } {
    const covers = readable(decodeCovers(this.#require(coversFile).bytes), coversFile);
    const mark = readable(decodeMark(this.#require(markFile).bytes), markFile);
    const { chain, sequence } = covers.kind === 'rotation' ? covers : mark;
    if (covers.schemaVersion > this.#setup.content.schemaVersion) {
      throw new HearthlinkError('store-newer-schema', { found: covers.schemaVersion, known: this.#setup.content.schemaVersion });
    }
    return { covers, start: { chain: Buffer.from(chain, 'hex'), sequence } };
  }

  #readContent(covers: Covers): ReplicaContent<Schema, Search> {
    const files = new Map(covers.files.map((file) => [file.name, this.#checked(file)]));
    const calls = files.get(callsFile) ?? Buffer.alloc(0);
    const header = decodeFileHeader(calls, 'index');
    if (typeof header === 'string' || header.storeId !== covers.storeId) throw damaged(callsFile, 'It is of another store.');
    const snapshot = files.get(snapshotFile);
    if (snapshot === undefined) throw damaged(snapshotFile, 'It is missing.');
    const indexFiles = [...files].filter(([name]) => name !== snapshotFile && name !== callsFile).map(([name, bytes]) => ({ name, bytes }));
    const database = this.#setup.openDatabase(snapshot);
    try {
      return new ReplicaContent(this.#setup.content, {
        database,
        calls: new CallLedger(calls.subarray(fileHeaderLength)),
        schemaVersion: covers.schemaVersion,
        storeId: covers.storeId,
        generation: '',
        indexFiles: (withVectors) => indexFiles.filter(({ name }) => withVectors || name === wordsFile),
      });
    } catch (error) {
      database.close();
      throw damaged(snapshotFile, HearthlinkError.from(error).message);
    }
  }

  /** Answers the version it was brought from; null when there was nothing to do. */
  #migrate(content: ReplicaContent<Schema, Search>): number | null {
    const { schemaVersion: from } = content;
    const { schemaVersion } = this.#setup.content;
    if (from === schemaVersion) return null;
    content.migrate(schemaVersion, (database) => { migrateDatabase(this.#setup, database, from); });
    return from;
  }

  /** A file of the generation, compared with what its COVERS says. */
  #checked({ name, bytes, crc32: checksum }: Covers['files'][number]): Buffer {
    const whole = this.#require(name);
    if (whole.bytes.length !== bytes || whole.checksum !== checksum) throw damaged(name, 'It is not as it was written.');
    return whole.bytes;
  }

  #require(part: string): ScratchPart {
    const found = this.#take(part);
    if (found === null) throw damaged(part, 'It is missing.');
    return found;
  }

  #take(part: string): ScratchPart | null {
    const found = this.#parts.get(part);
    this.#parts.delete(part);
    return found ?? null;
  }

  /** As COVERS has it, which comes first. */
  #sizeOf(part: string): number {
    const covers = this.#parts.get(coversFile);
    const paper = covers === undefined ? 'damaged' : decodeCovers(covers.bytes);
    return typeof paper === 'string' ? 0 : paper.files.find(({ name }) => name === part)?.bytes ?? 0;
  }
}

/**
 * Repeats the records that continue the content, up to the last that was made at `until` or before. Records that the content
 * holds already are passed over: a backup's own and those of the next one may overlap.
 */
function repeatRecords<Schema, Search>(
  content: ReplicaContent<Schema, Search>,
  stream: Buffer,
  start: Pick<Reached, 'chain' | 'sequence'>,
  until: number | null,
): Reached {
  let reached: Reached = { ...start, at: null, records: 0 };
  const waiting: BatchBody[] = [];
  const repeat = () => { repeatAll(content, waiting.splice(0)); };
  const reader = readStream(stream);
  for (let step = reader.next(); ; step = reader.next()) {
    if (step.done === true) {
      if (step.value < stream.length) throw damaged(recordsPart, `At byte ${step.value} stands no whole record.`);
      break;
    }
    const { record, bytes } = step.value;
    if (record.sequence <= reached.sequence) continue;
    if (judge(record, reached) !== 'continues') throw damaged(recordsPart, `Record ${reached.sequence + 1} is missing.`);
    if (record.schemaVersion !== content.schemaVersion) throw damaged(recordsPart, `Record ${record.sequence} is of another schema.`);
    const batch = record.kind === 'batch' ? decodeBatch(record.body) : null;
    if (batch === null && decodeSeal(record.body).kind !== 'rotation') throw damaged(recordsPart, 'Another content follows.');
    if (batch !== null && until !== null && batch.at > until) break;
    if (batch !== null) waiting.push(batch);
    if (waiting.length >= recordsAtOnce) repeat();
    reached = { chain: chainAfter(bytes), sequence: record.sequence, at: batch?.at ?? reached.at, records: reached.records + 1 };
  }
  repeat();
  return reached;
}

function repeatAll<Schema, Search>(content: ReplicaContent<Schema, Search>, batches: readonly BatchBody[]): void {
  try {
    content.apply(batches);
  } catch (error) {
    throw damaged(recordsPart, HearthlinkError.from(error).message);
  }
}

function refuseBroken<Schema, Search>({ database }: ReplicaContent<Schema, Search>): void {
  try {
    const found = database.raw.exec('PRAGMA integrity_check(1)')[0]?.values[0]?.[0];
    if (found !== 'ok') throw damaged(snapshotFile, String(found));
  } catch (error) {
    throw HearthlinkError.is(error) ? error : damaged(snapshotFile, HearthlinkError.from(error).message);
  }
}

async function vectorsRead<Schema, Search>({ index }: ReplicaContent<Schema, Search>): Promise<void> {
  try {
    await index.ready();
  } catch (error) {
    throw HearthlinkError.is(error, 'store-damaged') ? damaged('vectors', error.message) : error;
  }
}

function compare(found: ContentSummary, expected: ContentSummary): void {
  for (const kind of ['tables', 'newest'] as const) {
    const names = new Set([...Object.keys(found[kind]), ...Object.keys(expected[kind])]);
    const differs = [...names].find((name) => found[kind][name] !== expected[kind][name]);
    if (differs === undefined) continue;
    throw damaged(snapshotFile, `${differs}: ${String(found[kind][differs])} in place of ${String(expected[kind][differs])}`);
  }
}

function readable<Paper>(paper: Paper | Unreadable, name: string): Paper {
  if (paper === 'newer') throw new HearthlinkError('store-newer-schema', { file: name });
  if (paper === 'damaged') throw damaged(name, 'It is not as it was written.');
  // The two words above are no papers.
  return paper;
}

function damaged(part: string, detail: string): HearthlinkError {
  return new HearthlinkError('archive-damaged', { part, detail });
}
