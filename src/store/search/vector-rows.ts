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

export function createVectorRows(stride: number): VectorRows {
  return compiledKernel() !== null ? new SimdRows(stride) : new ScriptRows(stride);
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

function isMemory(exported: unknown): exported is WebAssembly.Memory {
  return exported instanceof WebAssembly.Memory;
}

const pageBytes = 65_536;

/** Memory: products, then the query, then the rows. WebAssembly memory grows in place, without a copy. */
export class SimdRows implements VectorRows {
  readonly stride: number;
  readonly #memory: WebAssembly.Memory;
  readonly #dotRows: DotRows;
  readonly #queryStart = maxProducts * 4;
  readonly #rowsStart: number;
  #values: Int8Array;

  constructor(stride: number) {
    const module = compiledKernel();
    if (module === null) throw new Error('this WebAssembly has no SIMD');
    const { memory, dotRows } = new WebAssembly.Instance(module).exports;
    if (!isMemory(memory) || !isDotRows(dotRows)) throw new Error('not the vector kernel');
    this.stride = stride;
    this.#memory = memory;
    this.#dotRows = dotRows;
    this.#rowsStart = Math.ceil((this.#queryStart + stride * 2) / pageBytes) * pageBytes;
    this.#values = this.#view();
    this.reserve(0);
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
    new Int16Array(this.#memory.buffer, this.#queryStart, this.stride).set(query);
    this.#dotRows(this.#rowsStart + from * this.stride, this.#queryStart, 0, count, this.stride);
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

  constructor(stride: number) {
    this.stride = stride;
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
