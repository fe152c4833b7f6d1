import { HearthlinkError, type ErrorCode } from '../shared/errors.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import { recallText, type PendingRecall, type Recall } from '../memory/recall.ts';
import type { ChatModel, ChatStatistics, ModelChoice, TokenEstimator } from '../models/port.ts';
import type { ReplyEnd } from '../store/message-port.ts';
import type { Message, MessageOrigin, ReplyStatistics } from '../store/records.ts';
import type { HistoryCut } from './history.ts';
import type { Persona } from './persona.ts';
import { planPrompt, tokensOf, writePrompt, type Prompt, type PromptPlan } from './prompt.ts';
import { ReplyWriter } from './reply-writer.ts';
import type { ContextUse, TurnEvent } from './turn-events.ts';
import type { TurnSettings } from './turn-settings.ts';
import type { Transcript } from './transcript.ts';

export interface TurnParts {
  readonly agent: Persona;
  /** Memory does not answer in a private chat, also not when the model cannot. */
  readonly isPrivate: boolean;
  readonly transcript: Transcript;
  readonly recall: Recall;
  readonly model: ChatModel;
  readonly choice: ModelChoice;
  readonly tokens: TokenEstimator;
  /** Names this window; leases are held in its name. */
  readonly holder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly emit: (event: TurnEvent) => void;
}

/** What a reply is made for: a question that is stored, and the branch it stands on. */
export interface TurnQuestion {
  readonly message: Pick<Message, 'id' | 'text' | 'attachments'>;
  /** The messages before it, oldest first. */
  readonly branch: () => Promise<readonly Message[]>;
  readonly reply: Message;
  readonly settings: TurnSettings;
  /** Chosen for this reply alone; null: the chosen one. */
  readonly model: string | null;
  readonly lastCut: HistoryCut | null;
  readonly recalling: PendingRecall;
}

export interface TurnResult {
  readonly reply: Message;
  /** Where the prompt's history was cut; null where no prompt was made. */
  readonly cut: HistoryCut | null;
}

/** Errors that mean: no model can be reached, so memory answers alone. */
const unreachable: readonly ErrorCode[] = ['model-not-running', 'model-none-chosen', 'model-circuit-open'];

/** More candidates than fit into any budget of 3,000 tokens. */
const mostMemories = 60;
const memoriesWithoutModel = 5;
const tokensWithoutModel = 1_000;

/** The words to search memory with, from the person's message and the branch before it. */
export function questionOf(text: string, branch: readonly Message[]): string {
  return recallText(text, branch.findLast(({ role }) => role === 'user')?.text ?? null);
}

/**
 * Makes one reply and stores it: recall, prompt, stream. Errors of the model end in the stored reply, not in a rejection.
 * @throws HearthlinkError of the store when the end of the reply cannot be stored.
 */
export async function answer(parts: TurnParts, question: TurnQuestion, signal: AbortSignal): Promise<TurnResult> {
  const reply = new ReplyInProgress(parts, question);
  try {
    await reply.stream(signal);
    return await reply.finish('complete', null);
  } catch (error) {
    if (reply.isOver) throw error;
    if (signal.aborted || HearthlinkError.is(error, 'cancelled')) return reply.finish('stopped', null);
    const failure = HearthlinkError.from(error);
    parts.log.warn('A reply ended early.', { code: failure.code });
    if (unreachable.includes(failure.code) && reply.isEmpty && !parts.isPrivate) await reply.answerFromMemory();
    return reply.finish(reply.origin === 'recall' ? 'complete' : 'failed', failure);
  }
}

class ReplyInProgress {
  readonly #parts: TurnParts;
  readonly #question: TurnQuestion;
  readonly #writer: ReplyWriter;
  #length = 0;
  #thought = false;
  #thinkingSince: number | null = null;
  #thinkingMs: number | null = null;
  #plan: PromptPlan | null = null;
  #prompt: Prompt | null = null;
  #statistics: ChatStatistics | null = null;
  #memoriesUsed: readonly string[] = [];
  #origin: MessageOrigin = 'model';
  #model: string | null;
  #window = 0;
  #over = false;

  constructor(parts: TurnParts, question: TurnQuestion) {
    this.#parts = parts;
    this.#question = question;
    this.#model = question.model;
    this.#writer = new ReplyWriter(parts, question.reply.id);
  }

  get isEmpty(): boolean {
    return this.#length === 0 && !this.#thought;
  }

  get origin(): MessageOrigin {
    return this.#origin;
  }

  /** True from the moment the end is being stored: then nothing else may end it. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Streams the model's reply. A prompt that the server finds too long is made again once, by the server's numbers. */
  async stream(signal: AbortSignal): Promise<void> {
    const { choice } = this.#parts;
    this.#model ??= await choice.chatModel(signal);
    if (this.#model === null) throw new HearthlinkError('model-none-chosen');
    this.#window = await choice.contextTokens(this.#model, signal);
    await this.#askTwice(this.#model, signal);
  }

  /** No model spoke: the reply is what is remembered. */
  async answerFromMemory(): Promise<void> {
    const { message, recalling } = this.#question;
    const { hits } = await recalling.find({
      excludeMessageIds: [message.id],
      limit: memoriesWithoutModel,
      tokenBudget: tokensWithoutModel,
      charactersPerToken: 4,
    });
    this.#origin = 'recall';
    this.#memoriesUsed = hits.map(({ slice }) => slice.id);
  }

  async finish(status: ReplyEnd['status'], error: HearthlinkError | null): Promise<TurnResult> {
    this.#over = true;
    this.#endThinking();
    const rest = await this.#writer.close();
    const reply = await this.#parts.transcript.finishReply({
      ...rest,
      messageId: this.#question.reply.id,
      status,
      thinkingMs: this.#thinkingMs,
      model: this.#model,
      origin: this.#origin,
      error: error === null ? null : error.toData(),
      statistics: this.#replyStatistics(),
      memoriesUsed: this.#memoriesUsed,
      at: this.#parts.clock.now(),
    });
    this.#parts.emit({ type: 'finished', reply, context: this.#contextUse() });
    return { reply, cut: this.#plan?.history.cut ?? null };
  }

  async #askTwice(model: string, signal: AbortSignal): Promise<void> {
    const estimate = (text: string): number => this.#parts.tokens.estimate(model, text);
    try {
      await this.#ask(model, estimate, signal);
    } catch (error) {
      if (!HearthlinkError.is(error, 'model-context-overflow') || this.#prompt === null || !this.isEmpty) throw error;
      const { promptTokens, contextTokens } = error.parameters;
      if (typeof contextTokens === 'number') this.#window = Math.min(this.#window, contextTokens);
      // Estimated anew: what the server counted may have been learned from already.
      const estimated = tokensOf(this.#prompt.turns, estimate);
      const longer = typeof promptTokens === 'number' ? Math.max(1, (promptTokens / estimated) * 1.02) : 1.25;
      this.#parts.log.info('The prompt was too long and is made again.', { estimated, counted: Number(promptTokens) });
      await this.#ask(model, (text) => Math.ceil(estimate(text) * longer), signal);
    }
  }

  async #ask(model: string, estimate: (text: string) => number, signal: AbortSignal): Promise<void> {
    const prompt = await this.#makePrompt(model, estimate);
    const request = { model, messages: prompt.turns, maxReplyTokens: this.#plan?.budget.reply ?? 0, think: this.#question.settings.think };
    for await (const event of this.#parts.model.chat(request, signal)) {
      const messageId = this.#question.reply.id;
      switch (event.type) {
        case 'waiting':
          this.#parts.emit({ ...event, messageId, model });
          break;
        case 'thinking':
          this.#thinkingSince ??= this.#parts.clock.now();
          this.#add('', event.text);
          break;
        case 'text':
          this.#endThinking();
          this.#add(event.text, '');
          break;
        case 'end':
          if (event.promptCut === true) this.#parts.log.warn('The server has left out a part of the prompt.', { model });
          this.#statistics = event.statistics;
          break;
      }
    }
  }

  async #makePrompt(model: string, estimate: (text: string) => number): Promise<Prompt> {
    const { agent, clock, tokens } = this.#parts;
    const { lastCut, message, recalling, settings } = this.#question;
    const branch = await this.#question.branch();
    const plan = planPrompt({ persona: agent, branch, message, window: { ...settings, contextTokens: this.#window }, estimate, lastCut });
    const { hits, omitted } = await recalling.find({
      excludeMessageIds: plan.messageIds,
      limit: mostMemories,
      tokenBudget: plan.budget.memories,
      charactersPerToken: tokens.charactersPerToken(model),
    });
    const prompt = writePrompt(plan, hits.map(({ slice }) => slice), { now: clock.now() });
    this.#plan = plan;
    this.#prompt = { ...prompt, omittedMemories: prompt.omittedMemories + omitted };
    this.#memoriesUsed = prompt.memoriesUsed;
    return prompt;
  }

  #add(text: string, thinking: string): void {
    this.#writer.add(text, thinking);
    this.#parts.emit({ type: 'delta', messageId: this.#question.reply.id, text, thinking, length: this.#length });
    this.#length += text.length;
    this.#thought ||= thinking !== '';
  }

  #endThinking(): void {
    if (this.#thinkingSince !== null) this.#thinkingMs ??= this.#parts.clock.now() - this.#thinkingSince;
  }

  #replyStatistics(): ReplyStatistics | null {
    if (this.#plan === null || this.#prompt === null) return null;
    const unknown: ChatStatistics = { promptTokens: null, replyTokens: null, loadMs: null, promptMs: null, replyMs: null };
    const { omittedMessages, omittedAttachments } = this.#plan.history;
    return { ...(this.#statistics ?? unknown), omittedMessages, omittedAttachments, omittedMemories: this.#prompt.omittedMemories };
  }

  /** By the server's count where it gave one. */
  #contextUse(): ContextUse | null {
    if (this.#prompt === null) return null;
    const promptTokens = this.#statistics?.promptTokens ?? this.#prompt.tokens;
    return { usedTokens: promptTokens + (this.#statistics?.replyTokens ?? 0), sizeTokens: this.#window };
  }
}
