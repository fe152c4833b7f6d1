import type { Clock, IdSource, RandomSource } from './ports.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeCharacters = 10;
const randomBytes = 10;

/**
 * Ids of 26 characters: 10 of time (base 32, milliseconds), 16 of randomness (80 bits).
 * They sort by time as text; two of one millisecond are made to sort in the order they were asked for.
 */
export function createIdSource(clock: Clock, random: RandomSource): IdSource {
  let lastTime = -1;
  let lastRandom = new Uint8Array(randomBytes);
  return {
    next() {
      const time = Math.max(clock.now(), lastTime);
      lastRandom = time === lastTime ? incremented(lastRandom) : Uint8Array.from(random.bytes(randomBytes));
      lastTime = time;
      return encodeTime(time) + encodeBytes(lastRandom);
    },
  };
}

/**
 * The id of something that came from elsewhere: the same for the same time and bytes, so that bringing it in again finds it.
 * @param time in milliseconds since 1970
 * @param digest at least 10 bytes of a hash of what it is called there
 */
export function derivedId(time: number, digest: Uint8Array): string {
  return encodeTime(Math.max(0, Math.floor(time))) + encodeBytes(digest.subarray(0, randomBytes));
}

function encodeTime(time: number): string {
  let rest = time;
  let text = '';
  for (let i = 0; i < timeCharacters; i++) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function encodeBytes(bytes: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((held >>> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return text;
}

function incremented(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const next = bytes.slice();
  for (let i = next.length - 1; i >= 0; i--) {
    const value = ((next[i] ?? 0) + 1) & 0xff;
    next[i] = value;
    if (value !== 0) break;
  }
  return next;
}
