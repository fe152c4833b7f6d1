import * as z from 'zod';

import { HearthlinkError } from '../../shared/errors.ts';
import type { IndexedDocument } from '../effects.ts';
import type { Analyzer, QueryWord } from './analyzer.ts';
import { type Bm25Parameters, conversationParameters, scoreWord, scoreWordInGroups, SparseScores } from './bm25-scoring.ts';
import { documentText } from './document-text.ts';
import { DocumentTable } from './document-table.ts';
import { none } from './group-chains.ts';
import { frequencyInRun, maxDocuments, PostingLists, type PostingRun, unitedRun } from './posting-lists.ts';
import { jsonSection, packSections, type SectionFileIdentity, unpackSections } from './section-file.ts';
import { type Language, languages } from './stop-words.ts';
import { StringTable } from './string-table.ts';
import { TopK } from './top-k.ts';

export interface SearchFilter {
  /** Scope keys; all when left out. */
  readonly scopes?: readonly string[];
  /** Also what recall must not see: other branches. */
  readonly includeHidden?: boolean;
}

export interface SearchHit {
  readonly id: string;
  readonly score: number;
}

/** A word of a question with the documents it stands in, for as long as the index is not changed. */
export interface WordPostings {
  /** As the user wrote it. */
  readonly text: string;
  readonly runs: readonly PostingRun[];
}

export interface Bm25IndexOptions {
  readonly analyzer: Analyzer;
  readonly parameters?: Bm25Parameters;
  /** The text a document is indexed under. */
  readonly textOf?: (document: IndexedDocument) => string;
}

/**
 * An inverted index that ranks by BM25, all of it in typed arrays: 100,000 documents of 300 characters take about 30 MB and are
 * read back from bytes in milliseconds. Scores are those of a corpus of the documents that are there now, whatever was removed
 * before; hidden documents count in it, so that showing a branch does not change the scores of the others.
 */
export class Bm25Index {
  readonly #analyzer: Analyzer;
  readonly #parameters: Bm25Parameters;
  readonly #textOf: (document: IndexedDocument) => string;
  #documents = new DocumentTable();
  #terms = StringTable.empty();
  #postings = PostingLists.empty();
  /** How many documents were added in each language. */
  #languages = new Map<Language, number>();
  #numbering = 0;
  readonly #scores = new SparseScores();
  readonly #groupScores = new SparseScores();
  readonly #groupFrequencies = new SparseScores();

  constructor(options: Bm25IndexOptions) {
    this.#analyzer = options.analyzer;
    this.#parameters = options.parameters ?? conversationParameters;
    this.#textOf = options.textOf ?? documentText;
  }

  /** Attributes of the documents by number. Numbers change when `numbering` does. */
  get documents(): DocumentTable {
    return this.#documents;
  }

  get numbering(): number {
    return this.#numbering;
  }

  get size(): number {
    return this.#documents.aliveCount;
  }

  get byteLength(): number {
    return this.#documents.byteLength + this.#terms.byteLength + this.#postings.byteLength;
  }

  /** Adds a document, or puts it in the place of the one with its id. Answers its number. */
  add(document: IndexedDocument): number {
    this.remove(document.id);
    if (this.#documents.count >= maxDocuments) this.#pack();
    if (this.#documents.count >= maxDocuments) throw new HearthlinkError('invalid-input', { detail: `over ${maxDocuments} documents` });
    const { terms, length, language } = this.#analyzer.documentTerms(this.#textOf(document));
    const number = this.#documents.add(document, length);
    if (language !== null) this.#languages.set(language, (this.#languages.get(language) ?? 0) + 1);
    const frequencies = new Map<number, number>();
    for (const term of terms) {
      const known = this.#terms.intern(term);
      frequencies.set(known, (frequencies.get(known) ?? 0) + 1);
    }
    for (const [term, frequency] of frequencies) this.#postings.add(term, number, frequency);
    if (this.#postings.tailSize > Math.max(minTailToFold, (this.#postings.size - this.#postings.tailSize) / 2)) this.#fold();
    return number;
  }

  /** Answers whether it was there. */
  remove(id: string): boolean {
    const number = this.#documents.find(id);
    if (number === none) return false;
    this.#documents.remove(number);
    const dead = this.#documents.count - this.#documents.aliveCount;
    if (dead > Math.max(minDeadToPack, this.#documents.count * maxDeadShare)) this.#pack();
    return true;
  }

  /** Answers whether it is there. */
  setVisible(id: string, visible: boolean): boolean {
    const number = this.#documents.find(id);
    if (number === none) return false;
    this.#documents.setVisible(number, visible);
    return true;
  }

  has(id: string): boolean {
    return this.#documents.find(id) !== none;
  }

  /** The `limit` best documents for any of the words of `text`, best first; of equal ones the one added first. */
  search(text: string, limit: number, filter: SearchFilter = {}): SearchHit[] {
    const scores = this.score(this.words(text));
    const eligible = this.eligible(filter);
    const best = new TopK(limit);
    for (let i = 0; i < scores.touchedCount; i++) {
      const document = scores.touched[i] ?? 0;
      const score = scores.values[document] ?? 0;
      if (score >= best.threshold && eligible[document] === 1) best.offer(document, score);
    }
    scores.clear();
    return best.take().map(({ number, score }) => ({ id: this.#documents.id(number), score }));
  }

  /** The words of a question that count, as this index compares them. */
  words(text: string): readonly WordPostings[] {
    const enough = this.size * minLanguageShare;
    const languages = [...this.#languages].filter(([, count]) => count >= enough).map(([language]) => language);
    return this.#analyzer.queryWords(text, new Set(languages)).map((word) => ({ text: word.text, runs: this.#runsOf(word) }));
  }

  /** Every document's score for `words`, also of the dead and hidden. The caller clears it before the next search. */
  score(words: readonly WordPostings[]): SparseScores {
    this.#scores.reserve(this.#documents.count);
    for (const { runs } of words) scoreWord(runs, this.#documents, this.#parameters, this.#scores);
    return this.#scores;
  }

  /** Every group's score, as if it were one document made of its eligible ones. The caller clears it. */
  scoreGroups(words: readonly WordPostings[], eligible: Uint8Array): SparseScores {
    this.#groupScores.reserve(this.#documents.groups.names.size);
    this.#groupFrequencies.reserve(this.#documents.groups.names.size);
    for (const { runs } of words) {
      scoreWordInGroups(runs, this.#documents, eligible, this.#parameters, this.#groupFrequencies, this.#groupScores);
    }
    return this.#groupScores;
  }

  /** Which documents may be found under `filter`: 1 at their numbers, else 0. */
  eligible({ scopes, includeHidden = false }: SearchFilter): Uint8Array {
    return this.#documents.marked({ scopes: scopes ?? null, includeHidden });
  }

  /** The words that stand in document `number`, as the user wrote them. */
  matchedWords(words: readonly WordPostings[], number: number): string[] {
    return words.filter(({ runs }) => runs.some((run) => frequencyInRun(run, number) > 0)).map(({ text }) => text);
  }

  /** The index as bytes. Packs it first: nothing of a removed document is in them. */
  serialise(storeId: string): Uint8Array<ArrayBuffer> {
    if (this.#documents.aliveCount < this.#documents.count) this.#pack();
    else this.#fold();
    const about = jsonSection({ languages: [...this.#languages].sort() });
    return packSections(this.#identity(storeId), [
      about,
      ...this.#terms.sections(),
      ...this.#postings.sections(),
      ...this.#documents.sections(),
    ]);
  }

  /**
   * An index over bytes that `serialise` gave, which it takes over.
   * @throws HearthlinkError `store-damaged` when they are cut, changed, or of another store, format or analyzer: rebuild it.
   */
  static load(bytes: Uint8Array, storeId: string, options: Bm25IndexOptions, areChecked = false): Bm25Index {
    const index = new Bm25Index(options);
    const reader = unpackSections(bytes, index.#identity(storeId), areChecked);
    const about = reader.nextJson();
    index.#languages = new Map(aboutWords.parse(about).languages);
    index.#terms = StringTable.fromSections(reader);
    index.#postings = PostingLists.fromSections(reader);
    index.#documents = DocumentTable.fromSections(reader);
    return index;
  }

  #identity(storeId: string): SectionFileIdentity {
    return { magic, formatVersion, contentVersion: this.#analyzer.version, storeId };
  }

  /** A word's postings. Its terms count as one: a document that has several is one posting, of the most frequent. */
  #runsOf(word: QueryWord): readonly PostingRun[] {
    const known = word.terms.map((term) => this.#terms.find(term)).filter((term) => term !== -1);
    const [first, ...others] = known;
    if (first === undefined) return [];
    const runs = [this.#postings.base(first), this.#postings.tail(first)];
    if (others.length === 0) return runs;
    return [unitedRun(known.map((term) => [this.#postings.base(term), this.#postings.tail(term)]))];
  }

  /** Moves the tail of the postings into their base. Numbers stay. */
  #fold(): void {
    if (this.#postings.tailSize > 0) this.#postings = this.#postings.folded(this.#terms.size);
  }

  /** Drops the dead, and the terms that only they had. Gives new numbers. */
  #pack(): void {
    const { table, renumbered } = this.#documents.packed();
    const { postings, keptTerms } = this.#postings.packed(this.#terms.size, renumbered);
    const terms = StringTable.empty();
    for (const term of keptTerms) terms.internFrom(this.#terms, term);
    this.#documents = table;
    this.#postings = postings;
    this.#terms = terms;
    this.#numbering++;
    if (table.count === 0) this.#languages.clear();
  }
}

const magic = 'HLWI';
const formatVersion = 1;
/** Removed documents cost time and room until the index is packed; beyond this share of all it packs itself. */
const maxDeadShare = 0.2;
const minDeadToPack = 64;
/** A tail of postings larger than this, and than half of the base, is folded into the base, which has no slack. */
const minTailToFold = 1 << 16;

/** A question is stemmed in the languages of at least this share of the documents: short texts are often taken for another. */
const minLanguageShare = 0.005;

const aboutWords = z.object({ languages: z.array(z.tuple([z.enum(languages), z.number()])) });
