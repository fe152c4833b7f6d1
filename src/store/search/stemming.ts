import snowball from 'snowball-stemmers';

import type { Language } from './stop-words.ts';
import { fold } from './words.ts';

/**
 * The terms a word is indexed under, folded: its Snowball stem, and, where a language's stemmer reads accents, also the stem of
 * the word without them, so that "cancion" finds "canción" and "mange" finds "mangé". Words with digits stay as they are.
 */
export function stems(form: string, language: Language): readonly string[] {
  const folded = fold(form);
  if (hasDigit.test(folded)) return [folded];
  const stemmer = stemmerOf(language);
  const plain = fold(stemmer.stem(folded));
  if (folded === form || language === 'english') return [plain];
  const accented = fold(stemmer.stem(form));
  return accented === plain ? [plain] : [accented, plain];
}

const hasDigit = /\p{N}/u;

interface Stemmer {
  stem(word: string): string;
}

/** Stemmers are built on first use; each holds tables that most people's one or two languages need. */
const stemmers = new Map<Language, Stemmer>();

function stemmerOf(language: Language): Stemmer {
  let stemmer = stemmers.get(language);
  if (stemmer === undefined) {
    stemmer = snowball.newStemmer(language);
    stemmers.set(language, stemmer);
  }
  return stemmer;
}
