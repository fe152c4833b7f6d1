import type { Hit, MemoryFilter, SliceRow, Why } from '../../shared/protocol/memory-views.ts';
import type { Ask } from './ask.ts';

/** A row of the list: a memory, and why it is there where something was searched. */
export interface ListedSlice {
  readonly slice: SliceRow;
  readonly why: Why | null;
}

/** What a list shows, however long it is: rows come when they are asked for. */
export interface SliceSource {
  readonly total: number;
  /** Undefined while it is not here yet. */
  at(index: number): ListedSlice | undefined;
  /** Brings these rows, and calls `onChange` when they are here. */
  want(first: number, end: number): void;
  /** Where a memory stands; -1 where that is not known. */
  indexOf(id: string): number;
  /** Puts a changed memory in its place, wherever it is here. */
  put(slice: SliceRow): void;
}

/** The hits of a search, which came all together. */
export class SearchHits implements SliceSource {
  #hits: readonly ListedSlice[];

  constructor(hits: readonly Hit[]) {
    this.#hits = hits;
  }

  get total(): number {
    return this.#hits.length;
  }

  at(index: number): ListedSlice | undefined {
    return this.#hits[index];
  }

  want(): void {
    // They are all here.
  }

  indexOf(id: string): number {
    return this.#hits.findIndex(({ slice }) => slice.id === id);
  }

  put(slice: SliceRow): void {
    this.#hits = this.#hits.map((hit) => (hit.slice.id === slice.id ? { ...hit, slice } : hit));
  }
}

/** Rows asked for at once. */
export const pageSize = 100;
/** Pages kept; the ones that were looked at longest ago go first, so that a view of any length stays small. */
const mostPages = 30;

/** All memories that pass a filter, newest first, in pages. */
export class SlicePages implements SliceSource {
  readonly #ask: Ask;
  readonly #filter: MemoryFilter;
  readonly #onChange: () => void;
  /** By number, in the order in which they were last looked at. */
  readonly #pages = new Map<number, readonly SliceRow[]>();
  readonly #coming = new Set<number>();
  #total: number;

  private constructor(ask: Ask, filter: MemoryFilter, onChange: () => void, total: number) {
    this.#ask = ask;
    this.#filter = filter;
    this.#onChange = onChange;
    this.#total = total;
  }

  /** With its first page, or the page of row `near`; undefined where that could not be asked for. */
  static async open(ask: Ask, filter: MemoryFilter, onChange: () => void, near = 0): Promise<SlicePages | undefined> {
    const number = Math.floor(near / pageSize);
    const answer = await ask('list', { filter, offset: number * pageSize, limit: pageSize, counted: true });
    if (answer === undefined) return undefined;
    const isBeyondEnd = answer.slices.length === 0 && number > 0 && (answer.total ?? 0) > 0;
    if (isBeyondEnd) return SlicePages.open(ask, filter, onChange);
    const pages = new SlicePages(ask, filter, onChange, answer.total ?? answer.slices.length);
    pages.#pages.set(number, answer.slices);
    return pages;
  }

  get total(): number {
    return this.#total;
  }

  at(index: number): ListedSlice | undefined {
    const slice = this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
    return slice === undefined ? undefined : { slice, why: null };
  }

  want(first: number, end: number): void {
    for (let number = Math.floor(first / pageSize); number * pageSize < Math.min(end, this.#total); number++) {
      const page = this.#pages.get(number);
      if (page === undefined) void this.#bring(number);
      else {
        this.#pages.delete(number);
        this.#pages.set(number, page);
      }
    }
  }

  indexOf(id: string): number {
    for (const [number, page] of this.#pages) {
      const index = page.findIndex((slice) => slice.id === id);
      if (index >= 0) return number * pageSize + index;
    }
    return -1;
  }

  put(slice: SliceRow): void {
    for (const [number, page] of this.#pages) {
      if (page.some(({ id }) => id === slice.id)) this.#pages.set(number, page.map((old) => (old.id === slice.id ? slice : old)));
    }
  }

  async #bring(number: number): Promise<void> {
    if (this.#coming.has(number)) return;
    this.#coming.add(number);
    try {
      const answer = await this.#ask('list', { filter: this.#filter, offset: number * pageSize, limit: pageSize, counted: false });
      if (answer === undefined) return;
      this.#pages.set(number, answer.slices);
      for (const oldest of this.#pages.keys()) {
        if (this.#pages.size <= mostPages) break;
        this.#pages.delete(oldest);
      }
      this.#onChange();
    } finally {
      this.#coming.delete(number);
    }
  }
}
