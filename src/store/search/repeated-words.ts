import type { WordPostings } from './bm25-index.ts';
import { originalFrequency } from './bm25-scoring.ts';
import { frequencyInRun } from './posting-lists.ts';

/** Words beyond these are not told apart: the bits of a number. A question with more has long been about all it will be. */
const maxWords = 31;

/** Which words of one question stand in which document, looked up once per document. */
export class WordMatches {
  readonly #words: readonly WordPostings[];
  readonly #weights: readonly number[];
  readonly #masks = new Map<number, number>();

  /** @param count how many documents there are */
  constructor(words: readonly WordPostings[], count: number) {
    this.#words = words.slice(0, maxWords);
    this.#weights = this.#words.map(({ runs }) => originalFrequency(count, Math.min(count, runs.reduce((sum, { from, to }) => sum + to - from, 0))));
  }

  /** The share of `other`'s match, by the weight of its words, that consists of words which `document` holds itself: 0 to 1. */
  repeatedShare(document: number, other: number): number {
    const theirs = this.#mask(other);
    const all = this.#weight(theirs);
    return all === 0 ? 0 : this.#weight(theirs & this.#mask(document)) / all;
  }

  #mask(document: number): number {
    const known = this.#masks.get(document);
    if (known !== undefined) return known;
    let mask = 0;
    for (const [i, { runs }] of this.#words.entries()) {
      if (runs.some((run) => frequencyInRun(run, document) > 0)) mask |= 1 << i;
    }
    this.#masks.set(document, mask);
    return mask;
  }

  #weight(mask: number): number {
    let weight = 0;
    for (let rest = mask, i = 0; rest !== 0; rest >>>= 1, i++) if ((rest & 1) === 1) weight += this.#weights[i] ?? 0;
    return weight;
  }
}
