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
  /** Tokens of an exchange or question without its attachments, what stands around its turns included. */
  readonly wordTokens: (entry: Exchange | Question) => number;
  readonly attachmentTokens: (entry: Exchange | Question) => number;
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
  const entries = [...history, question];
  const sizes = new Sizes(entries, rule);
  const known = rule.lastCut === null ? null : positionsOf(rule.lastCut, entries);
  let position: Position = known ?? { exchange: 0, attachments: 0 };
  for (let newest = known === null ? 0 : history.length; newest < entries.length; newest++) {
    position = moved(position, newest, sizes, rule.budget);
  }

  const exchanges = history.slice(position.exchange).map((entry, index) => (position.exchange + index < position.attachments ? { ...entry, attachments: [] } : entry));
  const rest = sizes.between(position, history.length - 1);
  const fitting = fitAttachments(question, rule, rule.budget - rest);
  return {
    exchanges,
    question: fitting.question,
    cut: { exchange: idAt(entries, position.exchange), attachments: idAt(entries, position.attachments) },
    omittedMessages: history.slice(0, position.exchange).reduce((sum, { messageIds }) => sum + messageIds.length, 0),
    omittedAttachments: history.slice(0, position.attachments).reduce((sum, entry) => sum + entry.attachments.length, 0) + question.attachments.length - fitting.question.attachments.length,
    tokens: rest + fitting.tokens,
  };
}

interface Position {
  readonly exchange: number;
  readonly attachments: number;
}

/** Running sums, so that walking through a long chat does not measure it again at each turn. */
class Sizes {
  readonly #words: number[] = [0];
  readonly #attachments: number[] = [0];

  constructor(entries: readonly (Exchange | Question)[], rule: ShorteningRule) {
    for (const entry of entries) {
      this.#words.push((this.#words.at(-1) ?? 0) + rule.wordTokens(entry));
      this.#attachments.push((this.#attachments.at(-1) ?? 0) + (entry.attachments.length === 0 ? 0 : rule.attachmentTokens(entry)));
    }
  }

  /** Of everything from `from` up to and with the entry at `last`. */
  between(from: Position, last: number): number {
    return this.#sum(this.#words, from.exchange, last) + this.#sum(this.#attachments, from.attachments, last);
  }

  #sum(sums: readonly number[], first: number, last: number): number {
    return (sums[last + 1] ?? 0) - (sums[first] ?? 0);
  }
}

/** The cut for the turn whose question is the entry at `newest`. */
function moved(from: Position, newest: number, sizes: Sizes, budget: number): Position {
  if (sizes.between(from, newest) <= budget) return from;
  const target = budget / 2;
  let position = from;
  while (position.attachments < newest && sizes.between(position, newest) > target) position = { ...position, attachments: position.attachments + 1 };
  if (sizes.between(position, newest) <= budget) return position;
  while (position.exchange < newest && sizes.between(position, newest) > target) {
    const exchange = position.exchange + 1;
    position = { exchange, attachments: Math.max(exchange, position.attachments) };
  }
  return position;
}

function fitAttachments(question: Question, rule: ShorteningRule, budget: number): { readonly question: Question; readonly tokens: number } {
  let fitting = question;
  const tokensOf = (entry: Question): number => rule.wordTokens(entry) + (entry.attachments.length === 0 ? 0 : rule.attachmentTokens(entry));
  while (fitting.attachments.length > 0 && tokensOf(fitting) > budget) fitting = { ...fitting, attachments: fitting.attachments.slice(0, -1) };
  return { question: fitting, tokens: tokensOf(fitting) };
}

function positionsOf(cut: HistoryCut, entries: readonly (Exchange | Question)[]): Position | null {
  const exchange = entries.findIndex(({ id }) => id === cut.exchange);
  const attachments = entries.findIndex(({ id }) => id === cut.attachments);
  return exchange < 0 || attachments < exchange ? null : { exchange, attachments };
}

function idAt(entries: readonly (Exchange | Question)[], index: number): string {
  return entries[index]?.id ?? '';
}
