/** Writes the GGUF format, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */

export type GgufValue =
  | { readonly type: 'u32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'f32s' | 'i32s'; readonly value: readonly number[] };

export interface GgufTensor {
  readonly name: string;
  /** Innermost first. */
  readonly dimensions: readonly number[];
  readonly data: Float32Array;
  /** Halves take half the room; what normalises is kept whole. */
  readonly precision: 'half' | 'single';
}

const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const tensorTypes = { single: 0, half: 1 } as const;
const alignment = 32;

export function ggufFile(metadata: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Buffer {
  const file = new ByteList();
  file.bytes(Buffer.from('GGUF')).u32(3).u64(tensors.length).u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) writeValue(file.string(key), value);
  const contents = tensors.map(tensorBytes);
  let offset = 0;
  for (const [index, tensor] of tensors.entries()) {
    file.string(tensor.name).u32(tensor.dimensions.length);
    for (const dimension of tensor.dimensions) file.u64(dimension);
    file.u32(tensorTypes[tensor.precision]).u64(offset);
    offset += Math.ceil((contents[index]?.length ?? 0) / alignment) * alignment;
  }
  file.pad();
  for (const content of contents) file.bytes(content).pad();
  return file.whole();
}

function writeValue(file: ByteList, { type, value }: GgufValue): void {
  switch (type) {
    case 'u32':
      file.u32(valueTypes.u32).u32(value);
      break;
    case 'f32':
      file.u32(valueTypes.f32).f32(value);
      break;
    case 'bool':
      file.u32(valueTypes.bool).bytes(Buffer.of(value ? 1 : 0));
      break;
    case 'string':
      file.u32(valueTypes.string).string(value);
      break;
    case 'strings':
      file.u32(valueTypes.array).u32(valueTypes.string).u64(value.length);
      for (const item of value) file.string(item);
      break;
    case 'f32s':
      file.u32(valueTypes.array).u32(valueTypes.f32).u64(value.length);
      for (const item of value) file.f32(item);
      break;
    case 'i32s':
      file.u32(valueTypes.array).u32(valueTypes.i32).u64(value.length);
      for (const item of value) file.u32(item);
  }
}

function tensorBytes({ data, precision }: GgufTensor): Buffer {
  if (precision === 'single') return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const halves = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) halves[i] = toHalf(data[i] ?? 0);
  return Buffer.from(halves.buffer);
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** The nearest IEEE 754 half; ties go to the even one. */
function toHalf(value: number): number {
  float[0] = value;
  const bits = floatBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const mantissa = bits & 0x7fffff;
  if (exponent < -10) return sign;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent > 0) return sign | rounded((exponent << 23) | mantissa, 13);
  return sign | rounded(mantissa | 0x800000, 14 - exponent);
}

function rounded(value: number, droppedBits: number): number {
  const kept = value >>> droppedBits;
  const dropped = value & ((1 << droppedBits) - 1);
  const half = 1 << (droppedBits - 1);
  return kept + (dropped > half || (dropped === half && (kept & 1) === 1) ? 1 : 0);
}

class ByteList {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  bytes(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }

  u32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value >>> 0);
    return this.bytes(part);
  }

  u64(value: number): this {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt(value));
    return this.bytes(part);
  }

  f32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeFloatLE(value);
    return this.bytes(part);
  }

  string(value: string): this {
    const part = Buffer.from(value, 'utf8');
    return this.u64(part.length).bytes(part);
  }

  pad(): this {
    return this.bytes(Buffer.alloc((alignment - (this.#length % alignment)) % alignment));
  }

  whole(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
