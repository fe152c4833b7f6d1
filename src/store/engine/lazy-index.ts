import type { Effect } from '../effects.ts';
import type { IndexFile } from '../methods-contract.ts';

/** Where the search structures of a replica come from, and go to. */
export interface IndexSource<Search> {
  /** Throws `store-damaged` when vectors cannot be read. */
  load(withVectors: boolean): Promise<Search>;
  apply(search: Search, effects: readonly Effect[]): void;
  save(search: Search): readonly IndexFile[];
}

/** Tells the engine that a method needs the index, which loads later than the method could wait for. */
export class IndexNotLoaded extends Error {}

/**
 * The search structures of a replica, read on first use: a window that never searches does not pay for them. Until then
 * the effects of records are kept in order.
 */
export class LazyIndex<Search> {
  readonly #source: IndexSource<Search>;
  #waiting: Effect[] = [];
  #loaded: { readonly search: Search; readonly lacksVectors: boolean } | null = null;

  constructor(source: IndexSource<Search>) {
    this.#source = source;
  }

  /** What was loaded; throws `IndexNotLoaded` before `ready`, and then the method is run again after it. */
  get current(): Search {
    if (this.#loaded === null) throw new IndexNotLoaded();
    return this.#loaded.search;
  }

  /** Whether it was loaded without the vectors of its generation, since they could not be read. */
  get lacksVectors(): boolean {
    return this.#loaded?.lacksVectors ?? false;
  }

  apply(effects: readonly Effect[]): void {
    if (effects.length === 0) return;
    if (this.#loaded !== null) this.#source.apply(this.#loaded.search, effects);
    // One by one: the effects of a long chat's removal are more than a call may have arguments.
    else for (const effect of effects) this.#waiting.push(effect);
  }

  /**
   * Loads it. Not while a batch is open, since it may have to be made again from the rows as they are.
   * @throws HearthlinkError `store-damaged` when vectors cannot be read
   */
  async ready(options = { withVectors: true }): Promise<Search> {
    if (this.#loaded === null) {
      const search = await this.#source.load(options.withVectors);
      // Effects that rows made again hold already do no harm: each of them says how things are afterwards.
      this.#source.apply(search, this.#waiting);
      this.#waiting = [];
      this.#loaded = { search, lacksVectors: !options.withVectors };
    }
    return this.#loaded.search;
  }

  async save(): Promise<readonly IndexFile[]> {
    return this.#source.save(await this.ready());
  }
}
