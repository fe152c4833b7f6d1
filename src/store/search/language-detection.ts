import { type Language, languages, languagesOfStopWord } from './stop-words.ts';

/** Letters that only some of the languages use; each vote counts as much as one function word. */
const letterHints: readonly (readonly [RegExp, readonly Language[]])[] = [
  [/ß/u, ['german']],
  [/[äöü]/u, ['german', 'swedish', 'finnish', 'turkish']],
  [/[ñ]/u, ['spanish']],
  [/[ãõ]/u, ['portuguese']],
  [/[êèœ]/u, ['french', 'italian', 'portuguese']],
  [/[œûîï]/u, ['french']],
  [/[áíóú]/u, ['spanish', 'portuguese']],
  [/ç/u, ['french', 'portuguese', 'turkish']],
  [/[ìò]/u, ['italian']],
  [/å/u, ['swedish', 'danish', 'norwegian']],
  [/[æø]/u, ['danish', 'norwegian']],
  [/[ğışİ]/u, ['turkish']],
];

const cyrillic = /\p{sc=Cyrillic}/u;
const latin = /\p{sc=Latin}/u;

/**
 * The language of a text, by a vote of its function words and its letters. A word or letter that several languages share
 * counts for each by its share. English when nothing speaks for another, since that is what short technical text mostly is;
 * null when no script of ours is in it. A wrong answer costs little: a question is stemmed in every language the index holds.
 *
 * @param foldedWords the text's words, folded
 * @param letters the text in lower case, or '' when it is ASCII and has no special letters
 */
export function detectLanguage(foldedWords: readonly string[], letters: string): Language | null {
  const votes = new Float64Array(languages.length);
  for (const word of foldedWords) {
    const speakers = languagesOfStopWord.get(word);
    if (speakers !== undefined) addVotes(votes, speakers);
  }
  if (letters !== '') {
    for (const [pattern, speakers] of letterHints) if (pattern.test(letters)) addVotes(votes, speakers);
    if (cyrillic.test(letters)) return 'russian';
    if (!latin.test(letters)) return null;
  }
  let best = 0;
  for (let i = 1; i < votes.length; i++) if ((votes[i] ?? 0) > (votes[best] ?? 0)) best = i;
  return languages[best] ?? null;
}

function addVotes(votes: Float64Array, speakers: readonly Language[]): void {
  const share = 1 / speakers.length;
  for (const speaker of speakers) {
    const position = languages.indexOf(speaker);
    votes[position] = (votes[position] ?? 0) + share;
  }
}
