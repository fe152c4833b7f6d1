import type { Effect } from '../effects.ts';
import { languageAnalyzer } from './analyzer.ts';
import { Bm25Index, type Bm25IndexOptions, type SearchFilter, type SearchHit } from './bm25-index.ts';
import { LinkedVectors } from './linked-vectors.ts';
import { type GatheredSignals, gatherSignals, type RecallQuestion } from './recall-signals.ts';
import { VectorIndex } from './vector-index.ts';

/** The files of a search index: one for words, which can be rebuilt from the rows, and one for each model's vectors, which cannot. */
export interface SearchFiles {
  readonly words: Uint8Array;
  /** By model digest. */
  readonly vectors: ReadonlyMap<string, Uint8Array>;
}

export interface Question extends Omit<RecallQuestion, 'vector'> {
  /** The question's embedding; null while there is none. Ignored where it has another dimension than the model's vectors. */
  readonly vector: { readonly model: string; readonly values: Float32Array } | null;
}

/**
 * Everything derived that answers a search: the words of all documents and the vectors of each embedding model. Fed by the
 * effects of journal records, in their order, so that it is the same in every window.
 */
export class SearchIndex {
  readonly words: Bm25Index;
  readonly #vectors = new Map<string, LinkedVectors>();

  constructor(words: Bm25Index = new Bm25Index(defaultOptions)) {
    this.words = words;
  }

  apply(effect: Effect): void {
    switch (effect.type) {
      case 'put-document': {
        const number = this.words.add(effect.document);
        for (const vectors of this.#vectors.values()) vectors.link(effect.document.id, number);
        break;
      }
      case 'remove-document':
        this.words.remove(effect.id);
        break;
      case 'set-visible':
        for (const id of effect.ids) this.words.setVisible(id, effect.visible);
        break;
      case 'put-vector':
        this.#putVector(effect);
        break;
      case 'remove-vectors':
        for (const { vectors } of this.#vectors.values()) vectors.remove(effect.id);
        break;
    }
  }

  /** The best documents by words alone, for a search that a person typed. */
  search(text: string, limit: number, filter: SearchFilter = {}): SearchHit[] {
    return this.words.search(text, limit, filter);
  }

  /** What speaks for which document as an answer to a question; `src/memory/ranking.ts` makes one order of it. */
  signals(question: Question): GatheredSignals {
    const vector = question.vector;
    const vectors = vector === null ? undefined : this.#vectors.get(vector.model);
    const usable = vector !== null && vectors?.vectors.dimension === vector.values.length ? vector.values : null;
    return gatherSignals(this.words, vectors ?? null, { ...question, vector: usable });
  }

  hasVector(model: string, id: string): boolean {
    return this.#vectors.get(model)?.vectors.has(id) ?? false;
  }

  /** Digests of the models there are vectors of. */
  get models(): readonly string[] {
    return [...this.#vectors.keys()];
  }

  /** Drops all vectors of a model that is no longer used. */
  dropModel(model: string): void {
    this.#vectors.delete(model);
  }

  get byteLength(): number {
    return [...this.#vectors.values()].reduce((sum, { vectors }) => sum + vectors.byteLength, this.words.byteLength);
  }

  /** Nothing of a removed document or vector is in the files. */
  serialise(storeId: string): SearchFiles {
    const vectors = new Map<string, Uint8Array>();
    for (const [model, linked] of this.#vectors) if (linked.vectors.size > 0) vectors.set(model, linked.vectors.serialise(storeId));
    return { words: this.words.serialise(storeId), vectors };
  }

  /**
   * An index over the words that `serialise` gave, which it takes over.
   * @param areChecked that they are as they were written is known already
   * @throws HearthlinkError `store-damaged` naming the part, `HLWI`: they can be rebuilt from the rows
   */
  static load(words: Uint8Array, storeId: string, areChecked = false): SearchIndex {
    return new SearchIndex(Bm25Index.load(words, storeId, defaultOptions, areChecked));
  }

  /**
   * Takes over one model's vectors, also into an index whose words were rebuilt.
   * @param areChecked that they are as they were written is known already
   * @throws HearthlinkError `store-damaged` naming the part, `HLVX`: they must come from another generation or be computed again
   */
  loadVectors(bytes: Uint8Array, storeId: string, areChecked = false): void {
    const vectors = VectorIndex.load(bytes, storeId, areChecked);
    this.#vectors.set(vectors.model, new LinkedVectors(vectors, this.words));
  }

  /** A record must apply in every window, so a vector that does not fit its model's others is passed over: it finds nothing. */
  #putVector(effect: Extract<Effect, { type: 'put-vector' }>): void {
    const { model, id, values } = effect;
    let linked = this.#vectors.get(model);
    if (linked === undefined) {
      linked = new LinkedVectors(new VectorIndex(model, values.length), this.words);
      this.#vectors.set(model, linked);
    }
    if (linked.vectors.dimension === values.length) linked.put(id, effect);
  }
}

const defaultOptions: Bm25IndexOptions = { analyzer: languageAnalyzer };
