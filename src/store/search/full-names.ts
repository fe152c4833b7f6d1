/** A word in its place in a text. */
export interface PlacedWord {
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
  /** A word that could be part of a name: no stop word, no day. */
  readonly canName: boolean;
}

/** More capitals in a row are a heading. */
const mostWords = 3;

/**
 * Names of two or three words, such as "Ada Lovelace" or "Lake Como": words with capitals, a single space between them. By the places
 * of their first and last word; a longer row of capitals is none.
 */
export function findFullNames(text: string, words: readonly PlacedWord[]): { readonly first: number; readonly last: number }[] {
  const names: { first: number; last: number }[] = [];
  let first = 0;
  for (let next = 1; next <= words.length; next++) {
    const [word, before] = [words[next], words[next - 1]];
    if (before !== undefined && word !== undefined && isNamePart(before) && isNamePart(word) && isBeside(text, before, word)) continue;
    const length = next - first;
    if (length > 1 && length <= mostWords) names.push({ first, last: next - 1 });
    first = next;
  }
  return names;
}

function isNamePart({ text, canName }: PlacedWord): boolean {
  return canName && /^\p{Lu}/u.test(text);
}

function isBeside(text: string, word: PlacedWord, next: PlacedWord): boolean {
  const end = word.at + word.text.length;
  return next.at === end + 1 && text[end] === ' ';
}

/** The share of its texts in which a word must stand in a full name to be a part of that name and of nothing else. */
const partShare = 0.6;

/**
 * Which full names are names, and which single words are only parts of one. A full name is one where most texts that have its rarest
 * word have all of it: otherwise two names stood side by side.
 *
 * @param textsOf in which texts a key stands; that of a full name is those of its words, with spaces
 */
export function settleFullNames(textsOf: ReadonlyMap<string, { readonly texts: ReadonlySet<number> }>): { readonly chance: string[]; readonly parts: string[] } {
  const count = (key: string): number => textsOf.get(key)?.texts.size ?? 0;
  const full = [...textsOf.keys()].filter((key) => key.includes(' '));
  const isName = (key: string): boolean => count(key) >= partShare * Math.min(...key.split(' ').map(count));
  const names = full.filter((key) => count(key) > 1 && isName(key));
  const parts = names.flatMap((key) => key.split(' ').filter((part) => count(key) >= partShare * count(part)));
  return { chance: full.filter((key) => !names.includes(key)), parts };
}
