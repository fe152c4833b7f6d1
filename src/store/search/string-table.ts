import type { Section, SectionReader } from './section-file.ts';
import { grown } from './typed-arrays.ts';

/**
 * Distinct strings, numbered from 0 in the order they were first seen, packed as UTF-8 in typed arrays with an open-addressing
 * hash beside them. A table of 100,000 ids is a few arrays instead of 100,000 objects, and can be written and read back as
 * bytes; a string is decoded only when somebody asks for it.
 *
 * Strings must be well-formed: lone surrogates are stored as U+FFFD.
 */
export class StringTable {
  #bytes: Uint8Array;
  #byteCount: number;
  /** `#ends[n]` is where string n ends in `#bytes`; it begins where its predecessor ends. */
  #ends: Uint32Array;
  #count: number;
  /** Number + 1 of the string in each slot, 0 where the slot is free; its length is a power of two. */
  #slots: Uint32Array;

  private constructor(bytes: Uint8Array, ends: Uint32Array, slots: Uint32Array) {
    this.#bytes = bytes;
    this.#byteCount = bytes.length;
    this.#ends = ends;
    this.#count = ends.length;
    this.#slots = slots;
  }

  static empty(): StringTable {
    return new StringTable(new Uint8Array(0), new Uint32Array(0), new Uint32Array(16));
  }

  /** Lays a table over the arrays of `sections`, read in their order; it takes them over and writes into them. */
  static fromSections(reader: SectionReader): StringTable {
    return new StringTable(reader.next(Uint8Array), reader.next(Uint32Array), reader.next(Uint32Array));
  }

  copied(): StringTable {
    return new StringTable(this.#bytes.slice(0, this.#byteCount), this.#ends.slice(0, this.#count), this.#slots.slice());
  }

  get size(): number {
    return this.#count;
  }

  /** Bytes held, for measuring. */
  get byteLength(): number {
    return this.#bytes.byteLength + this.#ends.byteLength + this.#slots.byteLength;
  }

  /** Views of what is in use, for a file. */
  sections(): Section[] {
    return [this.#bytes.subarray(0, this.#byteCount), this.#ends.subarray(0, this.#count), this.#slots];
  }

  /** The string's number; a new one is added. */
  intern(text: string): number {
    const length = encode(text);
    const slot = this.#findSlot(scratch, 0, length, scratchHash);
    const found = this.#slots[slot] ?? 0;
    if (found !== 0) return found - 1;
    return this.#append(length, slot);
  }

  /** The string's number, or -1 when the table does not hold it. */
  find(text: string): number {
    const length = encode(text);
    return (this.#slots[this.#findSlot(scratch, 0, length, scratchHash)] ?? 0) - 1;
  }

  /** The number here of string `number` of `other`, or -1; nothing is decoded. */
  findFrom(other: StringTable, number: number): number {
    const start = other.#start(number);
    const length = (other.#ends[number] ?? 0) - start;
    const slot = this.#findSlot(other.#bytes, start, length, hashBytes(other.#bytes, start, length));
    return (this.#slots[slot] ?? 0) - 1;
  }

  /**
   * The number here of every string of `other`, -1 for what is not here. Tables filled with the same strings hold long stretches
   * of them in one order, or in the reverse one, so the neighbour of the last that was found is compared before anything is hashed.
   */
  findAllFrom(other: StringTable): Int32Array<ArrayBuffer> {
    const found = new Int32Array(other.#count);
    let last = -1;
    let step = 1;
    for (let number = 0, start = 0; number < found.length; number++) {
      const end = other.#ends[number] ?? 0;
      const neighbour = last + step;
      const isNeighbour = neighbour >= 0 && neighbour < this.#count && this.#equals(neighbour, other.#bytes, start, end - start);
      const own = isNeighbour ? neighbour : this.findFrom(other, number);
      if (own !== -1) {
        step = own < last ? -1 : 1;
        last = own;
      }
      found[number] = own;
      start = end;
    }
    return found;
  }

  /** The number here of string `number` of `other`, added when it is new; nothing is decoded. */
  internFrom(other: StringTable, number: number): number {
    const found = this.findFrom(other, number);
    if (found !== -1) return found;
    const start = other.#start(number);
    const bytes = other.#bytes.subarray(start, other.#ends[number]);
    ensureScratch(bytes.length);
    scratch.set(bytes);
    return this.#append(bytes.length, this.#findSlot(scratch, 0, bytes.length, hashBytes(scratch, 0, bytes.length)));
  }

  get(number: number): string {
    if (number < 0 || number >= this.#count) throw new RangeError(`no string ${number}`);
    return decoder.decode(this.#bytes.subarray(this.#start(number), this.#ends[number]));
  }

  #start(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] ?? 0);
  }

  /** Takes the string from `scratch` into the free `slot`. */
  #append(length: number, slot: number): number {
    const number = this.#count;
    const end = this.#byteCount + length;
    this.#bytes = grown(this.#bytes, end, Uint8Array);
    this.#bytes.set(scratch.subarray(0, length), this.#byteCount);
    this.#byteCount = end;
    this.#ends = grown(this.#ends, number + 1, Uint32Array);
    this.#ends[number] = end;
    this.#count = number + 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    else this.#slots[slot] = number + 1;
    return number;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#count; number++) {
      const start = this.#start(number);
      let slot = hashBytes(this.#bytes, start, (this.#ends[number] ?? 0) - start) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }

  /** The slot that holds these bytes, or the free one where they would go. */
  #findSlot(bytes: Uint8Array, start: number, length: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0 || this.#equals(entry - 1, bytes, start, length)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(number: number, bytes: Uint8Array, start: number, length: number): boolean {
    const own = this.#start(number);
    if ((this.#ends[number] ?? 0) - own !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[own + i] !== bytes[start + i]) return false;
    return true;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The last encoded string and its hash; interning runs millions of times while an index is built and must not allocate. */
let scratch = new Uint8Array(256);
let scratchHash = 0;

function ensureScratch(length: number): void {
  if (scratch.length < length) scratch = new Uint8Array(length * 2);
}

/** Writes `text` as UTF-8 into `scratch`, its hash into `scratchHash`, and answers its length. */
function encode(text: string): number {
  ensureScratch(text.length * 3);
  let hash = fnvOffset;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) {
      const { written: length } = encoder.encodeInto(text, scratch);
      scratchHash = hashBytes(scratch, 0, length);
      return length;
    }
    scratch[i] = code;
    hash = Math.imul(hash ^ code, fnvPrime);
  }
  scratchHash = finished(hash);
  return text.length;
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo), with a final mix because only the low bits choose a slot. */
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

function hashBytes(bytes: Uint8Array, start: number, length: number): number {
  let hash = fnvOffset;
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), fnvPrime);
  return finished(hash);
}

function finished(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}
