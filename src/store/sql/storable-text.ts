/**
 * A text as it can be stored and read back on every replica: U+FFFD takes the place of lone surrogates, which UTF-8 does not
 * have, and of NUL, at which sql.js stops reading.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
