import { seededRandom } from '../../store/support/window.ts';

export interface Flip {
  readonly at: number;
  readonly bit: number;
}

/** Places of single bits in a file of `length` bytes, the same in every run for the same `seed`; the first and the last byte are among them. */
export function seededFlips(length: number, count: number, seed: string): Flip[] {
  const number = numbers(seed);
  return Array.from({ length: count }, (_, i) => {
    const at = i === 0 ? 0 : i === 1 ? length - 1 : number() % length;
    return { at, bit: number() % 8 };
  });
}

/** Lengths that a file of `length` bytes may be cut to, nothing and all but the last byte among them. */
export function tornLengths(length: number, count: number, seed: string): number[] {
  const number = numbers(seed);
  return Array.from({ length: count }, (_, i) => (i === 0 ? 0 : i === 1 ? length - 1 : number() % length));
}

function numbers(seed: string): () => number {
  const random = seededRandom(Buffer.from(seed).reduce((sum, byte) => sum * 31 + byte, 7));
  return () => Buffer.from(random.bytes(6)).readUIntLE(0, 6);
}
