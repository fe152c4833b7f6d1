import { createHash, hkdfSync } from 'node:crypto';
import type { RandomSource } from '../../shared/ports.ts';
import { keyBytes } from './wrapping.ts';

/**
 * A key for people: 160 random bits and a checksum of 20, as 36 characters in nine groups of four, such as
 * `7K3M-Q0RT-…`. The characters are Crockford's base 32, without I, L, O and U; where one of these is typed, what it looks
 * like is meant.
 */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const randomBytes = 20;
const bodyCharacters = 32;
const checkCharacters = 4;
const groupCharacters = 4;
const purpose = 'hearthlink recovery key 1';

export function makeRecoveryKey(random: RandomSource): string {
  const bytes = random.bytes(randomBytes);
  const characters = encode(bytes) + checksumOf(bytes);
  return (characters.match(new RegExp(`.{${groupCharacters}}`, 'g')) ?? []).join('-');
}

/** The random bits of a key as somebody typed it; null where its checksum says that it is mistyped, or none at all. */
export function readRecoveryKey(typed: string): Buffer | null {
  const characters = typed.toUpperCase().replaceAll(/[\s\p{Pd}]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (characters.length !== bodyCharacters + checkCharacters) return null;
  const bytes = decode(characters.slice(0, bodyCharacters));
  return bytes !== null && checksumOf(bytes) === characters.slice(bodyCharacters) ? bytes : null;
}

/** The key that encrypts. It is as random as the recovery key, so nothing has to make guessing slow. */
export function keyFromRecoveryKey(bytes: Uint8Array, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, salt, purpose, keyBytes));
}

function checksumOf(bytes: Uint8Array): string {
  return encode(createHash('sha256').update(bytes).digest()).slice(0, checkCharacters);
}

/** Five bits to a character, the highest first; bits left over at the end are dropped. */
function encode(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet.charAt((held >>> (bits - 5)) & 31);
  }
  return text;
}

function decode(characters: string): Buffer | null {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const character of characters) {
    const value = alphabet.indexOf(character);
    if (value === -1) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 0xff);
  }
  return Buffer.from(bytes);
}
