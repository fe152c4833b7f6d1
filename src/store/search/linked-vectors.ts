import type { Bm25Index } from './bm25-index.ts';
import { SparseScores } from './bm25-scoring.ts';
import { none } from './group-chains.ts';
import type { QuantisedVector } from './quantisation.ts';
import { grown } from './typed-arrays.ts';
import type { VectorIndex } from './vector-index.ts';

/**
 * What is assumed of cosines before any was seen, as if of so many vectors: in a store of a few memories their own mean and
 * deviation say nothing (of one vector the deviation is 0), and a near one is to be found all the same. The values lie between
 * those of usual embedding models; from some hundred vectors on they no longer matter.
 */
const assumed = { count: 16, mean: 0.15, deviation: 0.12 } as const;

/**
 * A vector index whose vectors know their documents' numbers. A vector may come before its document or after it, and outlives
 * a change of the document's text.
 */
export class LinkedVectors {
  readonly vectors: VectorIndex;
  readonly #words: Bm25Index;
  /** By number of the vector's id: the document's number, or `none`. Right as long as `#numbering` is that of the words. */
  #documents = new Int32Array(0);
  #numbering = -1;
  #cosines = new Float32Array(0);
  readonly #scores = new SparseScores();

  constructor(vectors: VectorIndex, words: Bm25Index) {
    this.vectors = vectors;
    this.#words = words;
  }

  put(id: string, vector: QuantisedVector): void {
    this.vectors.put(id, vector);
    this.link(id, this.#words.documents.find(id));
  }

  /** Tells that document `id` now has this number. */
  link(id: string, document: number): void {
    const number = this.vectors.ids.find(id);
    if (number === -1) return;
    this.#documents = grown(this.#documents, number + 1, Int32Array);
    this.#documents[number] = document;
  }

  /**
   * Compares every eligible document's vector with `query`: how many standard deviations its cosine lies above the mean of all
   * of them (in a small store also of what is assumed), 0 where it lies below. A raw cosine says little, since those of one model crowd in a narrow band of their own.
   *
   * @param eligible 1 at the numbers of those documents
   * @returns the scores by document number; the caller clears them
   */
  standardScores(query: Float32Array, eligible: Uint8Array): SparseScores {
    this.#relink();
    const { vectors } = this;
    this.#scores.reserve(this.#words.documents.count);
    this.#cosines = grown(this.#cosines, vectors.size, Float32Array);
    const cosines = this.#cosines;
    vectors.cosines(query, cosines);
    const documents = this.#documents;
    const { idNumbers, size } = vectors;
    let count: number = assumed.count;
    let sum = assumed.count * assumed.mean;
    let squares = assumed.count * (assumed.mean ** 2 + assumed.deviation ** 2);
    for (let slot = 0; slot < size; slot++) {
      const cosine = cosines[slot] ?? 0;
      if (eligible[documents[idNumbers[slot] ?? 0] ?? none] === 1) {
        count++;
        sum += cosine;
        squares += cosine * cosine;
      } else {
        cosines[slot] = -Infinity;
      }
    }
    const mean = sum / count;
    const perDeviation = 1 / Math.sqrt(squares / count - mean * mean);
    const { values, touched } = this.#scores;
    let touchedCount = 0;
    // About half of them are above the mean, in no order: written down and then kept or not, that is no branch to guess.
    for (let slot = 0; slot < size; slot++) {
      const score = ((cosines[slot] ?? 0) - mean) * perDeviation;
      const document = documents[idNumbers[slot] ?? 0] ?? none;
      values[document] = Math.max(0, score);
      touched[touchedCount] = document;
      touchedCount += score > 0 ? 1 : 0;
    }
    this.#scores.touchedCount = touchedCount;
    return this.#scores;
  }

  /** After the documents got new numbers, all links are made anew: a few milliseconds for 100,000. */
  #relink(): void {
    if (this.#numbering === this.#words.numbering) return;
    this.#numbering = this.#words.numbering;
    this.#documents = this.#words.documents.findAllByIds(this.vectors.ids);
  }
}
