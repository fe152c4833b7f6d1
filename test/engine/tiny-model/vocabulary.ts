/** What the model can say. */
export const sentences = [
  'Good evening, how was your day?',
  'You said that you drink green tea in the morning.',
  'I remember that the meeting is on Monday at nine.',
  'Your brother visits you in the last week of June.',
  'The bread is in the oven and the soup is ready.',
  'You wanted to read two books before the summer.',
  'We can write a short plan for the next week.',
  'The plan has three steps and each step is small.',
  'First you call the bank, then you answer the letter.',
  'That sounds good to me, and we can look at it again later.',
  'You like long walks near the river when it rains.',
  'The red bicycle stands behind the house.',
  'I will keep it in mind and ask you again on Friday.',
  'What would you like to do first?',
  'You worked hard today, so take your time this evening.',
  'The train leaves at seven and the journey takes two hours.',
];

/** A space inside a token, as SentencePiece writes it. */
export const spaceMark = '\u2581';

const jsonPieces = ['"}', '"]', '": "', '", "', '": [', '": {'];
const roles = ['system', 'user', 'assistant'];

/** Kinds of tokens, as GGUF numbers them. */
const kinds = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;
/** Single characters are the last resort of the tokenizer. */
const characterScore = -1e4;

export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
  readonly scores: readonly number[];
  /** Throws for what is no token. */
  readonly idOf: (token: string) => number;
}

/** Words with the space before them; digits, punctuation and line ends alone. */
export function wordsOf(sentence: string): readonly string[] {
  return sentence.replaceAll(' ', spaceMark).match(new RegExp(`${spaceMark}?[A-Za-z]+|[^A-Za-z]`, 'gu')) ?? [];
}

export function isNormal(vocabulary: Vocabulary, id: number): boolean {
  return vocabulary.kinds[id] === kinds.normal;
}

/** The other form of a word: at the start of a text it has no space before it. */
export function otherForm(word: string): string {
  return word.startsWith(spaceMark) ? word.slice(spaceMark.length) : spaceMark + word;
}

/** A SentencePiece vocabulary: bytes and characters to fall back on, and words with all their beginnings. */
export function createVocabulary(): Vocabulary {
  const ids = new Map<string, number>();
  const entries: { token: string; kind: number; score: number }[] = [];
  const add = (token: string, kind: number, score = 0): void => {
    if (ids.has(token)) return;
    ids.set(token, entries.length);
    entries.push({ token, kind, score });
  };
  add('<unk>', kinds.unknown);
  add('<s>', kinds.control);
  add('</s>', kinds.control);
  for (let byte = 0; byte < 256; byte++) add(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, kinds.byte);
  add('<|im_start|>', kinds.control);
  add('<|im_end|>', kinds.control);
  for (const character of [spaceMark, '\n']) add(character, kinds.normal, characterScore);
  for (let code = 33; code < 127; code++) add(String.fromCharCode(code), kinds.normal, characterScore);
  // The tokenizer merges two neighbours at a time, so each beginning of a word must be a token too; earlier ones merge first.
  let rank = 0;
  for (const piece of [...roles, ...allWords(), ...jsonPieces.map((json) => json.replaceAll(' ', spaceMark))]) {
    for (let length = 2; length <= piece.length; length++) add(piece.slice(0, length), kinds.normal, -++rank);
  }
  return {
    tokens: entries.map(({ token }) => token),
    kinds: entries.map(({ kind }) => kind),
    scores: entries.map(({ score }) => score),
    idOf: (token) => {
      const id = ids.get(token);
      if (id === undefined) throw new Error(`${JSON.stringify(token)} is no token.`);
      return id;
    },
  };
}

/** Every word of the sentences, in both forms. */
export function allWords(): readonly string[] {
  const words = sentences.flatMap(wordsOf).filter((word) => /[A-Za-z]/.test(word));
  return [...new Set(words.flatMap((word) => [word, otherForm(word)]))];
}
