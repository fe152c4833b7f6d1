import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { escapeMarkers, markerLength, unescapeMarkers, type Markers } from './markers.ts';

/**
 * One record of a journal:
 *
 *     0 start marker (8)    8 stored body length (u32)   12 kind   13 0   14 schema version (u16)
 *    16 sequence (u48)     22 0 0                        24 chain value it continues (16)
 *    40 batch id (16)      56 CRC-32 of the stored body  60 CRC-32 of bytes 8 to 59
 *    64 body, markers escaped                            then the end marker (8)
 */
export interface JournalRecord {
  readonly kind: RecordKind;
  readonly schemaVersion: number;
  readonly sequence: number;
  /** The chain value that this record continues. */
  readonly chain: Buffer;
  /** Random, so that a window can tell its own record from another's with equal content. */
  readonly batchId: Buffer;
  readonly body: Buffer;
}

export type RecordKind = 'batch' | 'seal';

export const recordHeaderLength = 64;
export const chainLength = 16;
export const batchIdLength = 16;

const kinds: readonly RecordKind[] = ['batch', 'seal'];

/** The bytes of a record; null when chance put a marker into them, and another batch id must be drawn. */
export function encodeRecord(record: JournalRecord, markers: Markers): Buffer | null {
  const stored = escapeMarkers(record.body, markers);
  const bytes = Buffer.allocUnsafe(recordHeaderLength + stored.length + markerLength);
  markers.start.copy(bytes);
  bytes.writeUInt32LE(stored.length, 8);
  bytes.writeUInt16LE(kinds.indexOf(record.kind), 12);
  bytes.writeUInt16LE(record.schemaVersion, 14);
  bytes.writeUIntLE(record.sequence, 16, 6);
  bytes.writeUInt16LE(0, 22);
  record.chain.copy(bytes, 24);
  record.batchId.copy(bytes, 40);
  bytes.writeUInt32LE(crc32(stored), 56);
  bytes.writeUInt32LE(crc32(bytes.subarray(8, 60)), 60);
  stored.copy(bytes, recordHeaderLength);
  const end = bytes.length - markerLength;
  markers.end.copy(bytes, end);
  return bytes.indexOf(markers.start, 1) < 0 && bytes.indexOf(markers.end) === end ? bytes : null;
}

/** Length of the whole record that begins here, from its header; null when the header is not whole and right. */
export function recordLength(bytes: Buffer, offset: number): number | null {
  if (offset + recordHeaderLength > bytes.length) return null;
  if (bytes.readUInt32LE(offset + 60) !== crc32(bytes.subarray(offset + 8, offset + 60))) return null;
  return recordHeaderLength + bytes.readUInt32LE(offset + 8) + markerLength;
}

/** The record in exactly these bytes, whose header is known to be right; null when body or end marker are not. */
export function decodeRecord(bytes: Buffer, markers: Markers): JournalRecord | null {
  const end = bytes.length - markerLength;
  const stored = bytes.subarray(recordHeaderLength, end);
  const kind = kinds[bytes.readUInt16LE(12)];
  if (kind === undefined || bytes.readUInt32LE(56) !== crc32(stored) || !bytes.subarray(end).equals(markers.end)) return null;
  return {
    kind,
    schemaVersion: bytes.readUInt16LE(14),
    sequence: bytes.readUIntLE(16, 6),
    chain: bytes.subarray(24, 24 + chainLength),
    batchId: bytes.subarray(40, 40 + batchIdLength),
    body: unescapeMarkers(stored, markers),
  };
}

/**
 * The chain value after a record: it stands for the whole history up to and with it. Taken of the header alone, which holds
 * the value before, the body's checksum, and a batch id that no other record has.
 */
export function chainAfter(recordBytes: Buffer): Buffer {
  return hash('sha256', recordBytes.subarray(markerLength, recordHeaderLength), 'buffer').subarray(0, chainLength);
}

/** A whole record continues the chain, has lost a race against one that did, or cannot be explained. */
export function judge(record: JournalRecord, reached: { readonly chain: Buffer; readonly sequence: number }): 'continues' | 'lost' | 'damaged' {
  if (!record.chain.equals(reached.chain)) return record.sequence <= reached.sequence ? 'lost' : 'damaged';
  return record.sequence === reached.sequence + 1 ? 'continues' : 'damaged';
}
