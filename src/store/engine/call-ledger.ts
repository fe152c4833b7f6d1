import type { KeptCall } from '../journal/batch-body.ts';
import { ByteReader } from '../journal/byte-reader.ts';
import { ByteWriter } from '../journal/byte-writer.ts';

/** How long a call can be repeated and is answered instead of applied again. */
const callsKeptForMs = 7 * 24 * 60 * 60 * 1000;

interface LedgerEntry {
  readonly at: number;
  readonly result: string | null;
}

/** The ids of the calls that were applied, with their results where these are small. Follows the records. */
export class CallLedger {
  readonly #recent = new Map<string, LedgerEntry>();
  /** Of the generation, as it was saved until it is asked for: a window that only reads never does. */
  #older: Map<string, LedgerEntry> | Uint8Array;

  constructor(saved?: Uint8Array) {
    this.#older = saved ?? new Map();
  }

  add(calls: readonly KeptCall[], at: number): void {
    for (const call of calls) this.#recent.set(call.id, { at, result: call.result });
  }

  find(id: string): LedgerEntry | undefined {
    return this.#recent.get(id) ?? this.#olderEntries().get(id);
  }

  /** When the newest of them was applied; null where there is none. */
  newestAt(): number | null {
    let newest: number | null = null;
    for (const entries of [this.#olderEntries(), this.#recent]) {
      for (const { at } of entries.values()) newest = Math.max(at, newest ?? at);
    }
    return newest;
  }

  /** As bytes, without what is too old to be repeated; `withoutWords` leaves no result in which a person's words may stand. */
  save(options: { readonly at: number; readonly withoutWords: boolean }): Buffer {
    const kept = [...this.#olderEntries(), ...this.#recent].filter(([, entry]) => entry.at > options.at - callsKeptForMs);
    const writer = new ByteWriter(64 * kept.length + 16);
    writer.list(kept, ([id, entry]) => {
      writer.text(id);
      writer.float64(entry.at);
      writer.optionalText(options.withoutWords && mayHoldWords(entry.result) ? null : entry.result);
    });
    return writer.bytes();
  }

  #olderEntries(): Map<string, LedgerEntry> {
    if (this.#older instanceof Uint8Array) {
      const reader = new ByteReader(this.#older);
      this.#older = new Map(reader.list((): [string, LedgerEntry] => [reader.text(), { at: reader.float64(), result: reader.optionalText() }]));
    }
    return this.#older;
  }
}

/** Numbers, yes and no, and nothing at all do not. */
function mayHoldWords(result: string | null): boolean {
  return result !== null && !/^(null|true|false|-?[\d.]+(e[+-]?\d+)?)$/.test(result);
}
