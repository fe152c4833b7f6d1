import * as z from 'zod';

import { HearthlinkError } from '../../shared/errors.ts';
import { type QuantisedVector, quantiseQuery } from './quantisation.ts';
import { jsonSection, packSections, type SectionFileIdentity, unpackSections } from './section-file.ts';
import { StringTable } from './string-table.ts';
import { TopK } from './top-k.ts';
import { grown } from './typed-arrays.ts';
import { createVectorRows, maxProducts, strideOf, type VectorRows } from './vector-rows.ts';

export interface VectorHit {
  readonly id: string;
  /** Cosine of the angle to the query, -1 to 1. */
  readonly cosine: number;
}

/**
 * The vectors of one embedding model, searched exactly, one by one: 31 ns each, which up to some hundred thousand is faster
 * than asking an approximate index for the same recall, and needs no building. Vectors lie without gaps in slots 0 to `size`;
 * removing one moves the last into its slot.
 */
export class VectorIndex {
  /** Digest of the embedding model. */
  readonly model: string;
  readonly dimension: number;
  readonly #rows: VectorRows;
  #ids = StringTable.empty();
  #idOfSlot = new Uint32Array(0);
  /** By id number: slot + 1, or 0. */
  #slotOfId = new Uint32Array(0);
  #scales = new Float32Array(0);
  #size = 0;

  constructor(model: string, dimension: number, rows: VectorRows = createVectorRows(strideOf(dimension))) {
    this.model = model;
    this.dimension = dimension;
    this.#rows = rows;
  }

  get size(): number {
    return this.#size;
  }

  get byteLength(): number {
    return this.#rows.values.byteLength + this.#ids.byteLength + this.#idOfSlot.byteLength + this.#slotOfId.byteLength + this.#scales.byteLength;
  }

  /** Ids that have or had a vector; a slot's id is a number in it. */
  get ids(): StringTable {
    return this.#ids;
  }

  idNumber(slot: number): number {
    return this.#idOfSlot[slot] ?? 0;
  }

  /** For the scoring loop: the id number of each slot. */
  get idNumbers(): Uint32Array {
    return this.#idOfSlot;
  }

  has(id: string): boolean {
    return this.#slot(id) !== -1;
  }

  /** @throws HearthlinkError `invalid-input` when the vector has another dimension */
  put(id: string, vector: QuantisedVector): void {
    if (vector.values.length !== this.dimension) {
      throw new HearthlinkError('invalid-input', { detail: `a vector of ${vector.values.length} among those of ${this.dimension} dimensions` });
    }
    const idNumber = this.#ids.intern(id);
    this.#slotOfId = grown(this.#slotOfId, idNumber + 1, Uint32Array);
    const known = this.#slotOfId[idNumber] ?? 0;
    const slot = known === 0 ? this.#size++ : known - 1;
    this.#scales = grown(this.#scales, slot + 1, Float32Array);
    this.#idOfSlot = grown(this.#idOfSlot, slot + 1, Uint32Array);
    this.#rows.reserve(slot + 1);
    this.#rows.values.set(vector.values, slot * this.#rows.stride);
    this.#scales[slot] = vector.scale;
    this.#idOfSlot[slot] = idNumber;
    this.#slotOfId[idNumber] = slot + 1;
  }

  /** Answers whether it was there. Its numbers are overwritten. */
  remove(id: string): boolean {
    const slot = this.#slot(id);
    if (slot === -1) return false;
    const last = --this.#size;
    const { stride, values } = this.#rows;
    this.#slotOfId[this.idNumber(slot)] = 0;
    if (slot !== last) {
      values.copyWithin(slot * stride, last * stride, (last + 1) * stride);
      this.#scales[slot] = this.#scales[last] ?? 0;
      this.#idOfSlot[slot] = this.idNumber(last);
      this.#slotOfId[this.idNumber(last)] = slot + 1;
    }
    values.fill(0, last * stride, (last + 1) * stride);
    return true;
  }

  /**
   * Writes each slot's cosine to `query`, which need not be normalised, into `into`.
   * @throws HearthlinkError `invalid-input` when the query has another dimension or is not finite
   */
  cosines(query: Float32Array, into: Float32Array): void {
    if (query.length !== this.dimension) {
      throw new HearthlinkError('invalid-input', { detail: `a query of ${query.length} for vectors of ${this.dimension} dimensions` });
    }
    const { values, scale } = quantiseQuery(query, this.#rows.stride);
    for (let from = 0; from < this.#size; from += maxProducts) {
      const count = Math.min(maxProducts, this.#size - from);
      const products = this.#rows.products(values, from, count);
      for (let i = 0; i < count; i++) into[from + i] = (products[i] ?? 0) * scale * (this.#scales[from + i] ?? 0);
    }
  }

  /** The `limit` nearest to `query`, nearest first. */
  search(query: Float32Array, limit: number): VectorHit[] {
    this.#cosines = grown(this.#cosines, this.#size, Float32Array);
    this.cosines(query, this.#cosines);
    const best = new TopK(limit);
    for (let slot = 0; slot < this.#size; slot++) {
      const cosine = this.#cosines[slot] ?? 0;
      if (cosine > best.threshold) best.offer(slot, cosine);
    }
    return best.take().map(({ number, score }) => ({ id: this.#ids.get(this.idNumber(number)), cosine: score }));
  }

  #cosines = new Float32Array(0);

  /** The vectors as bytes; nothing of a removed one is in them. */
  serialise(storeId: string): Uint8Array<ArrayBuffer> {
    const ids = StringTable.empty();
    for (let slot = 0; slot < this.#size; slot++) ids.internFrom(this.#ids, this.idNumber(slot));
    const about = jsonSection({ model: this.model, dimension: this.dimension });
    const rows = this.#rows.values.subarray(0, this.#size * this.#rows.stride);
    return packSections(identity(storeId), [about, ...ids.sections(), this.#scales.subarray(0, this.#size), rows]);
  }

  /**
   * The vectors that `serialise` gave.
   * @throws HearthlinkError `store-damaged` when the bytes were cut or changed, or are of another store or format
   */
  static load(bytes: Uint8Array, storeId: string, areChecked = false): VectorIndex {
    const reader = unpackSections(bytes, identity(storeId), areChecked);
    const { model, dimension } = aboutVectors.parse(reader.nextJson());
    // Copies: a view of these small parts would keep the whole file in memory, or be lost when the rows' memory grows.
    const ids = StringTable.fromSections(reader).copied();
    const scales = reader.next(Float32Array).slice();
    const index = new VectorIndex(model, dimension, createVectorRows(strideOf(dimension), reader.next(Int8Array)));
    index.#ids = ids;
    index.#scales = scales;
    index.#size = index.#ids.size;
    index.#idOfSlot = new Uint32Array(index.#size);
    index.#slotOfId = new Uint32Array(index.#size);
    for (let slot = 0; slot < index.#size; slot++) {
      index.#idOfSlot[slot] = slot;
      index.#slotOfId[slot] = slot + 1;
    }
    return index;
  }

  #slot(id: string): number {
    const number = this.#ids.find(id);
    return number === -1 ? -1 : (this.#slotOfId[number] ?? 0) - 1;
  }
}

function identity(storeId: string): SectionFileIdentity {
  return { magic: 'HLVX', formatVersion: 1, contentVersion: 0, storeId };
}

const aboutVectors = z.object({ model: z.string(), dimension: z.number() });
