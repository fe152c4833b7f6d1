import { literally } from './text-matching.ts';

/** What stands where words were forgotten. */
export const blank = '[…]';

/** Words to be blanked, and how to find them. */
export interface Span {
  /** Any case, any white space between the words. */
  readonly pattern: RegExp;
  /** Its longest part that JSON writes as it is: a text or a JSON without it cannot hold the span. */
  readonly probe: string;
  /** Whether its standing somewhere else means the same, or is chance, like "thanks". */
  readonly isTelling: boolean;
}

/** A span so long is found inside longer words too ("Ottilie" in "Ottilies"); a shorter one as whole words only. */
const wholeWordsBelow = 6;
const longestProbe = 64;
const escapedInJson = /["\\\p{Cc}]/u;
/** One short word says too little to be looked for beyond its source. */
const tellingWordLength = 4;
const tellingTurnWords = 4;
const tellingTurnLength = 24;

/** What a fact says or quotes. Null when there is nothing to find. */
export function factSpan(text: string): Span | null {
  return spanOf(text, (words) => words.length > 1 || (words[0] ?? '').length >= tellingWordLength || isUnspaced(text));
}

/** The whole text of a turn: talk repeats itself, so only what is long enough to be no commonplace is looked for elsewhere. */
export function turnSpan(text: string): Span | null {
  return spanOf(text, (words) => words.length >= tellingTurnWords || text.trim().length >= tellingTurnLength);
}

/** `text` with every place of the spans blanked. */
export function blanked(text: string, spans: readonly Span[]): string {
  return spans.reduce((rest, span) => rest.replace(span.pattern, blank), text);
}

function spanOf(text: string, isTelling: (words: readonly string[]) => boolean): Span | null {
  const trimmed = text.trim();
  const words = trimmed.split(/\s+/u).filter((word) => word !== '');
  // What was blanked before must not be blanked again, wherever it stands.
  if (words.length === 0 || trimmed === blank) return null;
  const body = words.map((word) => literally(word)).join('\\s+');
  return {
    pattern: new RegExp(startOfWord(trimmed) + body + endOfWord(trimmed), 'giu'),
    probe: longest(words.flatMap((word) => word.split(escapedInJson))).slice(0, longestProbe),
    isTelling: isTelling(words),
  };
}

/** Scripts written without spaces, where the next letter may be another word. */
const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const startsUnspaced = new RegExp(`^[${unspaced}]`, 'u');
const endsUnspaced = new RegExp(`[${unspaced}]$`, 'u');

function isUnspaced(text: string): boolean {
  return startsUnspaced.test(text);
}

function startOfWord(text: string): string {
  return text.length < wholeWordsBelow && /^[\p{L}\p{N}]/u.test(text) && !startsUnspaced.test(text) ? '(?<![\\p{L}\\p{N}])' : '';
}

function endOfWord(text: string): string {
  return text.length < wholeWordsBelow && /[\p{L}\p{N}]$/u.test(text) && !endsUnspaced.test(text) ? '(?![\\p{L}\\p{N}])' : '';
}

function longest(words: readonly string[]): string {
  return words.reduce((a, b) => (b.length > a.length ? b : a));
}
