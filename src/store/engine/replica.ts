import { HearthlinkError } from '../../shared/errors.ts';
import { flushGeneration } from '../generation/flushing.ts';
import { readCovers } from '../generation/generation-reader.ts';
import { decodeBatch, type BatchBody } from '../journal/batch-body.ts';
import { ChangeCollector, type Changes } from '../journal/changes.ts';
import { firstPosition, openJournal, readRecords, type Journal, type ReadRecord } from '../journal/journal.ts';
import { chainAfter, judge, type JournalRecord } from '../journal/record.ts';
import { decodeSeal, type SealBody } from '../journal/seal-body.ts';
import type { EngineSetup } from './engine-setup.ts';
import { loadContent } from './load-content.ts';
import type { ReplicaContent } from './replica-content.ts';

/** Records that are applied in one transaction. */
const recordsAtOnce = 2000;

/** How far a replica has read: everything up to `position` is decided, and `chain` stands for all that was applied. */
export interface Place {
  readonly journal: Journal;
  readonly position: number;
  readonly chain: Buffer;
  readonly sequence: number;
}

type Reading = 'current' | 'damaged' | 'lost-track' | 'newer';

/**
 * - `current`: every whole record up to the end was applied;
 * - `damaged`: what stands at the position cannot be read, and nothing behind it was;
 * - `lost-track`: a file it has to go on in is gone, because a newer generation exists;
 * - `newer`: another window has gone on with a schema that this release does not know.
 */
export interface CaughtUp {
  readonly state: Reading;
  /** What is damaged, or what could not be found or read. */
  readonly file: string;
  /** Rows changed by the records that were applied; null when the content was replaced whole. */
  readonly changes: Changes | null;
  readonly applied: number;
}

/** A batch that was read and not applied yet, and the place behind it. */
interface Waiting {
  readonly batch: BatchBody;
  readonly place: Place;
}

/** A record of this window, and the bytes that were appended for it. */
export interface AppendedRecord {
  readonly record: JournalRecord;
  readonly bytes: Buffer;
}

/** Whether the record that a window has appended is the one that continues the chain. */
export type Outcome = { readonly state: 'won'; readonly record: ReadRecord } | { readonly state: 'lost' } | { readonly state: 'damaged' };

/** A window's copy of the store: its content, and its place in the journal that the content is the sum of. */
export class Replica<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  #content: ReplicaContent<Schema, Search>;
  #place: Place;
  /** Size of the journal when it was last read to its end; -1: not yet. */
  #seen = -1;
  /** Sealed journals behind this replica that it has not flushed. */
  #passed: Journal[] = [];
  /** The generation it was opened from, until its folder entries are known to be on the disk. */
  #openedFrom: string | null;
  /** A SEAL that was applied and not yet followed. */
  #seal: SealBody | null = null;

  constructor(setup: EngineSetup<Schema, Search>, content: ReplicaContent<Schema, Search>, place: Place) {
    this.#setup = setup;
    this.#content = content;
    this.#place = place;
    this.#openedFrom = content.generation;
  }

  get content(): ReplicaContent<Schema, Search> {
    return this.#content;
  }

  get place(): Place {
    return this.#place;
  }

  /** Applies what was appended since the last time. One `fstat` when nothing was. */
  catchUp(): CaughtUp {
    return this.#isCurrent() ? nothingNew : this.#applyNew();
  }

  /** Reads back what became of a record that was appended at the end. Applies nothing. */
  outcomeOf(own: AppendedRecord): Outcome {
    const { journal, position } = this.#place;
    const end = position + own.bytes.length;
    // Mostly nothing but this record stands there, and then it need not be taken apart again.
    if (journal.file.size() === end && journal.file.read(position, own.bytes.length).equals(own.bytes)) {
      return { state: 'won', record: { type: 'record', ...own, end } };
    }
    const reader = readRecords(journal, position);
    for (let step = reader.next(); ; step = reader.next()) {
      if (step.done === true) return { state: step.value.type === 'damage' ? 'damaged' : 'lost' };
      const verdict = judge(step.value.record, this.#place);
      if (verdict === 'damaged') return { state: 'damaged' };
      if (verdict === 'continues') {
        return step.value.record.batchId.equals(own.record.batchId) ? { state: 'won', record: step.value } : { state: 'lost' };
      }
    }
  }

  /** Takes this window's own record, whose writes its database holds already. */
  accept(own: ReadRecord, batch: BatchBody): void {
    this.#place = placeAfter(own, this.#place);
    this.#seen = own.end;
    this.#content.keepBesideRows(batch);
  }

  /**
   * Flushes what this replica stands on: the entries of the generation it was opened from, whose maker may have died before
   * it did so, and the sealed journals it has passed. Before anything is acknowledged.
   */
  async flushBelow(): Promise<void> {
    if (this.#openedFrom !== null) {
      await flushGeneration(this.#setup.files, this.#openedFrom);
      await this.#setup.files.flushFolder();
      this.#openedFrom = null;
    }
    for (let journal = this.#passed[0]; journal !== undefined; journal = this.#passed[0]) {
      await journal.file.flush();
      journal.file.close();
      this.#passed.shift();
    }
  }

  /** After a failed flush: nothing that this handle says of the file is trusted any more. */
  reopenJournal(): void {
    const { journal } = this.#place;
    const reopened = openJournal(this.#setup.files, journal.name);
    if (reopened === null || typeof reopened === 'string') throw new HearthlinkError('store-stopped', { detail: journal.name });
    journal.file.close();
    this.#place = { ...this.#place, journal: reopened };
    this.#seen = -1;
  }

  close(): void {
    for (const journal of [...this.#passed, this.#place.journal]) journal.file.close();
    this.#passed = [];
    this.#content.close();
  }

  #isCurrent(): boolean {
    return this.#seal === null && this.#place.journal.file.size() === this.#seen;
  }

  #applyNew(): CaughtUp {
    const collected = new ChangeCollector();
    let applied = 0;
    let replaced = false;
    const answer = (state: Reading, file = this.#place.journal.name): CaughtUp => ({
      state, file, applied, changes: replaced ? null : collected.changes(),
    });
    while (!this.#isCurrent()) {
      if (this.#seal !== null) {
        const { kind, generation, journal } = this.#seal;
        const followed = this.#follow(this.#seal);
        if (followed !== 'current') return answer(followed, kind === 'rotation' ? journal : generation);
        replaced ||= kind !== 'rotation';
      }
      const stoppedBy = this.#readOn((batch) => {
        applied++;
        collected.add(batch.changes);
      });
      if (stoppedBy === 'damaged' || stoppedBy === 'newer') return answer(stoppedBy);
    }
    return answer('current');
  }

  /**
   * Reads to the end of the journal, or to a SEAL, which is applied but not followed: what stands behind it is void.
   * @param onApplied told of each batch
   */
  #readOn(onApplied: (batch: BatchBody) => void): 'end' | 'seal' | 'damaged' | 'newer' {
    const waiting: Waiting[] = [];
    let ahead = this.#place;
    const stop = <Reason>(reason: Reason): Reason | 'damaged' => {
      if (!this.#apply(waiting, onApplied)) return 'damaged';
      this.#place = ahead;
      return reason;
    };
    const reader = readRecords(this.#place.journal, this.#place.position);
    for (let step = reader.next(); ; step = reader.next()) {
      if (step.done === true) {
        const { type, position, end } = step.value;
        ahead = { ...ahead, position };
        const stopped = stop(type === 'undecided' ? 'end' : 'damaged');
        if (stopped === 'end') this.#seen = end;
        return stopped;
      }
      const verdict = judge(step.value.record, ahead);
      if (verdict === 'damaged') return stop('damaged');
      if (verdict === 'lost') {
        ahead = { ...ahead, position: step.value.end };
        continue;
      }
      const { record } = step.value;
      if (record.schemaVersion > this.#content.schemaVersion) return stop('newer');
      ahead = placeAfter(step.value, ahead);
      if (record.kind === 'seal') {
        const stopped = stop('seal');
        if (stopped === 'seal') this.#seal = decodeSeal(record.body);
        return stopped;
      }
      waiting.push({ batch: decodeBatch(record.body), place: ahead });
      if (waiting.length >= recordsAtOnce && !this.#apply(waiting, onApplied)) return 'damaged';
    }
  }

  /** Applies what waits and empties it. False at a record that cannot be repeated: the place is before it then. */
  #apply(waiting: Waiting[], onApplied: (batch: BatchBody) => void): boolean {
    const all = waiting.splice(0);
    const last = all.at(-1);
    if (last === undefined) return true;
    // All in one transaction is several times faster; only when that fails it is found out which of them it was.
    if (this.#repeat(all)) this.#place = last.place;
    else if (!all.every((one) => this.#repeatOne(one))) return false;
    for (const { batch } of all) onApplied(batch);
    return true;
  }

  #repeatOne(one: Waiting): boolean {
    const repeated = this.#repeat([one]);
    if (repeated) this.#place = one.place;
    return repeated;
  }

  #repeat(waiting: readonly Waiting[]): boolean {
    try {
      this.#content.apply(waiting.map(({ batch }) => batch));
      return true;
    } catch (error) {
      this.#setup.log.error('A record cannot be repeated.', { records: waiting.length, detail: HearthlinkError.from(error).message });
      return false;
    }
  }

  /** Goes on in the journal that a SEAL names; with the generation's content where the SEAL brings a new one. */
  #follow(seal: SealBody): Reading {
    const next = openJournal(this.#setup.files, seal.journal);
    if (next === null) return 'lost-track';
    if (typeof next === 'string') return next;
    const content = seal.kind === 'rotation' ? this.#content : this.#contentOf(seal.generation);
    if (typeof content === 'string') {
      next.file.close();
      return content;
    }
    if (content !== this.#content) this.#content.close();
    this.#content = content;
    this.#passed.push(this.#place.journal);
    this.#place = { ...this.#place, journal: next, position: firstPosition };
    this.#seen = -1;
    this.#seal = null;
    return 'current';
  }

  #contentOf(name: string): ReplicaContent<Schema, Search> | Reading {
    const { files, content } = this.#setup;
    const covers = readCovers(files, name);
    if (covers === null) return 'lost-track';
    if (covers === 'damaged') return 'damaged';
    if (covers === 'newer' || covers.schemaVersion > content.schemaVersion) return 'newer';
    try {
      return loadContent(this.#setup, { name, covers });
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-damaged')) throw error;
      return readCovers(files, name) === null ? 'lost-track' : 'damaged';
    }
  }
}

const nothingNew: CaughtUp = {
  state: 'current', file: '', applied: 0, changes: { sessions: [], messages: [], slices: [], jobs: false, agents: false },
};

function placeAfter(read: ReadRecord, place: Place): Place {
  return { ...place, position: read.end, chain: chainAfter(read.bytes), sequence: read.record.sequence };
}
