import type { RandomSource } from '../shared/ports.ts';

const poolBytes = 4096;

/** The system's random bytes, asked for in larger pieces: a question of its own costs as much as the rest of a small record. */
export function pooledRandom(): RandomSource {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  return {
    bytes(length) {
      if (length > poolBytes) return crypto.getRandomValues(new Uint8Array(length));
      if (used + length > poolBytes) {
        crypto.getRandomValues(pool);
        used = 0;
      }
      used += length;
      return pool.slice(used - length, used);
    },
  };
}
