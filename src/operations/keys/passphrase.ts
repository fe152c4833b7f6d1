import { scrypt } from 'node:crypto';
import * as z from 'zod';
import { HearthlinkError } from '../../shared/errors.ts';
import { keyBytes } from './wrapping.ts';

const isPowerOfTwo = (n: number) => (n & (n - 1)) === 0;
const mostMemory = 256 << 20;

/** Bytes that scrypt needs: 128 · N · r (RFC 7914). */
const memoryOf = ({ N, r }: { readonly N: number; readonly r: number }) => 128 * N * r;

/**
 * How much work it is to try one passphrase. Kept beside what it protects, so that it can be raised. A file may ask for
 * no less than 16 MB and no more than 256 MB, so that it can neither make guessing cheap nor take the machine down.
 */
export const scryptCost = z
  .object({ N: z.int().min(1 << 14).max(1 << 20).refine(isPowerOfTwo), r: z.int().min(8).max(32), p: z.int().min(1).max(4) })
  .refine((cost) => memoryOf(cost) <= mostMemory);

export type ScryptCost = z.infer<typeof scryptCost>;

/** 128 MB and about half a second: what OWASP's Password Storage Cheat Sheet recommends. */
export const usualCost: ScryptCost = { N: 1 << 17, r: 8, p: 1 };

export const saltBytes = 16;

/** The key that a passphrase stands for. Runs in Node's own threads. */
export function keyFromPassphrase(passphrase: string, salt: Uint8Array, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(normalised(passphrase), salt, keyBytes, { ...cost, maxmem: 2 * mostMemory }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Keyboards and systems write one letter in several ways; white space around it is not meant. */
export function normalised(passphrase: string): string {
  return passphrase.normalize('NFKC').trim();
}

/** How many guesses a passphrase would take: the logarithm of their number to the base 10. */
export type GuessesOf = (passphrase: string) => Promise<number>;

/** At 10,000 guesses a second, which takes some dozens of graphics cards, this is three years. */
export const fewestGuessesLog10 = 12;

/** `guessable`: refused. `good`: what it takes at least. `strong`: a thousand times as long. */
export type PassphraseStrength = 'guessable' | 'good' | 'strong';

export function strengthOf(guessesLog10: number): PassphraseStrength {
  if (guessesLog10 < fewestGuessesLog10) return 'guessable';
  return guessesLog10 < fewestGuessesLog10 + 3 ? 'good' : 'strong';
}

/** @throws passphrase-weak */
export async function requireStrong(passphrase: string, guessesOf: GuessesOf): Promise<void> {
  if (strengthOf(await guessesOf(normalised(passphrase))) === 'guessable') throw new HearthlinkError('passphrase-weak');
}
