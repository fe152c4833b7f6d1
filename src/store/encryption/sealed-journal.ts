import type { RandomSource } from '../../shared/ports.ts';
import type { JournalFile } from '../files/store-files.ts';
import { encodeFileHeader, fileHeaderLength, type FileHeader } from '../journal/file-header.ts';
import { readRecords, type Journal } from '../journal/journal.ts';
import { markerLength, markersFromBytes } from '../journal/markers.ts';
import { batchIdLength, chainLength, decodeRecord, encodeRecord } from '../journal/record.ts';
import { nonceLength, tagLength, type FileCipher } from './file-cipher.ts';
import { encodeSealedHeader, openSealedHeader, type SealedStart } from './sealed-header.ts';
import type { StoreKey, StoreKeys } from './store-keys.ts';

/**
 * An encrypted journal: the header of the journal as it would be without encryption, with the key's id and check in it, and
 * then one frame for each append. A frame is laid out as a record is, between the journal's own markers, so that a torn one
 * and a damaged one are told apart by the same rules; its body is what was appended, encrypted, and its batch id holds the
 * nonce. What is read is the journal without its frames: of a torn one nothing, and of a damaged one a byte with which no
 * record can begin.
 */

const purpose = 'journal';

/** Higher than that of any record, so that a frame which is taken for a record is taken for damage. */
const sequenceOfFrames = 2 ** 48 - 1;

/** The header of an empty journal, encrypted. */
export function sealedJournalHeader(header: FileHeader, key: StoreKey): Buffer {
  return encodeSealedHeader({ ...header, extra: header.extra.subarray(0, 2 * markerLength) }, key, purpose).bytes;
}

/**
 * The journal itself where it is not encrypted, or where its header is not as it was written.
 * @throws HearthlinkError `store-locked` without its key
 */
export function unsealedJournal(file: JournalFile, keys: StoreKeys, random: RandomSource): JournalFile {
  const start = openSealedHeader(file.read(0, fileHeaderLength), keys, purpose);
  if (start === null) return file;
  const journal = new UnsealedJournal(file, start, random);
  return {
    writable: file.writable,
    size: () => journal.size(),
    read: (offset, length) => journal.read(offset, length),
    append: (bytes) => journal.append(bytes),
    flush: () => file.flush(),
    close: () => { file.close(); },
  };
}

/** Where a frame stands, and what it holds. */
interface Frame {
  readonly at: number;
  readonly bytes: number;
  /** Where its content begins and ends in the decrypted journal. */
  readonly from: number;
  readonly to: number;
}

class UnsealedJournal {
  readonly #raw: JournalFile;
  readonly #journal: Journal;
  readonly #cipher: FileCipher;
  readonly #random: RandomSource;
  /** The header as it is without encryption. */
  readonly #header: Buffer;
  readonly #frames: Frame[] = [];
  /** What is behind the last whole frame, and the size of the file when that was found out. */
  #behind: 'nothing-yet' | 'damage' = 'nothing-yet';
  #position = fileHeaderLength;
  #seen = -1;

  constructor(raw: JournalFile, { header, cipher }: SealedStart, random: RandomSource) {
    const extra = header.extra.subarray(0, 2 * markerLength);
    this.#raw = raw;
    this.#journal = { name: '', number: header.number, storeId: header.storeId, markers: markersFromBytes(extra), file: raw };
    this.#cipher = cipher;
    this.#random = random;
    this.#header = encodeFileHeader({ kind: 'journal', storeId: header.storeId, number: header.number, extra });
  }

  size(): number {
    this.#scan();
    return this.#end + (this.#behind === 'damage' ? 1 : 0);
  }

  read(offset: number, length: number): Buffer {
    const size = this.size();
    const end = Math.min(size, offset + length);
    const parts: Buffer[] = [];
    if (offset < fileHeaderLength) parts.push(this.#header.subarray(offset, end));
    for (let i = this.#frameAt(offset); i < this.#frames.length; i++) {
      const frame = this.#frames[i];
      if (frame === undefined || frame.from >= end) break;
      parts.push(this.#open(frame).subarray(Math.max(0, offset - frame.from), end - frame.from));
    }
    if (end > this.#end) parts.push(this.#unreadable(end - Math.max(offset, this.#end)));
    return Buffer.concat(parts);
  }

  async append(bytes: Uint8Array): Promise<number> {
    const frame = this.#frame(bytes);
    const written = await this.#raw.append(frame);
    return written === frame.length ? bytes.length : Math.min(written, bytes.length - 1);
  }

  get #end(): number {
    return this.#frames.at(-1)?.to ?? fileHeaderLength;
  }

  #frame(bytes: Uint8Array): Buffer {
    for (;;) {
      const nonce = this.#random.bytes(nonceLength);
      const batchId = Buffer.concat([nonce], batchIdLength);
      const record = { kind: 'batch', schemaVersion: 0, sequence: sequenceOfFrames, chain: Buffer.alloc(chainLength), batchId } as const;
      const frame = encodeRecord({ ...record, body: this.#cipher.seal(nonce, bytes) }, this.#journal.markers);
      if (frame !== null) return frame;
    }
  }

  /** Finds the frames that were appended since the last time. One `fstat` when there are none. */
  #scan(): void {
    if (this.#behind === 'nothing-yet' && this.#raw.size() === this.#seen) return;
    const reader = readRecords(this.#journal, this.#position);
    for (let step = reader.next(); ; step = reader.next()) {
      if (step.done === true) {
        this.#behind = step.value.type === 'damage' ? 'damage' : 'nothing-yet';
        this.#position = step.value.position;
        this.#seen = step.value.end;
        return;
      }
      const { record, bytes, end } = step.value;
      const from = this.#end;
      this.#frames.push({ at: end - bytes.length, bytes: bytes.length, from, to: from + Math.max(1, record.body.length - tagLength) });
    }
  }

  /** The number of the first frame that ends behind `offset`. */
  #frameAt(offset: number): number {
    let [low, high] = [0, this.#frames.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#frames[middle]?.to ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #open({ at, bytes, from, to }: Frame): Buffer {
    const record = decodeRecord(this.#raw.read(at, bytes), this.#journal.markers);
    const data = record === null ? null : this.#cipher.open(record.batchId.subarray(0, nonceLength), record.body);
    return data ?? this.#unreadable(to - from);
  }

  #unreadable(length: number): Buffer {
    return Buffer.alloc(length, ~(this.#journal.markers.start[0] ?? 0) & 0xff);
  }
}
