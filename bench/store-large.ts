import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeLargeStore, type LargeStore } from './large-store.ts';
import { benchRow, median, quantile, timed, type BenchRow } from './rows.ts';
import { newFolder } from './store-rig.ts';

const bench = 'bench:store';
const rounds = 3;

export interface BundledWorkers {
  readonly store: string;
  readonly empty: string;
}

/** Windows on stores of 10,000 and 100,000 memories with their vectors. */
export async function largeRows(workers: BundledWorkers): Promise<BenchRow[]> {
  const folder = newFolder();
  const small = path.join(folder, 'small');
  const large = path.join(folder, 'large');
  const smallStore = await makeLargeStore(small, 10_000);
  const largeStore = await makeLargeStore(large, 100_000);
  const measure = (what: string, store: string, questions: readonly string[]) => {
    const script = path.join(import.meta.dirname, 'store-window.ts');
    return Number(execFileSync(process.execPath, [script, what, store, workers.store, workers.empty, JSON.stringify(questions)], { encoding: 'utf8' }));
  };
  const medianOf = (what: string, store: string, { vocabulary }: LargeStore) =>
    median(Array.from({ length: rounds }, () => measure(what, store, questionsOf(vocabulary))));

  const questions = questionsOf(largeStore.vocabulary);
  const fts5 = fts5P95(largeStore.texts, questions);
  const rows = [
    benchRow(bench, 'hybrid-100k-p95-vs-fts5-8-terms', median(Array.from({ length: rounds }, () => measure('recall', large, questions))) / fts5, 'ratio'),
    benchRow(bench, 'cold-start-100k-vs-empty-worker', medianOf('start', large, largeStore), 'ratio'),
    benchRow(bench, 'memory-100k-mb', medianOf('memory', large, largeStore), 'MB'),
    benchRow(bench, 'memory-10k-mb', medianOf('memory', small, smallStore), 'MB'),
  ];
  fs.rmSync(folder, { recursive: true });
  return rows;
}

/** Sentences: five words that say something, three that stand in most texts. */
function questionsOf(vocabulary: LargeStore['vocabulary']): string[] {
  return Array.from({ length: 40 }, () => [
    ...Array.from({ length: 3 }, () => vocabulary.drawBetween(0, 12)),
    ...Array.from({ length: 5 }, () => vocabulary.drawBetween(30, 3000)),
  ].join(' '));
}

/** The peer: words alone, ranked by FTS5 in this process, milliseconds. */
function fts5P95(texts: readonly string[], questions: readonly string[]): number {
  const database = new DatabaseSync(':memory:');
  database.exec("PRAGMA cache_size = -64000; CREATE VIRTUAL TABLE memory USING fts5(text, tokenize = 'unicode61'); BEGIN");
  const insert = database.prepare('INSERT INTO memory (rowid, text) VALUES (?, ?)');
  for (const [i, text] of texts.entries()) insert.run(i, text);
  database.exec("COMMIT; INSERT INTO memory (memory) VALUES ('optimize')");
  const search = database.prepare('SELECT rowid, text FROM memory WHERE memory MATCH ? ORDER BY rank LIMIT 20');
  const words = questions.map((text) => [...new Set(text.split(' '))].map((word) => `"${word}"`).join(' OR '));
  const times = Array.from({ length: rounds }, () => words.map((match) => timed(() => search.all(match)))).flat();
  database.close();
  return quantile(times, 0.95);
}
