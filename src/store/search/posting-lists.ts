import type { Section, SectionReader } from './section-file.ts';
import { grown } from './typed-arrays.ts';

/** A posting is one number: the document's number above, how often the term stands in it below. */
const frequencyBits = 8;
export const maxFrequency = (1 << frequencyBits) - 1;
/** Documents are numbered below this. */
export const maxDocuments = 1 << (32 - frequencyBits);

export function postingDocument(posting: number): number {
  return posting >>> frequencyBits;
}

export function postingFrequency(posting: number): number {
  return posting & maxFrequency;
}

/** A run of postings in an array, ascending by document. */
export interface PostingRun {
  readonly entries: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/**
 * For each term the documents it stands in. A packed, read-only base (one array, term after term) as it was loaded or last
 * packed, and a tail for what came since: each term's part of the tail is one block in an arena, moved to a block twice as
 * large when it is full. A search reads one run of each. Documents must be added in ascending order.
 */
export class PostingLists {
  #baseStarts: Uint32Array;
  #baseEntries: Uint32Array;
  #arena = new Uint32Array(0);
  #arenaUsed = 0;
  #tailCount = 0;
  #tailStart = new Uint32Array(0);
  #tailLength = new Uint32Array(0);
  /** Blocks given back, by the logarithm of their size. */
  #freeBlocks: number[][] = [];

  private constructor(baseStarts: Uint32Array, baseEntries: Uint32Array) {
    this.#baseStarts = baseStarts;
    this.#baseEntries = baseEntries;
  }

  static empty(): PostingLists {
    return new PostingLists(new Uint32Array(1), new Uint32Array(0));
  }

  /** Lays lists over the arrays of `sections`, read in their order; they are never written. */
  static fromSections(reader: SectionReader): PostingLists {
    return new PostingLists(reader.next(Uint32Array), reader.next(Uint32Array));
  }

  get size(): number {
    return this.#baseEntries.length + this.#tailCount;
  }

  get tailSize(): number {
    return this.#tailCount;
  }

  get byteLength(): number {
    const arrays = [this.#baseStarts, this.#baseEntries, this.#arena, this.#tailStart, this.#tailLength];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  /** `frequency` above `maxFrequency` counts as that; the score has long been flat there. */
  add(term: number, document: number, frequency: number): void {
    this.#tailStart = grown(this.#tailStart, term + 1, Uint32Array);
    this.#tailLength = grown(this.#tailLength, term + 1, Uint32Array);
    const length = this.#tailLength[term] ?? 0;
    if (length === 0) this.#tailStart[term] = this.#takeBlock(0);
    else if ((length & (length - 1)) === 0) this.#moveToLargerBlock(term, length);
    this.#arena[(this.#tailStart[term] ?? 0) + length] = (document << frequencyBits) | Math.min(frequency, maxFrequency);
    this.#tailLength[term] = length + 1;
    this.#tailCount++;
  }

  base(term: number): PostingRun {
    if (term + 1 >= this.#baseStarts.length) return emptyRun;
    return { entries: this.#baseEntries, from: this.#baseStarts[term] ?? 0, to: this.#baseStarts[term + 1] ?? 0 };
  }

  tail(term: number): PostingRun {
    const from = this.#tailStart[term] ?? 0;
    return { entries: this.#arena, from, to: from + (this.#tailLength[term] ?? 0) };
  }

  /** How often `term` stands in `document`; 0 when it does not. */
  frequency(term: number, document: number): number {
    return frequencyInRun(this.base(term), document) || frequencyInRun(this.tail(term), document);
  }

  /** The packed arrays, for a file: where each term's entries start, and all entries. The tail must be empty. */
  sections(): Section[] {
    return [this.#baseStarts, this.#baseEntries];
  }

  /** The same postings of `termCount` terms with an empty tail. */
  folded(termCount: number): PostingLists {
    const starts = new Uint32Array(termCount + 1);
    const entries = new Uint32Array(this.size);
    let end = 0;
    for (let term = 0; term < termCount; term++) {
      for (const run of [this.base(term), this.tail(term)]) {
        entries.set(run.entries.subarray(run.from, run.to), end);
        end += run.to - run.from;
      }
      starts[term + 1] = end;
    }
    return new PostingLists(starts, entries);
  }

  /**
   * Without the postings of documents that `renumbered` maps to -1, and without the terms that have none left. The kept terms
   * are numbered anew in their old order, which `keptTerms` lists.
   */
  packed(termCount: number, renumbered: Int32Array): { readonly postings: PostingLists; readonly keptTerms: readonly number[] } {
    const keptTerms: number[] = [];
    const starts = [0];
    const entries = new Uint32Array(this.size);
    let end = 0;
    for (let term = 0; term < termCount; term++) {
      const start = end;
      for (const run of [this.base(term), this.tail(term)]) {
        for (let i = run.from; i < run.to; i++) {
          const posting = run.entries[i] ?? 0;
          const document = renumbered[postingDocument(posting)] ?? -1;
          if (document !== -1) entries[end++] = (document << frequencyBits) | postingFrequency(posting);
        }
      }
      if (end === start) continue;
      keptTerms.push(term);
      starts.push(end);
    }
    return { postings: new PostingLists(Uint32Array.from(starts), entries.slice(0, end)), keptTerms };
  }

  #takeBlock(sizeLog: number): number {
    const reused = this.#freeBlocks[sizeLog]?.pop();
    if (reused !== undefined) return reused;
    const start = this.#arenaUsed;
    this.#arenaUsed += 1 << sizeLog;
    this.#arena = grown(this.#arena, this.#arenaUsed, Uint32Array);
    return start;
  }

  /** A full block of `length` (a power of two) gives way to one of twice its size. */
  #moveToLargerBlock(term: number, length: number): void {
    const sizeLog = 31 - Math.clz32(length);
    const start = this.#tailStart[term] ?? 0;
    const larger = this.#takeBlock(sizeLog + 1);
    this.#arena.copyWithin(larger, start, start + length);
    (this.#freeBlocks[sizeLog] ??= []).push(start);
    this.#tailStart[term] = larger;
  }
}

const emptyRun: PostingRun = { entries: new Uint32Array(0), from: 0, to: 0 };

/** How often a run's term stands in `document`; 0 when it does not. */
export function frequencyInRun(run: PostingRun, document: number): number {
  let low = run.from;
  let high = run.to - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const posting = run.entries[middle] ?? 0;
    const found = postingDocument(posting);
    if (found === document) return postingFrequency(posting);
    if (found < document) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

/**
 * One run of all documents that stand in any of `lists` (each the runs of one term, ascending throughout), each with the highest
 * of its frequencies.
 */
export function unitedRun(lists: readonly (readonly PostingRun[])[]): PostingRun {
  return lists.map(joined).reduce(united, emptyRun);
}

function joined(runs: readonly PostingRun[]): PostingRun {
  const filled = runs.filter((run) => run.to > run.from);
  const [only] = filled;
  if (only === undefined) return emptyRun;
  if (filled.length === 1) return only;
  const entries = new Uint32Array(filled.reduce((sum, run) => sum + run.to - run.from, 0));
  let end = 0;
  for (const run of filled) {
    entries.set(run.entries.subarray(run.from, run.to), end);
    end += run.to - run.from;
  }
  return { entries, from: 0, to: end };
}

function united(a: PostingRun, b: PostingRun): PostingRun {
  if (a.from === a.to) return b;
  if (b.from === b.to) return a;
  const entries = new Uint32Array(a.to - a.from + (b.to - b.from));
  let end = 0;
  let i = a.from;
  let j = b.from;
  while (i < a.to && j < b.to) {
    const fromA = a.entries[i] ?? 0;
    const fromB = b.entries[j] ?? 0;
    const isSameDocument = postingDocument(fromA) === postingDocument(fromB);
    entries[end++] = isSameDocument ? Math.max(fromA, fromB) : Math.min(fromA, fromB);
    if (isSameDocument || fromA < fromB) i++;
    if (isSameDocument || fromB < fromA) j++;
  }
  for (const [rest, from] of [[a, i], [b, j]] as const) {
    entries.set(rest.entries.subarray(from, rest.to), end);
    end += rest.to - from;
  }
  return { entries, from: 0, to: end };
}
