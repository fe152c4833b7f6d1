import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { benchRow, median, quantile, type BenchRow } from './rows.ts';
import { newFolder } from './store-rig.ts';

const bench = 'bench:store';
const commitsOfEach = 1000;
const rounds = 3;

interface Run {
  readonly commitsPerSecond: number;
  readonly times: readonly number[];
}

/** Four windows that write as fast as they can, beside one. All must come to the same chain value. */
export async function processRows(): Promise<BenchRow[]> {
  const rates: number[] = [];
  const spreads: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const one = await run(1);
    const four = await run(4);
    rates.push(four.commitsPerSecond / one.commitsPerSecond);
    spreads.push(quantile(four.times, 0.99) / median(four.times));
  }
  return [
    benchRow(bench, 'four-processes-rate-vs-one', median(rates), 'ratio'),
    benchRow(bench, 'four-processes-p99-over-p50', median(spreads), 'ratio'),
  ];
}

async function run(processes: number): Promise<Run> {
  const folder = newFolder();
  const children = Array.from({ length: processes }, () => fork(path.join(import.meta.dirname, 'store-process.ts'), [folder, String(commitsOfEach)]));
  await Promise.all(children.map((child) => once(child, 'message')));
  const start = performance.now();
  const results = await Promise.all(children.map((child) => answerTo<{ times: number[] }>(child, 'go')));
  const took = performance.now() - start;
  const chains = await Promise.all(children.map((child) => answerTo<{ chain: string }>(child, 'compare')));
  for (const child of children) child.kill();
  fs.rmSync(folder, { recursive: true });
  if (new Set(chains.map(({ chain }) => chain)).size !== 1) throw new Error('The processes did not come to the same history.');
  return { commitsPerSecond: (processes * commitsOfEach * 1000) / took, times: results.flatMap(({ times }) => times) };
}

async function answerTo<T>(child: ChildProcess, message: string): Promise<T> {
  const answered: Promise<[T]> = once(child, 'message') as Promise<[T]>;
  child.send(message);
  return (await answered)[0];
}
