import { crc32 } from 'node:zlib';

/** What a backup says about itself is a hint at how much room it takes, and no more: beyond this, room grows with what arrives. */
const mostHinted = 1 << 30;
const leastRoom = 1 << 20;

/** A part of a backup while it arrives piece by piece: put together, and summed, as it does. */
export class ScratchPart {
  #room: Buffer;
  #length = 0;
  #checksum = 0;

  /** @param hint how many bytes it will be, as far as is known */
  constructor(hint = 0) {
    this.#room = Buffer.allocUnsafeSlow(hint <= mostHinted ? hint : leastRoom);
  }

  put(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#room.length, leastRoom));
      this.#room.copy(larger, 0, 0, this.#length);
      this.#room = larger;
    }
    this.#room.set(piece, this.#length);
    this.#length = length;
    this.#checksum = crc32(piece, this.#checksum);
  }

  /** What has arrived, not copied. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  /** CRC-32 of what has arrived. */
  get checksum(): number {
    return this.#checksum;
  }
}
