import { HearthlinkError } from '../../shared/errors.ts';
import type { RandomSource } from '../../shared/ports.ts';
import type { OpenedFile } from '../files/store-files.ts';
import { fileHeaderLength } from '../journal/file-header.ts';
import { nonceLength, tagLength, type FileCipher } from './file-cipher.ts';
import { encodeSealedHeader, openSealedHeader, type SealedStart } from './sealed-header.ts';
import type { StoreKey, StoreKeys } from './store-keys.ts';

/**
 * A file that is written once and whole: the header, and chunks of 256 KB, the last one shorter, each with its tag behind it.
 * The header holds 12 random bytes and the length, and both are in the file's key: so no chunk can be left out or put
 * elsewhere, neither in this file nor in another.
 */

const chunkBytes = 256 * 1024;
const saltLength = 12;
const lengthBytes = 6;

/** The bytes of the file, made while they are asked for. */
export function* sealedParts(
  parts: readonly Uint8Array[],
  { name, key, ringId, random }: { readonly name: string; readonly key: StoreKey; readonly ringId: string; readonly random: RandomSource },
): Generator<Uint8Array, void> {
  const extra = Buffer.alloc(saltLength + lengthBytes);
  extra.set(random.bytes(saltLength));
  extra.writeUIntLE(parts.reduce((sum, part) => sum + part.length, 0), saltLength, lengthBytes);
  const { bytes, cipher } = encodeSealedHeader({ kind: 'sealed', storeId: ringId, number: 0, extra }, key, purposeOf(name));
  yield bytes;
  let number = 0;
  for (const chunk of chunksOf(parts)) yield cipher.seal(nonceOf(number++), chunk);
}

/**
 * What stands in a file, decrypted in the memory that it was read to; the bytes themselves where it is not encrypted. Nothing
 * at all where it is not as it was written, which nobody takes for what it was.
 * @throws HearthlinkError `store-locked` without its key
 */
export function unsealed(bytes: Buffer, name: string, keys: StoreKeys): Buffer {
  const start = openSealedHeader(bytes, keys, purposeOf(name));
  if (start === null) return bytes;
  const length = lengthOf(start);
  if (bytes.length !== sealedLength(length)) return bytes.subarray(0, 0);
  for (const { number, from, to, at } of chunksBetween(0, length, length)) {
    const data = start.cipher.open(nonceOf(number), bytes.subarray(at, at + to - from + tagLength));
    if (data === null) return bytes.subarray(0, 0);
    data.copy(bytes, from);
  }
  return bytes.subarray(0, length);
}

/** Such a file, to be read in pieces. `store-damaged` is thrown at what is not as it was written. */
export function unsealedFile(file: OpenedFile, name: string, keys: StoreKeys): OpenedFile {
  const start = openSealedHeader(file.read(0, fileHeaderLength), keys, purposeOf(name));
  if (start === null) return file;
  const length = lengthOf(start);
  return {
    size: () => length,
    read: (offset, wanted) => {
      const end = Math.min(length, offset + wanted);
      const chunks = chunksBetween(offset, end, length).map((chunk) => readChunk(file, start.cipher, chunk, name));
      const before = offset % chunkBytes;
      return Buffer.concat(chunks).subarray(before, before + Math.max(0, end - offset));
    },
    close: () => { file.close(); },
  };
}

interface Chunk {
  readonly number: number;
  /** Where its data stands in the decrypted file. */
  readonly from: number;
  readonly to: number;
  /** Where it stands in the encrypted one. */
  readonly at: number;
}

function readChunk(file: OpenedFile, cipher: FileCipher, { number, from, to, at }: Chunk, name: string): Buffer {
  const data = cipher.open(nonceOf(number), file.read(at, to - from + tagLength));
  if (data === null) throw new HearthlinkError('store-damaged', { file: name });
  return data;
}

/** The chunks in which bytes from `start` to `end` stand; an empty file has one too, so that its emptiness is authentic. */
function chunksBetween(start: number, end: number, length: number): Chunk[] {
  const chunks: Chunk[] = [];
  const count = chunkCount(length);
  for (let number = Math.floor(start / chunkBytes); number < count && (number * chunkBytes < end || length === 0); number++) {
    const from = number * chunkBytes;
    chunks.push({ number, from, to: Math.min(length, from + chunkBytes), at: fileHeaderLength + number * (chunkBytes + tagLength) });
  }
  return chunks;
}

function* chunksOf(parts: readonly Uint8Array[]): Generator<Uint8Array, void> {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let none = true;
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const piece = part.subarray(at, at + chunkBytes - waitingBytes);
      at += piece.length;
      waiting.push(piece);
      waitingBytes += piece.length;
      if (waitingBytes < chunkBytes) continue;
      yield joined(waiting);
      [waiting, waitingBytes, none] = [[], 0, false];
    }
  }
  if (waitingBytes > 0 || none) yield joined(waiting);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}

function chunkCount(length: number): number {
  return Math.max(1, Math.ceil(length / chunkBytes));
}

function sealedLength(length: number): number {
  return fileHeaderLength + length + tagLength * chunkCount(length);
}

function lengthOf({ header }: SealedStart): number {
  return header.extra.readUIntLE(saltLength, lengthBytes);
}

/** The number of the chunk: no two chunks have one key and one number. */
function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(nonceLength);
  nonce.writeUInt32LE(number);
  return nonce;
}

/** The file's own name: its folder gets another one when it is complete. */
function purposeOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
