import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  /** How long to go on asking, in ms. */
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks until there is an answer. For what another process does and cannot announce.
 *
 * @param what named in the error
 * @param probe answers undefined or false for "not yet"
 * @throws Error when time is up
 */
export async function poll<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs = 10_000, everyMs = 50 }: PollOptions = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`Timed out after ${timeoutMs} ms: ${what}`);
    await delay(everyMs);
  }
}

/** A limit to race against; its timer keeps no process alive. */
export function limit<T>(ms: number, value: T): Promise<T> {
  return delay(ms, value, { ref: false });
}
