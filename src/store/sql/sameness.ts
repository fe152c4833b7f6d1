import { createHmac } from 'node:crypto';

import { isNegation, negates } from '../../shared/negation.ts';

const combiningMarks = /[\u0300-\u036f]/g;
/** `+` and `#` are punctuation, but not in the names of C++ and C#. */
const notWords = /(?:[^\p{L}\p{M}\p{N}+#]|(?<![\p{L}\p{N}][+#]?)[+#])+/gu;

/**
 * A text without what does not change its meaning: case, accents, width, punctuation, spacing. Two texts with the same
 * normal form say the same thing. A text without any letter or digit is its own.
 */
export function normalForm(text: string): string {
  const folded = text.normalize('NFKD').replace(combiningMarks, '').toLowerCase().normalize('NFKC');
  const words = folded.replace(notWords, ' ').trim();
  return words === '' ? folded.trim() : words;
}

/** A text without its capitals, needless spaces and last full stop: what two have in common that are the same in every word and sign. */
export function plainForm(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim().replace(/\s*[.。]+$/u, '');
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

/**
 * Whether two texts that share most of their words still say different things: where they differ stands a number, a name, or a
 * word like "not". What begins a sentence has a capital anyway and counts as no name.
 */
export function tellApart(a: string, b: string): boolean {
  if (negates(a) !== negates(b)) return true;
  const [inA, inB] = [wordSet(a), wordSet(b)];
  const names = new Set([...namesIn(a), ...namesIn(b)]);
  const differing = [...[...inA].filter((word) => !inB.has(word)), ...[...inB].filter((word) => !inA.has(word))];
  return differing.some((word) => /[\p{N}+#]/u.test(word) || isNegation(word) || names.has(word));
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/(?<![.!?:]\s*|^\s*)(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}\p{N}]*/gu)].map(([word]) => normalForm(word));
}
