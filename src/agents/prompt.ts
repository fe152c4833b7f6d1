import { HearthlinkError } from '../shared/errors.ts';
import { writeMemories, writeTime, type NoteTime } from '../memory/memory-notes.ts';
import type { ChatTurn } from '../models/port.ts';
import type { Message, Slice } from '../store/records.ts';
import { attachmentText, attachmentTokens } from './attachments.ts';
import { questionText, toExchanges, type Exchange, type Question, type QuestionMessage } from './exchanges.ts';
import { shortenHistory, type HistoryCut, type ShortenedHistory } from './history.ts';
import type { Persona } from './persona.ts';
import { shareWindow, tokensAroundTurn, type PromptBudget, type WindowUse } from './prompt-budget.ts';

export interface PromptInput {
  readonly persona: Persona;
  /** The branch before the new message, oldest first. */
  readonly branch: readonly Message[];
  readonly message: QuestionMessage;
  readonly window: WindowUse;
  readonly estimate: (text: string) => number;
  /** Of the prompt before, so that the history is not cut anew at each turn; null when there is none. */
  readonly lastCut: HistoryCut | null;
}

/** A prompt to which only the time and the memories are still missing. */
export interface PromptPlan {
  readonly persona: Persona;
  readonly history: ShortenedHistory;
  readonly budget: PromptBudget;
  /** Messages that stand in the prompt, which recall would only say twice, and those that are still being written. */
  readonly messageIds: readonly string[];
  readonly estimate: (text: string) => number;
}

export interface Prompt {
  readonly turns: readonly ChatTurn[];
  /** Ids of the slices that stand in it, best first. */
  readonly memoriesUsed: readonly string[];
  readonly omittedMemories: number;
  /** Estimated, with what a chat template adds. */
  readonly tokens: number;
}

/**
 * Decides what of the chat so far goes into the prompt. Memories have no part in it, so this can be known before recall.
 * @throws HearthlinkError `model-context-overflow` when the new message alone is too long for the window.
 */
export function planPrompt({ persona, branch, message, window, estimate, lastCut }: PromptInput): PromptPlan {
  const budget = shareWindow(window, estimate(persona.prompt));
  const { history, question, unfinishedIds } = toExchanges(branch, message);
  const shortened = shortenHistory(history, question, {
    budget: budget.chat,
    wordTokens: ({ words }) => estimate(`${words}\n\n`) + tokensAroundTurn,
    answerTokens: (exchange) => estimate(exchange.answer) + tokensAroundTurn,
    attachmentTokens: ({ attachments }) => attachments.reduce((sum, attachment) => sum + attachmentTokens(attachment, estimate), 0),
    lastCut,
  });
  if (shortened.tokens > budget.chat) {
    const promptTokens = window.contextTokens - budget.reply - budget.chat + shortened.tokens;
    throw new HearthlinkError('model-context-overflow', { promptTokens, contextTokens: window.contextTokens });
  }
  const told = [...shortened.exchanges, shortened.question].flatMap((entry) => entry.messageIds);
  return { persona, history: shortened, budget, messageIds: [...told, ...unfinishedIds], estimate };
}

/**
 * The whole prompt: the persona, then the history as it always was, and time and memories in the last message alone, so that
 * the next prompt begins with the very bytes of this one up to there.
 * @param memories best first.
 */
export function writePrompt(plan: PromptPlan, memories: readonly Slice[], time: NoteTime): Prompt {
  const { text, used, omitted } = writeMemories(memories, time, plan.budget.memories, plan.estimate);
  const turns: readonly ChatTurn[] = [
    { role: 'system', content: plan.persona.prompt },
    ...plan.history.exchanges.flatMap(exchangeTurns),
    { role: 'user', content: lastMessage(plan.history.question, [writeTime(time), text]) },
  ];
  return {
    turns,
    memoriesUsed: used.map(({ id }) => id),
    omittedMemories: omitted,
    tokens: tokensOf(turns, plan.estimate),
  };
}

/** Estimated tokens of a prompt, with what a chat template puts around each turn. */
export function tokensOf(turns: readonly ChatTurn[], estimate: (text: string) => number): number {
  return turns.reduce((sum, { content }) => sum + estimate(content) + tokensAroundTurn, 0);
}

function exchangeTurns(exchange: Exchange): readonly ChatTurn[] {
  return [
    { role: 'user', content: questionText(exchange) },
    { role: 'assistant', content: exchange.answer },
  ];
}

/** Attachments first, as in the history, since they are long and are read again only from the first changed byte on. */
function lastMessage(question: Question, notes: readonly string[]): string {
  return [...question.attachments.map(attachmentText), notesText(notes), question.words].join('\n\n');
}

function notesText(notes: readonly string[]): string {
  return `<notes>\n${notes.filter((note) => note !== '').join('\n')}\n</notes>`;
}
