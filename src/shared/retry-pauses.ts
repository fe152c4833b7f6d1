const secondMs = 1000;
const pausesMs = [secondMs, 5 * secondMs, 30 * secondMs] as const;
const longestPauseMs = 60 * secondMs;

/** How long to wait before a write that was refused is tried again: soon at first, and every minute from the fourth refusal on. */
export function retryPauseMs(refusals: number): number {
  return pausesMs[refusals - 1] ?? longestPauseMs;
}
