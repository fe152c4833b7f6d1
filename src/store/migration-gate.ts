import { HearthlinkError, type ErrorData } from '../shared/errors.ts';
import type { FrozenContent } from './backup-port.ts';

export interface MigrationGateParts {
  /** Tells the main thread what is about to be migrated. */
  readonly announce: (frozen: FrozenContent) => void;
  readonly release: (frozen: string) => Promise<void>;
}

/** In the store worker: holds a migration until the main thread has backed up what is there. */
export class MigrationGate {
  readonly #parts: MigrationGateParts;
  #answer: ((error: ErrorData | null) => void) | null = null;

  constructor(parts: MigrationGateParts) {
    this.#parts = parts;
  }

  /** @throws HearthlinkError why it was not backed up */
  async pass(frozen: FrozenContent): Promise<void> {
    try {
      const error = await new Promise<ErrorData | null>((resolve) => {
        this.#answer = resolve;
        this.#parts.announce(frozen);
      });
      if (error !== null) throw HearthlinkError.fromData(error);
    } finally {
      await this.#parts.release(frozen.frozen);
    }
  }

  /** @param error why the store is to be left as it is; null: it is backed up */
  open(error: ErrorData | null): void {
    this.#answer?.(error);
    this.#answer = null;
  }
}
