import { readFileSync } from 'node:fs';

/** One measured line of a benchmark, beside its bar. */
export interface BenchRow {
  readonly name: string;
  /** Null where it could not be measured on this machine. */
  readonly value: number | null;
  readonly unit: string;
  readonly peer: string | null;
  readonly bar: number;
  readonly better: 'lower' | 'higher';
  /** Null where it was not measured. */
  readonly ok: boolean | null;
  /** Why it was not measured. */
  readonly reason?: string;
}

interface Bar {
  readonly name: string;
  readonly better: 'lower' | 'higher';
  readonly bar: number;
  readonly peer?: string;
}

const bars: Record<string, readonly Bar[]> = JSON.parse(readFileSync(new URL('bars.json', import.meta.url), 'utf8'));

/** A value beside the bar of that name in `bars.json`, which must have one. */
export function benchRow(bench: string, name: string, value: number, unit: string): BenchRow {
  const { bar, better, peer } = barOf(bench, name);
  return { name, value, unit, peer: peer ?? null, bar, better, ok: better === 'lower' ? value <= bar : value >= bar };
}

/** The row of something that this machine cannot measure. */
export function missingRow(bench: string, name: string, unit: string, reason: string): BenchRow {
  const { bar, better, peer } = barOf(bench, name);
  return { name, value: null, unit, peer: peer ?? null, bar, better, ok: null, reason };
}

function barOf(bench: string, name: string): Bar {
  const bar = bars[bench]?.find((candidate) => candidate.name === name);
  if (bar === undefined) throw new Error(`bars.json has no ${name} in ${bench}`);
  return bar;
}

/** The value below which a share of all lies, 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Milliseconds that `run` took. */
export function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** Milliseconds until what `run` began was over. */
export async function timedAsync(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
