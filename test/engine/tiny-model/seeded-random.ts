import { createHash } from 'node:crypto';

export type Random = () => number;

/** Numbers from 0 to below 1, the same for the same seed on every machine (xorshift128, Marsaglia 2003, seeded by SHA-256). */
export function seededRandom(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12) | 1;
  return () => {
    const mixed = d ^ (d << 11);
    d = c;
    c = b;
    b = a;
    a = (mixed ^ (mixed >>> 8) ^ a ^ (a >>> 19)) >>> 0;
    return a / 2 ** 32;
  };
}

/** One normally distributed number (Box and Muller). */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A vector of length 1 in a direction that depends on the seed alone. */
export function unitVector(seed: string, dimensions: number): Float32Array {
  const vector = scattered(seededRandom(seed), dimensions, 1);
  const length = Math.hypot(...vector);
  return vector.map((component) => component / length);
}

/** Normally distributed numbers around 0. */
export function scattered(random: Random, count: number, deviation: number): Float32Array {
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = deviation * gaussian(random);
  return numbers;
}
