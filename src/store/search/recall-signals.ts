import type { TimeSpan } from '../recall-port.ts';
import type { Bm25Index, SearchFilter } from './bm25-index.ts';
import { SparseScores } from './bm25-scoring.ts';
import type { DocumentTable } from './document-table.ts';
import { labelWords } from './document-text.ts';
import { none } from './group-chains.ts';
import type { LinkedVectors } from './linked-vectors.ts';
import { WordMatches } from './repeated-words.ts';
import { TopK } from './top-k.ts';
import { fold, splitWords } from './words.ts';

export interface RecallQuestion extends SearchFilter {
  readonly text: string;
  /** The question's embedding and the vectors of its model; null: by words alone. */
  readonly vector: Float32Array | null;
  /** The time it speaks of. */
  readonly during?: TimeSpan | null;
  /** Documents that are already in the prompt: never candidates, but still neighbours. */
  readonly excludedIds: ReadonlySet<string>;
  /** How many candidates each side, words and vectors, may name. */
  readonly limit: number;
}

/** What is known of one document that may answer a question. Scores are raw: of one question comparable, of two not. */
export interface RecallCandidate {
  /** Its number; ask `RecallSignals` for what belongs to it. */
  readonly document: number;
  /** Number, in this index, of the session that it is a turn of; null where it stands alone. */
  readonly group: number | null;
  /** When it was said, milliseconds. */
  readonly at: number;
  /** How many words it has that can be looked for, its speaker and date aside; null where it is no turn. */
  readonly length: number | null;
  /** BM25. */
  readonly words: NeighbourScores;
  /** What of `words` is owed to words that stand in the document itself as well; `own` is 0. */
  readonly repeatedWords: NeighbourScores;
  /** Standard scores of the vectors' cosines, 0 or above. */
  readonly meaning: NeighbourScores;
  /** BM25 of its whole session. */
  readonly session: number;
  /** Best BM25 and best standard score among the facts that were taken from it. */
  readonly factWords: number;
  readonly factMeaning: number;
  /** The question names who said it. */
  readonly namesSpeaker: boolean;
  /** It was said in the time that the question speaks of. */
  readonly isDuring: boolean;
}

/** A score of the document and of those around it in its session; 0 where there is none. */
export interface NeighbourScores {
  readonly own: number;
  readonly previous: number;
  readonly next: number;
  /** The two beyond these, together. */
  readonly far: number;
}

export interface RecallSignals {
  readonly candidates: readonly RecallCandidate[];
  /** Highest session score, whichever session's. */
  readonly topSession: number;
  /** Mean of all sessions' scores: near the highest where sessions do not differ, as in a store of one. */
  readonly meanSession: number;
  idOf(candidate: RecallCandidate): string;
  /** The words of the question that stand in it, as the user wrote them. */
  matchedWords(candidate: RecallCandidate): readonly string[];
}

export interface GatheredSignals extends RecallSignals {
  /** Whether it is a turn of a session; the index knows whether that may be recalled. Of what stands alone the rows know more. */
  isTurn(candidate: RecallCandidate): boolean;
  /** The number of the document with this id; of no candidate where there is none. */
  documentOf(id: string): number;
}

/**
 * Gathers what words, vectors, neighbours, sessions and facts say about the documents that may answer a question. The candidates
 * are the union of what words and what vectors put first, so that either alone can bring a document, and the neighbours and
 * sources of these. A fact speaks for the document it was taken from; where that one cannot be a candidate, for itself.
 */
export function gatherSignals(index: Bm25Index, vectors: LinkedVectors | null, question: RecallQuestion): GatheredSignals {
  const words = index.words(question.text);
  const { documents } = index;
  const eligible = index.eligible(question);
  const byWords = index.score(words);
  const bySession = index.scoreGroups(words, eligible);
  const byMeaning = vectors === null || question.vector === null ? nothing : vectors.standardScores(question.vector, eligible);
  const excluded = new Set([...question.excludedIds].map((id) => documents.find(id)));
  const gathering = { documents, eligible, excluded, limit: question.limit };
  const wordHits = best(byWords, gathering);
  const meaningHits = best(byMeaning, gathering);
  const numbers = new Set<number>();
  for (const document of [...wordHits.documents, ...meaningHits.documents]) addWithNeighbours(document, gathering, numbers);
  const during = question.during ?? null;
  if (during !== null) for (const document of saidDuring(during, byWords, gathering)) numbers.add(document);

  const named = namedSpeakers(question.text, documents);
  const matches = new WordMatches(words, documents.count);
  const candidates = Array.from(numbers, (document): RecallCandidate => {
    const beside = neighbours(document, gathering);
    const group = documents.groups.group(document);
    return {
      document,
      group: group === none ? null : group,
      at: documents.at(document),
      length: group === none ? null : Math.max(0, (documents.lengths[document] ?? 0) - labelWords),
      words: around(document, beside, byWords),
      repeatedWords: repeatedAround(document, beside, byWords, matches),
      meaning: around(document, beside, byMeaning),
      session: bySession.values[group] ?? 0,
      factWords: wordHits.facts.get(document) ?? 0,
      factMeaning: meaningHits.facts.get(document) ?? 0,
      namesSpeaker: named.has(documents.speaker(document)),
      isDuring: during !== null && isWithin(documents.at(document), during),
    };
  });
  const sessions = highestAndSum(bySession);
  for (const scores of [byWords, bySession, byMeaning]) scores.clear();
  return {
    candidates,
    topSession: sessions.highest,
    meanSession: sessions.sum / Math.max(1, documents.groups.filled),
    idOf: ({ document }) => documents.id(document),
    isTurn: ({ group }) => group !== null,
    documentOf: (id) => documents.find(id),
    matchedWords: ({ document }) => index.matchedWords(words, document),
  };
}

const nothing = new SparseScores();

interface Gathering {
  readonly documents: DocumentTable;
  /** 1 at the numbers of the documents that may be found. */
  readonly eligible: Uint8Array;
  readonly excluded: ReadonlySet<number>;
  readonly limit: number;
}

interface Hits {
  readonly documents: readonly number[];
  /** By source, the best score of a fact taken from it. */
  readonly facts: ReadonlyMap<number, number>;
}

/** The best documents under `scores`, and the sources of the best facts. */
function best(scores: SparseScores, { documents, eligible, excluded, limit }: Gathering): Hits {
  const bestDocuments = new TopK(limit);
  const bestFacts = new TopK(limit);
  const { sourceIds } = documents;
  const { values, touched, touchedCount } = scores;
  let { threshold } = bestDocuments;
  for (let i = 0; i < touchedCount; i++) {
    const document = touched[i] ?? 0;
    const score = values[document] ?? 0;
    // Nearly all are done with here.
    if ((score < threshold && sourceIds[document] === none) || eligible[document] !== 1) continue;
    const source = documents.source(document);
    if (eligible[source] === 1) {
      bestFacts.offer(document, score);
    } else if (!excluded.has(document)) {
      bestDocuments.offer(document, score);
      ({ threshold } = bestDocuments);
    }
  }
  const facts = new Map<number, number>();
  for (const { number, score } of bestFacts.take()) {
    const source = documents.source(number);
    if (!excluded.has(source)) facts.set(source, Math.max(score, facts.get(source) ?? 0));
  }
  return { documents: [...bestDocuments.take().map(({ number }) => number), ...facts.keys()], facts };
}

/** The turns of that time, those with the best words first and of equals the latest. */
function saidDuring(during: TimeSpan, { values }: SparseScores, { documents, eligible, excluded, limit }: Gathering): readonly number[] {
  const latest = new TopK(limit);
  const length = during.to - during.from;
  for (let document = 0; document < documents.count; document++) {
    const at = documents.at(document);
    if (!isWithin(at, during) || eligible[document] !== 1 || documents.groups.group(document) === none || excluded.has(document)) continue;
    latest.offer(document, (values[document] ?? 0) + (latenessAmongEquals * (at - during.from)) / length);
  }
  return latest.take().map(({ number }) => number);
}

/** Below any difference that words make. */
const latenessAmongEquals = 1e-6;

function isWithin(at: number, { from, to }: TimeSpan): boolean {
  return at >= from && at < to;
}

function highestAndSum({ values, touched, touchedCount }: SparseScores): { readonly highest: number; readonly sum: number } {
  let highest = 0;
  let sum = 0;
  for (let i = 0; i < touchedCount; i++) {
    const score = values[touched[i] ?? 0] ?? 0;
    highest = Math.max(highest, score);
    sum += score;
  }
  return { highest, sum };
}

function addWithNeighbours(document: number, gathering: Gathering, into: Set<number>): void {
  into.add(document);
  for (const neighbour of neighbours(document, gathering)) {
    if (neighbour !== none && !gathering.excluded.has(neighbour)) into.add(neighbour);
  }
}

/** Previous, next, the one before the previous, the one after the next, or `none`. */
type Neighbours = readonly [number, number, number, number];

/** The documents around this one in its session; what is not eligible is stepped over. */
function neighbours(document: number, { documents, eligible }: Gathering): Neighbours {
  const step = (from: number, direction: 'previous' | 'next'): number => {
    let at = from;
    for (let steps = 0; at !== none && steps < maxSteps; steps++) {
      at = documents.groups[direction](at);
      if (eligible[at] === 1) return at;
    }
    return none;
  };
  const previous = step(document, 'previous');
  const next = step(document, 'next');
  return [previous, next, step(previous, 'previous'), step(next, 'next')];
}

/** Where a branch this long is hidden, what lies beyond it is no neighbour. */
const maxSteps = 32;

function around(document: number, [previous, next, beforePrevious, afterNext]: Neighbours, { values }: SparseScores): NeighbourScores {
  return {
    own: values[document] ?? 0,
    previous: values[previous] ?? 0,
    next: values[next] ?? 0,
    far: (values[beforePrevious] ?? 0) + (values[afterNext] ?? 0),
  };
}

function repeatedAround(document: number, [previous, next, beforePrevious, afterNext]: Neighbours, { values }: SparseScores, matches: WordMatches): NeighbourScores {
  if ((values[document] ?? 0) === 0) return nothingRepeated;
  const own = matches.wordsIn(document);
  const repeated = (other: number): number => {
    const score = values[other] ?? 0;
    return score === 0 ? 0 : score * matches.shareOf(own, other);
  };
  return { own: 0, previous: repeated(previous), next: repeated(next), far: repeated(beforePrevious) + repeated(afterNext) };
}

const nothingRepeated: NeighbourScores = { own: 0, previous: 0, next: 0, far: 0 };

/** The speakers of whose names a word stands in the question. */
function namedSpeakers(text: string, documents: DocumentTable): ReadonlySet<number> {
  const spoken = new Set(splitWords(text).map(({ form }) => fold(form)));
  const named = new Set<number>();
  for (let number = 0; number < documents.speakers.size; number++) {
    const name = splitWords(documents.speakers.get(number));
    if (name.some(({ form }) => spoken.has(fold(form)))) named.add(number);
  }
  return named;
}
