import { createHmac } from 'node:crypto';

const combiningMarks = /[\u0300-\u036f]/g;
const notWords = /[^\p{L}\p{M}\p{N}]+/gu;

/**
 * A text without what does not change its meaning: case, accents, width, punctuation, spacing. Two texts with the same
 * normal form say the same thing. A text without any letter or digit is its own.
 */
export function normalForm(text: string): string {
  const folded = text.normalize('NFKD').replace(combiningMarks, '').toLowerCase().normalize('NFKC');
  const words = folded.replace(notWords, ' ').trim();
  return words === '' ? folded.trim() : words;
}

/** 128 bits are enough that no two normal forms of a lifetime meet. */
const fingerprintBytes = 16;

/** A keyed hash of the normal form: it tells whether a text is known, and without the key nothing about an unknown one. */
export function fingerprintOf(text: string, key: Uint8Array): string {
  const digest = createHmac('sha256', key).update(normalForm(text)).digest();
  return digest.subarray(0, fingerprintBytes).toString('base64url');
}

/** The words of the normal form; in scripts without spaces as the language's own rules find them. */
export function wordSet(text: string): ReadonlySet<string> {
  const form = normalForm(text);
  if (!unspacedScript.test(form)) return new Set(form.split(' '));
  const words = [...segmenter.segment(form)].filter((segment) => segment.isWordLike === true);
  return new Set(words.map((segment) => segment.segment));
}

/** Where it is not needed, segmenting is a hundred times slower than splitting. */
const unspacedScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Jaccard index: the share of all their words that two sets have in common, 0 to 1. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common / (a.size + b.size - common);
}

/**
 * Whether two texts have four fifths of their words in common, and so say the same. Of `a + b` words that is `common` of
 * `a + b - common`, or nine times `common` of four times `a + b`. Texts that differ, which most do, are done with early.
 */
export function areNearDuplicates(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const needed = Math.ceil((4 * (a.size + b.size)) / 9);
  let missesLeft = a.size - needed;
  if (missesLeft < 0 || b.size < needed) return false;
  for (const word of a) {
    if (!b.has(word) && --missesLeft < 0) return false;
  }
  return a.size > 0;
}
