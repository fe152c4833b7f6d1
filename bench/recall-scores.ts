import type { Conversation, Question } from './recall-data.ts';
import { median, quantile } from './rows.ts';

/** What recall answered to one question. */
export interface Answer {
  readonly question: Question;
  /** Ids of turns, best first. */
  readonly turns: readonly string[];
  readonly milliseconds: number;
}

/** Shares in percent, means over the questions. */
export interface Scores {
  readonly questions: number;
  readonly recallAt5: number;
  readonly recallAt10: number;
  readonly recallAt50: number;
  /** Mean reciprocal rank of the first turn that is evidence. */
  readonly mrr: number;
  /** A session with evidence is first, or among the first five; sessions in the order of their best turns. */
  readonly sessionHitAt1: number;
  readonly sessionHitAt5: number;
  readonly evidenceIn1000Tokens: number;
}

/** Words that a prompt says of each turn besides its text: the date, and who speaks. */
const labelWords = 2;
const tokensPerWord = 1.35;

export function scoresOf(answers: readonly Answer[], wordsOf: (turn: string) => number): Scores {
  const mean = (of: (answer: Answer) => number): number => (100 * answers.reduce((sum, answer) => sum + of(answer), 0)) / answers.length;
  const recallAt = (count: number) => (answer: Answer) => found(answer, answer.turns.slice(0, count));
  return {
    questions: answers.length,
    recallAt5: mean(recallAt(5)),
    recallAt10: mean(recallAt(10)),
    recallAt50: mean(recallAt(50)),
    mrr: mean(({ question, turns }) => 1 / (1 + indexOrInfinity(turns.findIndex((turn) => question.evidence.has(turn))))),
    sessionHitAt1: mean((answer) => sessionHit(answer, 1)),
    sessionHitAt5: mean((answer) => sessionHit(answer, 5)),
    evidenceIn1000Tokens: mean((answer) => found(answer, inBudget(answer.turns, 1000, wordsOf))),
  };
}

export function latencyOf(answers: readonly Answer[]): { readonly p50: number; readonly p95: number } {
  const all = answers.map(({ milliseconds }) => milliseconds);
  return { p50: median(all), p95: quantile(all, 0.95) };
}

/** How many words a turn has, by its id. */
export function wordCounts(conversations: readonly Conversation[]): (turn: string) => number {
  const turns = conversations.flatMap(({ sessions }) => sessions.flatMap((session) => session.turns));
  const counts = new Map(turns.map(({ id, text }) => [id, text.split(/\s+/).length]));
  return (turn) => counts.get(turn) ?? 0;
}

function found({ question: { evidence } }: Answer, turns: readonly string[]): number {
  const given = new Set(turns);
  return [...evidence].filter((turn) => given.has(turn)).length / evidence.size;
}

function indexOrInfinity(index: number): number {
  return index === -1 ? Infinity : index;
}

function sessionHit({ question, turns }: Answer, count: number): number {
  const sessions = [...new Set(turns.map(sessionOf))].slice(0, count);
  const wanted = new Set([...question.evidence].map(sessionOf));
  return sessions.some((session) => wanted.has(session)) ? 1 : 0;
}

function sessionOf(turn: string): string {
  return turn.slice(0, turn.lastIndexOf(':'));
}

/** The best that fit, in order; one that is too long is passed over. */
function inBudget(turns: readonly string[], tokens: number, wordsOf: (turn: string) => number): readonly string[] {
  let left = tokens;
  return turns.filter((turn) => {
    const size = tokensPerWord * (labelWords + wordsOf(turn));
    if (size > left) return false;
    left -= size;
    return true;
  });
}
