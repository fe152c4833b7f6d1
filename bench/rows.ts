import { readFileSync } from 'node:fs';

/** One measured line of a benchmark, beside its bar. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly bar: number;
  readonly better: 'lower' | 'higher';
  /** Null where it could not be measured on this machine. */
  readonly ok: boolean | null;
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
  const bar = bars[bench]?.find((candidate) => candidate.name === name);
  if (bar === undefined) throw new Error(`bars.json has no ${name} in ${bench}`);
  const ok = bar.better === 'lower' ? value <= bar.bar : value >= bar.bar;
  return { name, value, unit, peer: bar.peer ?? null, bar: bar.bar, better: bar.better, ok };
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
