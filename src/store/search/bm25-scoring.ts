import type { DocumentTable } from './document-table.ts';
import { none } from './group-chains.ts';
import { postingDocument, postingFrequency, type PostingRun } from './posting-lists.ts';
import { grown } from './typed-arrays.ts';

/** `k1`: how soon repeating a word stops to help; `b`: how much long documents are marked down. */
export interface Bm25Parameters {
  readonly k1: number;
  readonly b: number;
  readonly inverseDocumentFrequency: InverseDocumentFrequency;
}

/** The weight of a word that `found` of `count` documents hold. */
export type InverseDocumentFrequency = (count: number, found: number) => number;

/** ln(1 + (count - found + 0.5) / (found + 0.5)), as Lucene has it: for sessions, most of which hold most words of a question. */
export const smoothedFrequency: InverseDocumentFrequency = (count, found) => Math.log(1 + (count - found + 0.5) / (found + 0.5));

/** Robertson's original without the one; words of more than half of the documents count next to nothing. SQLite's FTS5 has it. */
export const originalFrequency: InverseDocumentFrequency = (count, found) => Math.max(1e-6, Math.log((count - found + 0.5) / (found + 0.5)));

/**
 * Best for turns of a conversation: 1.6 points more recall than k1 1.2 and b 0.75 (LoCoMo). The names of the two who speak stand
 * in half of all turns; the original weight gives them none, and that a question names the speaker counts on its own.
 */
export const conversationParameters: Bm25Parameters = { k1: 0.9, b: 0.4, inverseDocumentFrequency: originalFrequency };

/** One score for each of many numbered things, and which of them are above zero. Kept and cleared, not made anew. */
export class SparseScores {
  values = new Float32Array(0);
  touched = new Uint32Array(0);
  touchedCount = 0;

  reserve(count: number): void {
    this.values = grown(this.values, count, Float32Array);
    this.touched = grown(this.touched, count, Uint32Array);
  }

  add(number: number, score: number): void {
    if (this.values[number] === 0) this.touched[this.touchedCount++] = number;
    this.values[number] = (this.values[number] ?? 0) + score;
  }

  clear(): void {
    // Of many it is quicker to clear all, in order.
    if (this.touchedCount > this.values.length / 8) this.values.fill(0);
    else for (let i = 0; i < this.touchedCount; i++) this.values[this.touched[i] ?? 0] = 0;
    this.touchedCount = 0;
  }
}

/** Adds the score of one word, given its postings, to every document that has it. */
export function scoreWord(runs: readonly PostingRun[], documents: DocumentTable, parameters: Bm25Parameters, into: SparseScores): void {
  const { aliveCount, lengths } = documents;
  if (aliveCount === 0) return;
  const weight = parameters.inverseDocumentFrequency(aliveCount, countAlive(runs, documents)) * (parameters.k1 + 1);
  const fixed = parameters.k1 * (1 - parameters.b);
  const perLength = (parameters.k1 * parameters.b * aliveCount) / Math.max(1, documents.totalLength);
  const { values, touched } = into;
  let { touchedCount } = into;
  for (const { entries, from, to } of runs) {
    for (let i = from; i < to; i++) {
      const posting = entries[i] ?? 0;
      const document = postingDocument(posting);
      const frequency = postingFrequency(posting);
      const score = values[document] ?? 0;
      if (score === 0) touched[touchedCount++] = document;
      values[document] = score + (weight * frequency) / (frequency + fixed + perLength * (lengths[document] ?? 0));
    }
  }
  into.touchedCount = touchedCount;
}

/**
 * The same for groups, as if each were one document made of its eligible ones (1 in `eligible`). `frequencies` is scratch
 * and comes back cleared.
 */
export function scoreWordInGroups(
  runs: readonly PostingRun[],
  documents: DocumentTable,
  eligible: Uint8Array,
  parameters: Bm25Parameters,
  frequencies: SparseScores,
  into: SparseScores,
): void {
  const { groups } = documents;
  const { groupNumbers } = groups;
  const { values, touched } = frequencies;
  let { touchedCount } = frequencies;
  for (const { entries, from, to } of runs) {
    for (let i = from; i < to; i++) {
      const posting = entries[i] ?? 0;
      const document = postingDocument(posting);
      const group = groupNumbers[document] ?? none;
      if (group === none || eligible[document] !== 1) continue;
      const frequency = values[group] ?? 0;
      if (frequency === 0) touched[touchedCount++] = group;
      values[group] = frequency + postingFrequency(posting);
    }
  }
  frequencies.touchedCount = touchedCount;
  const weight = smoothedFrequency(groups.filled, frequencies.touchedCount) * (parameters.k1 + 1);
  const fixed = parameters.k1 * (1 - parameters.b);
  const perLength = (parameters.k1 * parameters.b * groups.filled) / Math.max(1, groups.totalLength);
  for (let i = 0; i < frequencies.touchedCount; i++) {
    const group = frequencies.touched[i] ?? 0;
    const frequency = values[group] ?? 0;
    into.add(group, (weight * frequency) / (frequency + fixed + perLength * groups.length(group)));
  }
  frequencies.clear();
}

function countAlive(runs: readonly PostingRun[], documents: DocumentTable): number {
  const all = runs.reduce((sum, run) => sum + run.to - run.from, 0);
  if (documents.aliveCount === documents.count) return all;
  let alive = 0;
  for (const { entries, from, to } of runs) {
    for (let i = from; i < to; i++) if (documents.isAlive(postingDocument(entries[i] ?? 0))) alive++;
  }
  return alive;
}
