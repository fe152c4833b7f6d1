/**
 * A text as it can be stored and read back on every replica: U+FFFD takes the place of lone surrogates, which UTF-8 does not
 * have, and of NUL, at which sql.js stops reading.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/**
 * Texts longer than this are bound as UTF-8 bytes and cast back: sql.js copies a long string into its memory several times
 * slower than the same bytes (nine times at 38 KB), and below this there is nothing to gain.
 */
const longText = 128;

export function isLongText(text: string): boolean {
  return text.length > longText;
}

export function utf8Bytes(text: string): Uint8Array {
  return utf8.encode(text);
}

const utf8 = new TextEncoder();
