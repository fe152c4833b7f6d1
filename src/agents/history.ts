import type { Exchange, Question } from './exchanges.ts';

/**
 * Where a prompt's history begins, and from where on attachments are still in it: ids of exchanges. Both only move forward,
 * and in large steps, because the engine reads everything after the first changed byte again.
 */
export interface HistoryCut {
  readonly exchange: string;
  readonly attachments: string;
}

export interface ShortenedHistory {
  readonly exchanges: readonly Exchange[];
  readonly question: Question;
  readonly cut: HistoryCut;
  readonly omittedMessages: number;
  readonly omittedAttachments: number;
  /** Tokens of history and question together. */
  readonly tokens: number;
}

export interface ShorteningRule {
  /** Tokens for history and question together. */
  readonly budget: number;
  /** Tokens of the person's words, of an answer, each with what stands around a turn; and of attachments. */
  readonly wordTokens: (entry: Question) => number;
  readonly answerTokens: (exchange: Exchange) => number;
  readonly attachmentTokens: (entry: Question) => number;
  /** The cut of the prompt before: it stays for as long as everything after it fits. */
  readonly lastCut: HistoryCut | null;
}

/**
 * Cuts the history so that it fits with the question. When it does not, attachments of earlier exchanges go first, then whole
 * exchanges, the oldest first, until half of the budget is free again. Without the cut of the prompt before, that prompt's
 * cut is found by going through the turns as they were, so that the same branch always gives the same prompt.
 * The question's own attachments go last, the last first, and its words never.
 */
export function shortenHistory(history: readonly Exchange[], question: Question, rule: ShorteningRule): ShortenedHistory {
  const entries: readonly Question[] = [...history, question];
  const sizes = new Sizes(history, question, rule);
  const known = rule.lastCut === null ? null : positionsOf(rule.lastCut, entries);
  let position: Position = known ?? { exchange: 0, attachments: 0 };
  for (let newest = known === null ? 0 : history.length; newest < entries.length; newest++) {
    position = moved(position, newest, sizes, rule.budget);
  }

  const bare = history.slice(position.exchange, position.attachments).map((entry) => ({ ...entry, attachments: [] }));
  const whole = history.slice(position.attachments);
  const rest = sizes.before(position, history.length);
  const fitting = fitAttachments(question, rule, rule.budget - rest);
  return {
    exchanges: [...bare, ...whole],
    question: fitting.question,
    cut: { exchange: idAt(entries, position.exchange), attachments: idAt(entries, position.attachments) },
    omittedMessages: history.slice(0, position.exchange).reduce((sum, { messageIds }) => sum + messageIds.length, 0),
    omittedAttachments: attachmentsIn(history.slice(0, position.attachments)) + attachmentsIn([question]) - attachmentsIn([fitting.question]),
    tokens: rest + fitting.tokens,
  };
}

interface Position {
  readonly exchange: number;
  readonly attachments: number;
}

/** Running sums, so that walking through a long chat does not measure it again at each turn. */
class Sizes {
  /** Sum over the exchanges before each index: words with answers, and attachments. */
  readonly #turns: number[] = [0];
  readonly #attachments: number[] = [0];
  readonly #questions: number[];

  constructor(history: readonly Exchange[], question: Question, rule: ShorteningRule) {
    for (const exchange of history) {
      this.#turns.push((this.#turns.at(-1) ?? 0) + rule.wordTokens(exchange) + rule.answerTokens(exchange));
      this.#attachments.push((this.#attachments.at(-1) ?? 0) + rule.attachmentTokens(exchange));
    }
    this.#questions = [...history, question].map((entry) => rule.wordTokens(entry) + rule.attachmentTokens(entry));
  }

  /** Of the history from `from` up to the question at `newest`, without it. */
  before(from: Position, newest: number): number {
    const sum = (sums: readonly number[], first: number): number => (sums[newest] ?? 0) - (sums[first] ?? 0);
    return sum(this.#turns, from.exchange) + sum(this.#attachments, from.attachments);
  }

  /** The same with the question. */
  with(from: Position, newest: number): number {
    return this.before(from, newest) + (this.#questions[newest] ?? 0);
  }
}

/** The cut for the turn whose question is the entry at `newest`. */
function moved(from: Position, newest: number, sizes: Sizes, budget: number): Position {
  if (sizes.with(from, newest) <= budget) return from;
  const target = budget / 2;
  let position = from;
  while (position.attachments < newest && sizes.with(position, newest) > target) position = { ...position, attachments: position.attachments + 1 };
  if (sizes.with(position, newest) <= budget) return position;
  while (position.exchange < newest && sizes.with(position, newest) > target) {
    const exchange = position.exchange + 1;
    position = { exchange, attachments: Math.max(exchange, position.attachments) };
  }
  return position;
}

function fitAttachments(question: Question, rule: ShorteningRule, budget: number): { readonly question: Question; readonly tokens: number } {
  let fitting = question;
  const tokensOf = (entry: Question): number => rule.wordTokens(entry) + rule.attachmentTokens(entry);
  while (fitting.attachments.length > 0 && tokensOf(fitting) > budget) fitting = { ...fitting, attachments: fitting.attachments.slice(0, -1) };
  return { question: fitting, tokens: tokensOf(fitting) };
}

function attachmentsIn(entries: readonly Question[]): number {
  return entries.reduce((sum, { attachments }) => sum + attachments.length, 0);
}

function positionsOf(cut: HistoryCut, entries: readonly Question[]): Position | null {
  const exchange = entries.findIndex(({ id }) => id === cut.exchange);
  const attachments = entries.findIndex(({ id }) => id === cut.attachments);
  return exchange < 0 || attachments < exchange ? null : { exchange, attachments };
}

function idAt(entries: readonly Question[], index: number): string {
  return entries[index]?.id ?? '';
}
