import type { WordPostings } from './bm25-index.ts';
import { originalFrequency } from './bm25-scoring.ts';
import { frequencyInRun, type PostingRun } from './posting-lists.ts';

/** Words beyond these are not told apart: the bits of a number. A question with more has long been about all it will be. */
const maxWords = 31;

/** Which words of one question stand in which document, looked up once per document. */
export class WordMatches {
  readonly #words: readonly (readonly PostingRun[])[];
  readonly #weights: readonly number[];
  readonly #found = new Map<number, number>();

  /** @param count how many documents there are */
  constructor(words: readonly WordPostings[], count: number) {
    this.#words = words.slice(0, maxWords).map(({ runs }) => runs);
    this.#weights = this.#words.map((runs) => originalFrequency(count, Math.min(count, runs.reduce((sum, { from, to }) => sum + to - from, 0))));
  }

  /** A bit for each word of the question that stands in the document. */
  wordsIn(document: number): number {
    const known = this.#found.get(document);
    if (known !== undefined) return known;
    let found = 0;
    for (let word = 0; word < this.#words.length; word++) {
      for (const run of this.#words[word] ?? []) if (frequencyInRun(run, document) > 0) found |= 1 << word;
    }
    this.#found.set(document, found);
    return found;
  }

  /** The share of a document's match, by the weight of its words, that consists of `words`, as `wordsIn` has them: 0 to 1. */
  shareOf(words: number, document: number): number {
    const all = this.wordsIn(document);
    return all === 0 ? 0 : this.#weight(all & words) / this.#weight(all);
  }

  #weight(words: number): number {
    let weight = 0;
    for (let rest = words, word = 0; rest !== 0; rest >>>= 1, word++) if ((rest & 1) === 1) weight += this.#weights[word] ?? 0;
    return weight;
  }
}
