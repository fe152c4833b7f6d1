import { grown } from './typed-arrays.ts';
import { vectorKernelBase64 } from './vector-kernel.generated.ts';

/**
 * Rows of int8 of one width and their scalar products with a query: the part of the vector index that must be fast. Two
 * implementations with equal results: `SimdRows` where WebAssembly has SIMD (every VS Code since 2021), `ScriptRows` elsewhere.
 */
export interface VectorRows {
  readonly stride: number;
  /** Makes room; `values` may be another array afterwards. */
  reserve(rows: number): void;
  /** Row n at `n * stride`. */
  readonly values: Int8Array;
  /**
   * The products of `count` rows (at most `maxProducts`) from row `from` on with `query`, which is `stride` long. Valid until
   * the next call.
   */
  products(query: Int16Array, from: number, count: number): Int32Array;
}

/** Products are made in portions that stay in the processor's cache until they are read. */
export const maxProducts = 4096;

/** Rows are padded with zeros to a multiple of this, which the kernel takes in one step. */
const lane = 32;

export function strideOf(dimension: number): number {
  return Math.ceil(dimension / lane) * lane;
}

/** @param values rows to begin with; used where they are, if they lie in room that `roomForVectors` gave, and else copied */
export function createVectorRows(stride: number, values = new Int8Array(0)): VectorRows {
  return compiledKernel() !== null ? new SimdRows(stride, values) : new ScriptRows(stride, values);
}

/** Memories that were given as room for files, by their buffers. */
const rooms = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** Room to read a file of vectors into, in the memory in which its rows are then searched. */
export function roomForVectors(bytes: number): Buffer {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((scratchBytes + bytes) / pageBytes) });
  rooms.set(memory.buffer, memory);
  return Buffer.from(memory.buffer, scratchBytes, bytes);
}

let kernel: WebAssembly.Module | null | undefined;

function compiledKernel(): WebAssembly.Module | null {
  if (kernel === undefined) {
    const bytes = Buffer.from(vectorKernelBase64, 'base64');
    kernel = WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  }
  return kernel;
}

type DotRows = (row: number, query: number, out: number, count: number, stride: number) => void;

function isDotRows(exported: unknown): exported is DotRows {
  return typeof exported === 'function';
}

const pageBytes = 65_536;

/** What stands at the start of a memory: products, then the query, for dimensions up to 24,576. */
const scratchBytes = pageBytes;
const queryStart = maxProducts * 4;

/** Memory: products, the query, perhaps the start of a file, and the rows at the end. It grows in place, without a copy. */
export class SimdRows implements VectorRows {
  readonly stride: number;
  readonly #memory: WebAssembly.Memory;
  readonly #dotRows: DotRows;
  readonly #rowsStart: number;
  #values: Int8Array;

  constructor(stride: number, values = new Int8Array(0)) {
    const module = compiledKernel();
    if (module === null) throw new Error('this WebAssembly has no SIMD');
    const room = rooms.get(values.buffer);
    this.stride = stride;
    this.#memory = room ?? new WebAssembly.Memory({ initial: 1 });
    this.#rowsStart = room === undefined ? scratchBytes : values.byteOffset;
    const { dotRows } = new WebAssembly.Instance(module, { store: { memory: this.#memory } }).exports;
    if (!isDotRows(dotRows)) throw new Error('not the vector kernel');
    this.#dotRows = dotRows;
    this.#values = this.#view();
    if (room !== undefined) return;
    this.reserve(values.length / stride);
    this.#values.set(values);
  }

  get values(): Int8Array {
    return this.#values;
  }

  reserve(rows: number): void {
    const missing = this.#rowsStart + rows * this.stride - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
    this.#values = this.#view();
  }

  products(query: Int16Array, from: number, count: number): Int32Array {
    new Int16Array(this.#memory.buffer, queryStart, this.stride).set(query);
    this.#dotRows(this.#rowsStart + from * this.stride, queryStart, 0, count, this.stride);
    return new Int32Array(this.#memory.buffer, 0, count);
  }

  #view(): Int8Array {
    const { buffer } = this.#memory;
    return buffer.byteLength > this.#rowsStart ? new Int8Array(buffer, this.#rowsStart) : new Int8Array(0);
  }
}

export class ScriptRows implements VectorRows {
  readonly stride: number;
  readonly #products = new Int32Array(maxProducts);
  values = new Int8Array(0);

  constructor(stride: number, values = new Int8Array(0)) {
    this.stride = stride;
    this.values = values.slice();
  }

  reserve(rows: number): void {
    this.values = grown(this.values, rows * this.stride, Int8Array);
  }

  products(query: Int16Array, from: number, count: number): Int32Array {
    const { stride, values } = this;
    for (let i = 0; i < count; i++) {
      const start = (from + i) * stride;
      let sum = 0;
      for (let k = 0; k < stride; k++) sum += (values[start + k] ?? 0) * (query[k] ?? 0);
      this.#products[i] = sum;
    }
    return this.#products.subarray(0, count);
  }
}
