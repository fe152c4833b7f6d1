import { DatabaseSync } from 'node:sqlite';

import { plainAnalyzer } from '../src/store/search/analyzer.ts';
import { Bm25Index } from '../src/store/search/bm25-index.ts';
import { type Bm25Parameters, originalFrequency } from '../src/store/search/bm25-scoring.ts';
import { quantise } from '../src/store/search/quantisation.ts';
import { VectorIndex } from '../src/store/search/vector-index.ts';
import { type BenchRow, benchRow, median, quantile, timed } from './rows.ts';
import { createText, createVectors, createVocabulary, seededRandom, type Vocabulary } from './synthetic-corpus.ts';

const documentCount = 100_000;
const rounds = 3;
const top = 10;

/** Searching by words against FTS5, and by vectors against plain JavaScript, both over 100,000 memories in this process. */
export function searchRows(): BenchRow[] {
  return [...wordRows(), ...vectorRows()];
}

interface WordEngines {
  ours(text: string): readonly string[];
  fts5(text: string): readonly string[];
}

function wordRows(): BenchRow[] {
  const random = seededRandom(1);
  const vocabulary = createVocabulary(30_000, random);
  const engines = buildWordEngines(Array.from({ length: documentCount }, () => createText(vocabulary, 300)));
  const short = Array.from({ length: 200 }, () => question(vocabulary, 3, 0));
  const long = Array.from({ length: 40 }, () => question(vocabulary, 5, 3));
  const shared = [...short, ...long].map((text) => {
    const theirs = engines.fts5(text);
    return engines.ours(text).filter((id) => theirs.includes(id)).length / Math.max(1, theirs.length);
  });
  return [
    benchRow('bench:store', 'bm25-100k-3-terms-p95-vs-fts5', ratioOfP95(engines, short), 'ratio'),
    benchRow('bench:store', 'bm25-100k-8-terms-p95-vs-fts5', ratioOfP95(engines, long), 'ratio'),
    benchRow('bench:store', 'bm25-top10-overlap', shared.reduce((sum, share) => sum + share, 0) / shared.length, 'share'),
  ];
}

/** Words of the middle of the vocabulary, and some that stand in most documents, as in a sentence. */
function question(vocabulary: Vocabulary, contentWords: number, commonWords: number): string {
  const content = Array.from({ length: contentWords }, () => vocabulary.drawBetween(30, 3000));
  const common = Array.from({ length: commonWords }, () => vocabulary.drawBetween(0, 12));
  return [...common, ...content].join(' ');
}

/** FTS5's k1, b and weight of a word, which cannot be changed there. */
const fts5Parameters: Bm25Parameters = { k1: 1.2, b: 0.75, inverseDocumentFrequency: originalFrequency };

/** The same texts in both, with the same words, k1 and b, without anything that only one of them does. */
function buildWordEngines(texts: readonly string[]): WordEngines {
  const index = new Bm25Index({ analyzer: plainAnalyzer, parameters: fts5Parameters, textOf: ({ text }) => text });
  const database = new DatabaseSync(':memory:');
  database.exec("PRAGMA cache_size = -64000; CREATE VIRTUAL TABLE memory USING fts5(text, tokenize = 'unicode61'); BEGIN");
  const insert = database.prepare('INSERT INTO memory (rowid, text) VALUES (?, ?)');
  for (const [i, text] of texts.entries()) {
    insert.run(i, text);
    index.add({ id: String(i), group: 'facts', order: i, text, speaker: '', at: 0, kind: 'semantic', factOf: null, scope: 'shared', visible: true });
  }
  database.exec("COMMIT; INSERT INTO memory (memory) VALUES ('optimize')");
  const search = database.prepare('SELECT rowid AS id FROM memory WHERE memory MATCH ? ORDER BY rank LIMIT ?');
  return {
    ours: (text) => index.search(text, top).map(({ id }) => id),
    fts5: (text) => search.all([...new Set(text.split(' '))].map((word) => `"${word}"`).join(' OR '), top).map((row) => String(row['id'])),
  };
}

function ratioOfP95(engines: WordEngines, questions: readonly string[]): number {
  const ratios = Array.from({ length: rounds }, () => {
    const ours = questions.map((text) => timed(() => engines.ours(text)));
    const theirs = questions.map((text) => timed(() => engines.fts5(text)));
    return quantile(ours, 0.95) / quantile(theirs, 0.95);
  });
  return median(ratios);
}

function vectorRows(): BenchRow[] {
  const dimension = 768;
  const questionCount = 50;
  const random = seededRandom(2);
  const vectors = createVectors(documentCount + questionCount, dimension, random);
  const row = (i: number): Float32Array => vectors.subarray(i * dimension, (i + 1) * dimension);
  const index = new VectorIndex('synthetic', dimension);
  for (let i = 0; i < documentCount; i++) index.put(String(i), quantise(row(i)));
  const questions = Array.from({ length: questionCount }, (_, i) => row(documentCount + i));
  const stored = vectors.subarray(0, documentCount * dimension);
  const exact = (query: Float32Array): readonly string[] => nearestByScript(stored, dimension, query);
  const recalls = questions.map((query) => {
    const nearest = exact(query);
    return index.search(query, top).filter(({ id }) => nearest.includes(id)).length / top;
  });
  const ratios = Array.from({ length: rounds }, () => {
    const ours = questions.map((query) => timed(() => index.search(query, top)));
    const theirs = questions.map((query) => timed(() => exact(query)));
    return median(ours) / median(theirs);
  });
  return [
    benchRow('bench:store', 'vector-100k-p50-vs-js-float32', median(ratios), 'ratio'),
    benchRow('bench:store', 'vector-recall@10', recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length, 'share'),
  ];
}

/** The peer: one loop over float32. */
function nearestByScript(vectors: Float32Array, dimension: number, query: Float32Array): readonly string[] {
  const best: { id: number; product: number }[] = [];
  for (let start = 0, id = 0; start < vectors.length; start += dimension, id++) {
    let product = 0;
    for (let k = 0; k < dimension; k++) product += (vectors[start + k] ?? 0) * (query[k] ?? 0);
    if (best.length === top && product <= (best[top - 1]?.product ?? 0)) continue;
    best.push({ id, product });
    best.sort((a, b) => b.product - a.product);
    best.length = Math.min(best.length, top);
  }
  return best.map(({ id }) => String(id));
}
