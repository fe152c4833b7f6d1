import { monthWord } from './date-words.ts';
import { detectLanguage } from './language-detection.ts';
import { stems } from './stemming.ts';
import { isCjkStopUnit, isStopWord, type Language } from './stop-words.ts';
import { asciiForms, fold, isAscii, splitWords } from './words.ts';

/** Turns text into the terms of an index. Documents and questions must go through one and the same. */
export interface Analyzer {
  /** Raised when equal text may give other terms than before; an index made with another version is made again. */
  readonly version: number;
  /** The terms of a document in the order of its words, repeated as often as they stand there. */
  documentTerms(text: string): DocumentTerms;
  /**
   * The words of a question, each once.
   * @param languages those of the documents in the index
   */
  queryWords(text: string, languages: ReadonlySet<Language>): readonly QueryWord[];
}

export interface DocumentTerms {
  readonly terms: readonly string[];
  /** How many words they come from: the document's length for the score. */
  readonly length: number;
  readonly language: Language | null;
}

export interface QueryWord {
  /** As the user wrote it. */
  readonly text: string;
  /** Terms that count as this one word; never empty. */
  readonly terms: readonly string[];
}

/**
 * The product's analyzer: words in any language, without case and diacritics, stemmed, function words left out. A document is
 * stemmed in its own language; a word of a question in that of the question and of every document in the index, because one
 * may ask in one language for what was said in another, and because the language of a short text is a guess.
 */
export const languageAnalyzer: Analyzer = {
  version: 1,

  documentTerms(text) {
    const ascii = isAscii(text);
    const words = ascii ? null : splitWords(text);
    const forms = words === null ? asciiForms(text) : words.filter((word) => !word.isCjk).map((word) => word.form);
    const language = languageOf(forms, !ascii);
    const terms: string[] = [];
    let length = 0;
    const add = (found: readonly string[]): void => {
      if (found.length > 0) length++;
      for (const term of found) terms.push(term);
    };
    if (words === null) for (const form of forms) add(termsOfForm(form, language));
    else for (const word of words) add(word.isCjk ? termsOfCjkUnit(word.form) : termsOfForm(word.form, language));
    return { terms, length, language };
  },

  queryWords(text, languages) {
    const words = splitWords(text);
    const spoken = languageOf(
      words.filter((word) => !word.isCjk).map((word) => word.form),
      !isAscii(text),
    );
    const all = new Set(spoken === null ? languages : [spoken, ...languages]);
    const found = new Map<string, QueryWord>();
    for (const word of words) {
      const terms = word.isCjk ? termsOfCjkUnit(word.form) : termsOfQueryForm(word.form, spoken, all);
      const key = terms.join(' ');
      if (terms.length > 0 && !found.has(key)) found.set(key, { text: word.surface, terms });
    }
    return [...found.values()];
  },
};

/**
 * Has what the first question in English needs made now: its stemmer, the names of its months, the segmenter of words. That
 * takes longer than a search, and a thread may have time for it while it waits for a disk. Other languages' are made when asked for.
 */
export function prepareQuestions(): void {
  languageAnalyzer.queryWords('what did we say of the words in May', new Set<Language>(['english']));
}

/**
 * Words in lower case without diacritics and nothing else, as SQLite's `unicode61` tokenizer has them: for comparing the index
 * with FTS5.
 */
export const plainAnalyzer: Analyzer = {
  version: 1001,

  documentTerms(text) {
    const terms = plainTerms(text);
    return { terms, length: terms.length, language: null };
  },

  queryWords(text) {
    return [...new Set(plainTerms(text))].map((term) => ({ text: term, terms: [term] }));
  },
};

function plainTerms(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}\p{Co}\u0300-\u036f]+/gu) ?? [];
  return isAscii(text) ? words : words.map((word) => word.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC'));
}

const noTerms: readonly string[] = [];

function languageOf(forms: readonly string[], hasLetters: boolean): Language | null {
  if (forms.length === 0) return null;
  return hasLetters ? detectLanguage(forms.map(fold), forms.join(' ')) : detectLanguage(forms, '');
}

function termsOfCjkUnit(unit: string): readonly string[] {
  return isCjkStopUnit(unit) ? noTerms : [unit];
}

function termsOfQueryForm(form: string, spoken: Language | null, all: ReadonlySet<Language>): readonly string[] {
  const folded = fold(form);
  if (spoken !== null && isStopWord(folded, spoken)) return noTerms;
  const terms = new Set<string>();
  for (const language of all) for (const term of stemsOfForm(form, folded, language)) terms.add(term);
  if (spoken === null) terms.add(folded);
  const month = spoken === null ? null : monthWord(folded, spoken);
  if (month !== null) terms.add(month);
  return [...terms];
}

/** What is a function word in one language may be what is asked for in another. */
function stemsOfForm(form: string, folded: string, language: Language): readonly string[] {
  return isStopWord(folded, language) ? stems(form, language) : termsOfForm(form, language);
}

/**
 * Stemming costs microseconds and some ten thousand words make up nearly all text, so their terms are kept: what was used since
 * the younger half filled up stays, the older half goes.
 */
const cachedWords = 32_000;
const caches = new Map<Language | null, TermCache>();

interface TermCache {
  young: Map<string, readonly string[]>;
  old: Map<string, readonly string[]>;
}

function termsOfForm(form: string, language: Language | null): readonly string[] {
  let cache = caches.get(language);
  if (cache === undefined) caches.set(language, (cache = { young: new Map(), old: new Map() }));
  const known = cache.young.get(form);
  if (known !== undefined) return known;
  if (cache.young.size >= cachedWords) {
    cache.old = cache.young;
    cache.young = new Map();
  }
  const terms = cache.old.get(form) ?? freshTerms(form, language);
  cache.young.set(form, terms);
  return terms;
}

function freshTerms(form: string, language: Language | null): readonly string[] {
  const folded = fold(form);
  if (language === null) return [folded];
  return isStopWord(folded, language) ? noTerms : stems(form, language);
}
