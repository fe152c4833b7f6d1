import { html, type TemplateResult } from 'lit';

/** A text with what matched a search marked: words that are one of these, or have their stem. */
export function matchedText(text: string, words: readonly string[]): TemplateResult {
  if (words.length === 0) return html`${text}`;
  return html`${matchedParts(text, words).map((part) => (part.isMatch ? html`<mark>${part.text}</mark>` : part.text))}`;
}

export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

/** All of the text, in order, in parts that match and parts that do not. */
export function matchedParts(text: string, words: readonly string[]): TextPart[] {
  const wanted = words.map(folded);
  const parts: TextPart[] = [];
  let done = 0;
  const add = (end: number, isMatch: boolean): void => {
    if (end > done) parts.push({ text: text.slice(done, end), isMatch });
    done = end;
  };
  for (const match of text.matchAll(wordPattern)) {
    const word = match[0];
    const length = wanted.map((other) => sharedLength(folded(word), other)).reduce((longest, one) => Math.max(longest, one), 0);
    if (length === 0) continue;
    add(match.index, false);
    add(match.index + Math.min(word.length, length), true);
  }
  add(text.length, false);
  return parts;
}

function folded(word: string): string {
  return word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

const shortestStem = 3;
/** The endings of European languages that a stemmer takes off are hardly ever longer. */
const longestEnding = 4;

/** How many letters two words have in common from their beginning, where that is enough to be one stem; else 0. */
function sharedLength(a: string, b: string): number {
  if (a === b) return a.length;
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  const isStem = length >= shortestStem && a.length - length <= longestEnding && b.length - length <= longestEnding && length > Math.max(a.length, b.length) / 2;
  return isStem ? length : 0;
}
