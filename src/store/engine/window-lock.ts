/**
 * Keeps windows from racing for the same place in the journal. Safety never rests on it: it may be stolen, left behind, or
 * held by two at once, and costs no more than a batch that is run again.
 */
export interface WindowLock {
  /** @param letOthersGoFirst waits a moment before it tries, since whoever has just had the lock would mostly get it again */
  acquire(options: { readonly letOthersGoFirst: boolean }): void;
  release(): void;
}

/** For one window, and for tests that show that nothing depends on the lock. */
export const noLock: WindowLock = { acquire: () => undefined, release: () => undefined };
