/** UTF-16 offsets in the text that was searched. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Every place where `quote` stands in `text` word for word. Only how it is written may differ, as models copy it: white space,
 * kinds of quotation marks and dashes, capitals, and marks around the whole.
 */
export function findQuotes(text: string, quote: string): readonly Span[] {
  const haystack = normalise(text);
  const needle = normalise(trimmed(quote)).text;
  const spans: Span[] = [];
  if (needle === '') return spans;
  for (let at = haystack.text.indexOf(needle); at >= 0; at = haystack.text.indexOf(needle, at + 1)) {
    const start = haystack.starts[at];
    const end = haystack.ends[at + needle.length - 1];
    if (start !== undefined && end !== undefined && isWholeWords(text, start, end)) spans.push({ start, end });
  }
  return spans;
}

/** Scripts that put no spaces between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const inWord = /[\p{L}\p{N}]/u;

function isWholeWords(text: string, start: number, end: number): boolean {
  return !isInsideWord(text, start) && !isInsideWord(text, end);
}

/** True where a word is cut in two at `offset`. */
function isInsideWord(text: string, offset: number): boolean {
  const before = Array.from(text.slice(Math.max(0, offset - 2), offset)).at(-1) ?? '';
  const [after = ''] = Array.from(text.slice(offset, offset + 2));
  return inWord.test(before) && inWord.test(after) && !unspaced.test(before) && !unspaced.test(after);
}

interface Normalised {
  readonly text: string;
  /** For each character of `text`: where what it stands for begins and ends in the original. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

function normalise(original: string): Normalised {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  let offset = 0;
  for (const character of original) {
    const end = offset + character.length;
    const written = plain(character);
    if (written === ' ' && text.endsWith(' ')) ends[ends.length - 1] = end;
    else {
      for (let unit = 0; unit < written.length; unit++) {
        starts.push(offset);
        ends.push(end);
      }
      text += written;
    }
    offset = end;
  }
  return { text, starts, ends };
}

function plain(character: string): string {
  if (/[\s\u00a0]/u.test(character)) return ' ';
  if (/[‘’‚‛′`´]/u.test(character)) return "'";
  if (/[“”„‟«»″]/u.test(character)) return '"';
  if (/[‐‑‒–—−]/u.test(character)) return '-';
  if (character === '…') return '...';
  return character.toLowerCase();
}

/** Without marks around it, a last full stop, or dots for what was left out. */
function trimmed(quote: string): string {
  return quote.replace(/^[\s"'“”„«»‘’]*(?:\.{3}|…)?\s*/u, '').replace(/\s*(?:\.{1,3}|…)?[\s"'“”„«»‘’]*$/u, '');
}
