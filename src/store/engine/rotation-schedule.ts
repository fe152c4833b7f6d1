import { HearthlinkError } from '../../shared/errors.ts';
import { markedGenerations } from '../generation/generation-reader.ts';
import { snapshotFile } from '../generation/names.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { Place } from './replica.ts';

/** After a rotation that failed, was another window's turn, or had no room. */
const pauseMs = 15 * 1000;

const defaultLimit = (snapshotBytes: number) => Math.max(4 * 1024 * 1024, snapshotBytes / 4);

/** Starts a rotation when the journal has become long enough. */
export class RotationSchedule<Schema, Search> {
  readonly #setup: EngineSetup<Schema, Search>;
  readonly #rotate: () => Promise<boolean>;
  /** Of the journal that was looked at last. */
  #limit = { journal: '', bytes: 0 };
  #notBefore = Number.NEGATIVE_INFINITY;
  #rotating = false;

  /** @param rotate false when it was another window's turn */
  constructor(setup: EngineSetup<Schema, Search>, rotate: () => Promise<boolean>) {
    this.#setup = setup;
    this.#rotate = rotate;
  }

  /** To be told after each commit. */
  reached({ journal, position }: Place): void {
    if (this.#rotating || position < this.#limitOf(journal.name) || this.#setup.clock.now() < this.#notBefore) return;
    this.#rotating = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    const { hasRoom = () => true } = this.#setup;
    try {
      if (!(await hasRoom()) || !(await this.#rotate())) this.#notBefore = this.#setup.clock.now() + pauseMs;
    } catch (error) {
      // The journal goes on as it is; nothing depends on a rotation.
      this.#notBefore = this.#setup.clock.now() + pauseMs;
      this.#setup.log.warn('No new generation could be written.', { code: HearthlinkError.from(error).code });
    } finally {
      this.#rotating = false;
    }
  }

  #limitOf(journal: string): number {
    if (this.#limit.journal !== journal) {
      const { files, rotateAtBytes = defaultLimit } = this.#setup;
      const [newest] = markedGenerations(files);
      this.#limit = { journal, bytes: rotateAtBytes(files.size(`${newest ?? ''}/${snapshotFile}`) ?? 0) };
    }
    return this.#limit.bytes;
  }
}
