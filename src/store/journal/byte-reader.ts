/** Reads back what `ByteWriter` wrote. Throws a RangeError when the bytes end too early. */
export class ByteReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#offset >= this.#buffer.length;
  }

  uint8(): number {
    return this.#buffer.readUInt8(this.#offset++);
  }

  count(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.uint8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  int32(): number {
    const value = this.#buffer.readInt32LE(this.#offset);
    this.#offset += 4;
    return value;
  }

  float64(): number {
    const value = this.#buffer.readDoubleLE(this.#offset);
    this.#offset += 8;
    return value;
  }

  flag(): boolean {
    return this.uint8() !== 0;
  }

  text(): string {
    const start = this.#take(this.count());
    return this.#buffer.toString('utf8', start, this.#offset);
  }

  optionalText(): string | null {
    return this.flag() ? this.text() : null;
  }

  /** A view into the bytes that are read, not a copy. */
  blob(): Buffer {
    const start = this.#take(this.count());
    return this.#buffer.subarray(start, this.#offset);
  }

  list<T>(read: () => T): T[] {
    const length = this.count();
    const values: T[] = [];
    for (let i = 0; i < length; i++) values.push(read());
    return values;
  }

  #take(length: number): number {
    const start = this.#offset;
    if (start + length > this.#buffer.length) throw new RangeError('The bytes end before the value does.');
    this.#offset = start + length;
    return start;
  }
}
