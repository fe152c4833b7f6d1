/** What the rooms below the composition roots are given instead of reading it from the machine. */

/** Wall-clock time in milliseconds since 1970, as `Date.now()` gives it. */
export interface Clock {
  now(): number;
}

/** Timers that a test can drive by hand. `after` returns the cancellation. */
export interface Timers {
  after(milliseconds: number, run: () => void): () => void;
}

/** A source of random bytes: `crypto.getRandomValues` in the product, a seeded generator in tests. */
export interface RandomSource {
  bytes(length: number): Uint8Array;
}

/** Makes ids that sort by time of creation. */
export interface IdSource {
  next(): string;
}

/** Where a room writes what a developer needs to know. Never the content of a message or a memory. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
