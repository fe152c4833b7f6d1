import { HearthlinkError } from '../../shared/errors.ts';
import { batchIdLength, encodeRecord, type RecordKind } from '../journal/record.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { AppendedRecord, Outcome, Replica } from './replica.ts';

/** Appends this window's records, and remembers when the disk could not be trusted. */
export class JournalWriter<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #othersWentOn: () => boolean;
  #distrusted = false;

  /** @param othersWentOn whether another window has gone on after damage, so that what is appended here is read by nobody */
  constructor(setup: EngineSetup<Schema, Search>, othersWentOn: () => boolean) {
    this.#setup = setup;
    this.#othersWentOn = othersWentOn;
  }

  /** True from a failure behind an append until the journal was opened again, read, and flushed with success. */
  get distrusted(): boolean {
    return this.#distrusted;
  }

  /**
   * Makes sure that what a write builds on is on the disk: what the replica stands on, and after a failed flush the whole
   * journal, read again through a new handle.
   * @param readAgain applies what is found in the reopened journal
   */
  async prepare(replica: Replica<Schema, Search>, readAgain: () => Replica<Schema, Search>): Promise<void> {
    try {
      let current = replica;
      if (this.#distrusted) {
        current.reopenJournal();
        current = readAgain();
        await current.place.journal.file.flush();
        this.#distrusted = false;
      }
      await current.flushBelow();
    } catch (error) {
      if (HearthlinkError.is(error, 'store-damaged', 'store-newer-schema')) throw error;
      throw this.#notKnownSaved(error);
    }
  }

  /**
   * For a call that is found to be applied already: its record may not have been flushed. False when it stands in a history
   * that another window has left.
   */
  async flush(replica: Replica<Schema, Search>): Promise<boolean> {
    try {
      await replica.place.journal.file.flush();
      return !this.#othersWentOn();
    } catch (error) {
      throw this.#notKnownSaved(error);
    }
  }

  /**
   * Appends a record that continues the replica's chain, flushes it, and reads back whether it has won.
   * Throws `store-full`, `store-read-only` or `store-stopped` when it was not written whole, and `store-not-known-saved` when
   * it was written, and then could not be flushed, read back, or compared with where the others are. Bytes that were written stay.
   */
  async append(replica: Replica<Schema, Search>, kind: RecordKind, body: Buffer): Promise<Outcome> {
    const { journal, chain, sequence } = replica.place;
    const own = this.#encode(replica, { kind, body, chain, sequence: sequence + 1 });
    const { bytes } = own;
    const written = await journal.file.append(bytes);
    if (written < bytes.length) throw new HearthlinkError('store-full', { detail: 'short write' });
    try {
      await journal.file.flush();
      const outcome = replica.outcomeOf(own);
      return outcome.state === 'won' && this.#othersWentOn() ? { state: 'lost' } : outcome;
    } catch (error) {
      throw this.#notKnownSaved(error);
    }
  }

  #encode(
    replica: Replica<Schema, Search>,
    record: { kind: RecordKind; body: Buffer; chain: Buffer; sequence: number },
  ): AppendedRecord {
    for (;;) {
      const batchId = Buffer.from(this.#setup.random.bytes(batchIdLength));
      const whole = { ...record, batchId, schemaVersion: replica.content.schemaVersion };
      const bytes = encodeRecord(whole, replica.place.journal.markers);
      if (bytes !== null) return { record: whole, bytes };
    }
  }

  #notKnownSaved(error: unknown): HearthlinkError {
    this.#distrusted = true;
    const { message } = HearthlinkError.from(error);
    return new HearthlinkError('store-not-known-saved', { detail: message }, error);
  }
}
