/**
 * Keeps windows from racing for the same place in the journal. Safety never rests on it: it may be stolen, left behind, or
 * held by two at once, and costs no more than a batch that is run again.
 */
export interface WindowLock {
  acquire(options: LockWait): void;
  release(): void;
}

export interface LockWait {
  /** Waits a moment before it tries, since whoever has just had the lock would mostly get it again. */
  readonly letOthersGoFirst: boolean;
  /** Called again and again while another window has the lock, for what can be done without it. */
  readonly meanwhile: () => void;
}

/** For one window, and for tests that show that nothing depends on the lock. */
export const noLock: WindowLock = { acquire: () => undefined, release: () => undefined };
