import { allWords, otherForm, sentences, spaceMark, type Vocabulary, wordsOf } from './vocabulary.ts';

/** How likely each token is to follow another, by token id. Weights need not sum to anything. */
export type Bigrams = ReadonlyMap<number, ReadonlyMap<number, number>>;

const next = { word: 4, sentence: 0.6, endOfText: 8, quoteAfterSentence: 0.3, quoteAfterWord: 0.08, json: 4, digit: 3 };

/**
 * The sentences, word after word; one sentence may follow another, or the text ends. Inside JSON a string may end after any
 * word, and what stands around strings is likely where JSON has it, so that a grammar always finds a way to close.
 */
export function createBigrams(vocabulary: Vocabulary): Bigrams {
  const weights = new Map<number, Map<number, number>>();
  const link = (from: string, to: string, weight: number): void => {
    const followers = weights.get(vocabulary.idOf(from)) ?? new Map<number, number>();
    weights.set(vocabulary.idOf(from), followers);
    const id = vocabulary.idOf(to);
    followers.set(id, (followers.get(id) ?? 0) + weight);
  };
  const beginSentence = (from: string, weight: number): void => {
    for (const sentence of sentences) link(from, wordsOf(sentence)[0] ?? '', weight);
  };
  linkSentences(link);
  linkOtherForms(link);
  for (const start of ['\n', '<s>', '"', `":${spaceMark}"`, `",${spaceMark}"`]) beginSentence(start, 1);
  linkJson(link);
  return weights;
}

type Link = (from: string, to: string, weight: number) => void;

function linkSentences(link: Link): void {
  for (const sentence of sentences) {
    const words = wordsOf(sentence);
    for (const [index, word] of words.entries()) {
      const following = words[index + 1];
      if (following !== undefined) link(word, following, next.word);
    }
    const last = words.at(-1) ?? '.';
    for (const other of sentences) link(last, spaceMark + (wordsOf(other)[0] ?? ''), next.sentence);
    link(last, '<|im_end|>', next.endOfText);
    link(last, '"', next.quoteAfterSentence);
  }
}

/** A word goes on alike with and without a space before it. */
function linkOtherForms(link: Link): void {
  for (const sentence of sentences) {
    const words = wordsOf(sentence);
    for (const [index, word] of words.entries()) {
      const following = words[index + 1];
      if (following !== undefined && /[A-Za-z]/.test(word)) link(otherForm(word), following, next.word);
    }
  }
  for (const word of allWords()) link(word, '"', next.quoteAfterWord);
}

function linkJson(link: Link): void {
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  for (const end of ['"', '"}', '}']) for (const separator of [',', '}', ':', ']']) link(end, separator, next.json);
  for (const start of [',', '{', '[', ':']) link(start, '"', next.json);
  link('}', '<|im_end|>', next.endOfText);
  link(']', '}', next.json);
  link(']', '<|im_end|>', 1);
  for (const [index, digit] of digits.entries()) {
    link(':', digit, 0.5);
    for (const end of [',', '}', ']']) link(digit, end, next.digit);
    link(digit, digits[(index * 7 + 3) % 10] ?? '0', 1);
  }
}
