import { crc32 } from 'node:zlib';

import { HearthlinkError } from '../../shared/errors.ts';

/**
 * The container of the search files: a header, a table of sections, and the sections, each at a multiple of 8 bytes so that
 * typed arrays can be laid over them without a copy. A CRC-32 covers everything after itself; a file that was cut, changed or
 * made for another store, format or analyzer is refused, never read in part.
 *
 * | bytes | field |
 * |---|---|
 * | 0-3 | magic |
 * | 4-7 | CRC-32 of all bytes from 8 on |
 * | 8-11 | format version |
 * | 12-15 | content version: the analyzer's for the word index, 0 for vectors |
 * | 16-17, 18-19, 20-23 | codec, cipher, key id: all 0, plain bytes |
 * | 24-27 | number of sections |
 * | 28-31 | zero |
 * | 32-39 | length of the whole file |
 * | 40-71 | store id, UTF-8, padded with zeros |
 * | 72- | for each section offset and length, 8 bytes each |
 *
 * All numbers are little endian. Files are read on the kind of machine that wrote them or rebuilt; sections are little endian
 * because every machine VS Code runs on is.
 */
export interface SectionFileIdentity {
  /** Four ASCII characters. */
  readonly magic: string;
  readonly formatVersion: number;
  readonly contentVersion: number;
  /** At most 32 bytes of UTF-8. */
  readonly storeId: string;
}

export type Section = Uint8Array | Uint16Array | Uint32Array | Int32Array | Int8Array | Float32Array | Float64Array;

const headerBytes = 72;
const storeIdBytes = 32;
const alignment = 8;

export function packSections(identity: SectionFileIdentity, sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const directoryEnd = headerBytes + sections.length * 16;
  let length = aligned(directoryEnd);
  const offsets = sections.map((section) => {
    const offset = length;
    length = aligned(offset + section.byteLength);
    return offset;
  });
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  writeHeader(bytes, view, identity, sections.length);
  sections.forEach((section, i) => {
    const offset = offsets[i] ?? 0;
    view.setBigUint64(headerBytes + i * 16, BigInt(offset), true);
    view.setBigUint64(headerBytes + i * 16 + 8, BigInt(section.byteLength), true);
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), offset);
  });
  view.setUint32(4, crc32(bytes.subarray(8)), true);
  return bytes;
}

/**
 * The sections of `bytes`, as views of it (of a copy, when it does not start at a multiple of 8).
 *
 * @param areChecked that the bytes are those that were written is known already, so their checksum is not made again
 * @throws HearthlinkError `store-damaged` with `part` (the magic) and `detail`, when anything is not as it was written.
 */
export function unpackSections(bytes: Uint8Array, expected: SectionFileIdentity, areChecked = false): SectionReader {
  const refuse = (detail: string): HearthlinkError => new HearthlinkError('store-damaged', { part: expected.magic, detail });
  const data = bytes.byteOffset % alignment === 0 ? bytes : bytes.slice();
  if (data.length < headerBytes) throw refuse('too short');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (view.getBigUint64(32, true) !== BigInt(data.length)) throw refuse('length');
  if (!areChecked && view.getUint32(4, true) !== crc32(data.subarray(8))) throw refuse('checksum');
  const header = new Uint8Array(headerBytes);
  writeHeader(header, new DataView(header.buffer), expected, view.getUint32(24, true));
  for (let i = 0; i < headerBytes; i++) {
    const isChecksumOrLength = (i >= 4 && i < 8) || (i >= 32 && i < 40);
    if (!isChecksumOrLength && data[i] !== header[i]) throw refuse(headerField(i));
  }
  const count = view.getUint32(24, true);
  if (headerBytes + count * 16 > data.length) throw refuse('sections');
  const sections: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const offset = Number(view.getBigUint64(headerBytes + i * 16, true));
    const length = Number(view.getBigUint64(headerBytes + i * 16 + 8, true));
    if (offset % alignment !== 0 || offset + length > data.length) throw refuse('sections');
    sections.push(data.subarray(offset, offset + length));
  }
  return new SectionReader(sections, refuse);
}

/** Gives the sections out in the order they were packed, as the arrays they were. */
export class SectionReader {
  readonly #sections: readonly Uint8Array[];
  readonly #refuse: (detail: string) => HearthlinkError;
  #next = 0;

  constructor(sections: readonly Uint8Array[], refuse: (detail: string) => HearthlinkError) {
    this.#sections = sections;
    this.#refuse = refuse;
  }

  next<T>(Kind: { new (buffer: ArrayBufferLike, offset: number, length: number): T; readonly BYTES_PER_ELEMENT: number }): T {
    const section = this.#sections[this.#next++];
    if (section === undefined || section.length % Kind.BYTES_PER_ELEMENT !== 0) throw this.#refuse('sections');
    return new Kind(section.buffer, section.byteOffset, section.length / Kind.BYTES_PER_ELEMENT);
  }

  nextJson(): unknown {
    return JSON.parse(new TextDecoder().decode(this.next(Uint8Array)));
  }
}

export function jsonSection(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function writeHeader(bytes: Uint8Array, view: DataView, identity: SectionFileIdentity, sectionCount: number): void {
  bytes.set(new TextEncoder().encode(identity.magic.slice(0, 4)), 0);
  view.setUint32(8, identity.formatVersion, true);
  view.setUint32(12, identity.contentVersion, true);
  view.setUint32(24, sectionCount, true);
  view.setBigUint64(32, BigInt(bytes.length), true);
  const storeId = new TextEncoder().encode(identity.storeId);
  if (storeId.length > storeIdBytes) throw new HearthlinkError('invalid-input', { detail: 'store id over 32 bytes' });
  bytes.set(storeId, 40);
}

function headerField(offset: number): string {
  if (offset < 4) return 'magic';
  if (offset < 12) return 'format version';
  if (offset < 16) return 'content version';
  if (offset < 24) return 'codec or cipher';
  if (offset < 40) return 'header';
  return 'store id';
}

function aligned(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
