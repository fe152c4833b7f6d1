/** A word as it stands in a text, and how it is compared. */
export interface Word {
  /** As written, apart from compatibility forms (NFKC). */
  readonly surface: string;
  /** NFKC, lower case; diacritics are still there, because stemmers read them. */
  readonly form: string;
  /** A pair or a single character of a script that does not separate words; these are neither stemmed nor folded. */
  readonly isCjk: boolean;
}

/**
 * Splits any text into words: runs of letters, marks and digits, so that `parse_config` and `a.ts` are found by their parts.
 * Chinese, Japanese and Korean runs become overlapping pairs, and Han characters also stand alone; Thai, Lao, Khmer and
 * Burmese runs are split by the dictionary of `Intl.Segmenter`. For all other scripts `Intl.Segmenter` would find the same
 * words at ten times the cost (1.6 s instead of 0.15 s for 100,000 texts of 300 characters), so it is not asked.
 */
export function splitWords(text: string): Word[] {
  if (isAscii(text)) return asciiWords(text).map((surface) => ({ surface, form: surface.toLowerCase(), isCjk: false }));
  return generalWords(text);
}

/** `splitWords(text)` for text that is ASCII alone: the forms, nothing else. */
export function asciiForms(text: string): readonly string[] {
  return asciiWords(text.toLowerCase());
}

/** A loop, because the regular expression for it takes ten times as long. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/**
 * Takes diacritics off Latin, Greek, Cyrillic, Hebrew and Arabic letters and spells ligatures out: "Müller" and "muller" become
 * one. Other scripts keep their marks, which are vowels there.
 */
export function fold(form: string): string {
  if (isAscii(form)) return form;
  return form
    .normalize('NFD')
    .replace(diacritics, '')
    .normalize('NFC')
    .replace(ligatures, (letter) => ligatureSpellings.get(letter) ?? letter);
}

/** Words longer than this (keys, base64) are cut: nobody types them, and each would be a term of its own. */
const maxWordLength = 64;

const asciiRun = /[A-Za-z0-9]+/g;
const run = /[\p{L}\p{M}\p{N}]+/gu;
/** "it's", "don't": what follows the apostrophe is grammar. */
const contractionTail = /(?<=\p{L})'(?:s|t|d|m|ll|re|ve)(?![\p{L}\p{M}\p{N}])/giu;
/** "l'école", "qu'il", "dell'arte": what stands before the apostrophe is grammar. */
const elidedHead = /(?<![\p{L}\p{M}\p{N}])(?:[ldjmtsnc]|(?:jus|lors|puis)?qu|un|d?all|dell|nell|sull|quest)'(?=\p{L})/giu;
const apostrophes = /[\u2018\u2019\u02bc\uff07]/gu;
const diacritics = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/gu;
const ligatures = /[ßæœøđłıςþð]/gu;
const ligatureSpellings = new Map(Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', ı: 'i', ς: 'σ', þ: 'th', ð: 'd' }));

const pairedScript = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]/u;
const segmentedScript = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const scriptRuns =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]+|[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{M}]+|[^\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/gu;
const han = /\p{sc=Han}/u;

const noWords: readonly string[] = [];

function asciiWords(text: string): readonly string[] {
  const words = withoutGrammar(text).match(asciiRun);
  if (words === null) return noWords;
  return text.length > maxWordLength ? words.map(cut) : words;
}

function generalWords(text: string): Word[] {
  const words: Word[] = [];
  const normal = withoutGrammar(text.normalize('NFKC').replace(apostrophes, "'"));
  for (const surface of normal.match(run) ?? noWords) {
    if (isAscii(surface) || !(pairedScript.test(surface) || segmentedScript.test(surface))) words.push(plainWord(surface));
    else for (const part of surface.match(scriptRuns) ?? noWords) pushScriptRun(words, part);
  }
  return words;
}

function pushScriptRun(words: Word[], part: string): void {
  if (pairedScript.test(part)) {
    for (const unit of pairs(part)) words.push({ surface: unit, form: unit, isCjk: true });
  } else if (segmentedScript.test(part)) {
    for (const { segment, isWordLike } of segmenter().segment(part)) if (isWordLike === true) words.push(plainWord(segment));
  } else {
    words.push(plainWord(part));
  }
}

function plainWord(surface: string): Word {
  return { surface, form: cut(surface.toLowerCase().normalize('NFKC')), isCjk: false };
}

/** "東京に" -> 東, 東京, 京, 京に: pairs for precision, single Han characters because many are words. */
function* pairs(part: string): Generator<string> {
  const characters = Array.from(part);
  if (characters.length === 1) yield part;
  else {
    for (const [i, character] of characters.entries()) {
      if (han.test(character)) yield character;
      const next = characters[i + 1];
      if (next !== undefined) yield character + next;
    }
  }
}

function withoutGrammar(text: string): string {
  return text.includes("'") ? text.replace(contractionTail, ' ').replace(elidedHead, ' ') : text;
}

function cut(word: string): string {
  return word.length > maxWordLength ? word.slice(0, maxWordLength) : word;
}

let sharedSegmenter: Intl.Segmenter | undefined;

function segmenter(): Intl.Segmenter {
  sharedSegmenter ??= new Intl.Segmenter('th', { granularity: 'word' });
  return sharedSegmenter;
}
