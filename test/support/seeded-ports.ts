import { createIdSource } from '../../src/shared/ids.ts';
import type { Clock, IdSource, Log, LogFields, Timers } from '../../src/shared/ports.ts';

/** A clock and timers that stand still until they are moved. */
export class HandClock implements Clock, Timers {
  #now: number;
  #nextId = 0;
  readonly #waiting = new Map<number, { readonly due: number; readonly run: () => void }>();

  constructor(now = Date.UTC(2026, 2, 28, 21, 42)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const id = this.#nextId++;
    this.#waiting.set(id, { due: this.#now + milliseconds, run });
    return () => void this.#waiting.delete(id);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Moves on, running what falls due in order; what each of them starts gets its turn before the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#waiting].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => a.due - b.due);
      if (next === undefined) break;
      this.#waiting.delete(next[0]);
      this.#now = Math.max(this.#now, next[1].due);
      next[1].run();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** After everything that can run without time passing has run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Ids that sort in the order they were asked for, the same in every run. */
export function seededIds(clock: Clock, seed = 1): IdSource {
  let state = seed;
  return createIdSource(clock, {
    bytes: (length) =>
      Uint8Array.from({ length }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state >>> 24;
      }),
  });
}

/** Keeps what was logged, so that a test can see that no content is in it. */
export function keepingLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (message: string, fields?: LogFields) => void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
