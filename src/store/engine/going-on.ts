import { markedGenerations } from '../generation/generation-reader.ts';
import type { LeftBehind } from '../port.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { IndexLoading } from './index-loading.ts';
import type { OpenStore } from './open-store.ts';
import { continueWithoutDamaged, loadWithoutDamagedVectors } from './recovery.ts';
import type { ReplicaContent } from './replica-content.ts';
import type { Replica } from './replica.ts';
import { replicaWithoutJournal } from './salvage.ts';

export interface GoingOnAccess<Schema, Search> {
  readonly store: OpenStore<Schema, Search>;
  readonly indexes: IndexLoading<Schema, Search>;
}

/** Goes on after damage with what can be read, and knows what was left behind by it. */
export class GoingOn<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #store: OpenStore<Schema, Search>;
  readonly #indexes: IndexLoading<Schema, Search>;
  #leftBehind: LeftBehind | null = null;

  constructor(setup: EngineSetup<Schema, Search>, { store, indexes }: GoingOnAccess<Schema, Search>) {
    this.#setup = setup;
    this.#store = store;
    this.#indexes = indexes;
  }

  /** What this window left behind; null while it has not gone on. */
  get leftBehind(): LeftBehind | null {
    return this.#leftBehind;
  }

  /**
   * Makes a generation of what can be read, to be opened next. False when nothing could be read.
   * @param damaged the file that is left aside
   * @param otherwise the content where nothing can be read
   */
  async without(damaged: string, otherwise: ReplicaContent<Schema, Search> | null): Promise<boolean> {
    if (this.#store.replica !== null) {
      await this.#indexes.load(this.#store.replica.content);
      await this.#from(this.#store.forReading(), damaged);
      return true;
    }
    const left = this.#store.readWhatIsLeft();
    if (left === null) {
      if (otherwise !== null) await this.#from(replicaWithoutJournal(this.#setup, otherwise), damaged);
      return otherwise !== null;
    }
    try {
      await loadWithoutDamagedVectors(left.content.index);
      await this.#from(left, damaged);
    } finally {
      left.close();
    }
    return true;
  }

  /** Makes a generation of this content, to be opened next in place of what a later release has written, which is kept. */
  async insteadOfNewer(content: ReplicaContent<Schema, Search>): Promise<void> {
    const [newest = ''] = markedGenerations(this.#setup.files);
    this.#store.close();
    await this.#from(replicaWithoutJournal(this.#setup, content), newest);
  }

  async #from(replica: Replica<Schema, Search>, damaged: string): Promise<void> {
    const leftBehind = await continueWithoutDamaged(this.#setup, replica, { history: this.#store.history, damaged });
    this.#leftBehind = leftBehind ?? this.#leftBehind;
    if (leftBehind !== null && replica.content.index.lacksVectors) this.#indexes.planDroppingVectors(replica.content);
  }
}
