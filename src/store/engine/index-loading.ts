import { HearthlinkError } from '../../shared/errors.ts';
import type { Call } from './batch-run.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { OpenStore } from './open-store.ts';
import type { ReplicaContent } from './replica-content.ts';

/** What loading an index needs of the engine that it works for. */
export interface IndexLoadingAccess<Schema, Search> {
  readonly store: OpenStore<Schema, Search>;
  /** Runs a call in its turn. */
  call(call: Call<Schema, Search>): Promise<unknown>;
  /** Hears that the store was opened anew. */
  openedAgain(): void;
}

/** Loads the index of a replica, and sees to vectors that cannot be read. */
export class IndexLoading<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #access: IndexLoadingAccess<Schema, Search>;

  constructor(setup: EngineSetup<Schema, Search>, access: IndexLoadingAccess<Schema, Search>) {
    this.#setup = setup;
    this.#access = access;
  }

  /**
   * Vectors that cannot be read are taken from another generation, and where there is none, words alone are searched until
   * they have been made again. False when the store was opened anew for it, so that the caller has to begin again.
   */
  async load(content: ReplicaContent<Schema, Search>): Promise<boolean> {
    const { index, generation } = content;
    try {
      await index.ready();
    } catch (error) {
      if (!HearthlinkError.is(error, 'store-damaged')) throw error;
      if (await this.#access.store.openWithout(generation)) {
        this.#access.openedAgain();
        return false;
      }
      await index.ready({ withVectors: false });
      this.planDroppingVectors(content);
    }
    return true;
  }

  /** Once this turn is over. While the store cannot be written, it is for the next that notices. */
  planDroppingVectors(content: ReplicaContent<Schema, Search>): void {
    this.dropVectors(content).catch((error: unknown) => {
      this.#setup.log.warn('That vectors are lost could not be written down.', { code: HearthlinkError.from(error).code });
    });
  }

  /** The rows say no longer that there are vectors: they are made again. Once for a generation, whichever window does it. */
  dropVectors({ generation }: ReplicaContent<Schema, Search>): Promise<unknown> {
    const method = this.#setup.content.housekeeping.dropAllVectors;
    return this.#access.call({ id: `vectors-lost-${generation}`, method, argument: undefined });
  }
}
