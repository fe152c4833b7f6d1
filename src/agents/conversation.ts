import { HearthlinkError } from '../shared/errors.ts';
import { Emitter, type Event } from '../shared/events.ts';
import { OneAtATime } from '../shared/one-at-a-time.ts';
import type { IdSource } from '../shared/ports.ts';
import { recallNothing, type Recall } from '../memory/recall.ts';
import type { MessagePage, StartedTurn } from '../store/message-port.ts';
import type { Store } from '../store/port.ts';
import type { Message } from '../store/records.ts';
import type { HistoryCut } from './history.ts';
import type { Persona } from './persona.ts';
import { createPrivateTranscript } from './private-transcript.ts';
import { replyLeaseMs } from './reply-writer.ts';
import { createStoredTranscript, type NewChat, type Transcript, type TranscriptTurn } from './transcript.ts';
import { answer, questionOf, type TurnParts } from './turn.ts';
import type { OutgoingMessage, RunningTurn, TurnEvent } from './turn-events.ts';
import type { TurnSettings } from './turn-settings.ts';

/** A chat between a person and one agent: kept in the store, or private and in memory alone. */
export interface Conversation {
  readonly agent: Persona;
  /** True: neither recalls nor captures, and no message of it reaches the store. */
  readonly isPrivate: boolean;
  /** Null until the first message is stored. */
  readonly sessionId: string | null;
  readonly running: readonly RunningTurn[];
  readonly onDidHappen: Event<TurnEvent>;
  /** Resolves once the message and an empty reply are stored; the reply then comes by events. */
  send(message: OutgoingMessage): Promise<RunningTurn>;
  /** Answers the same question again as a sibling of `replyId`; both answers are kept. `model` null: the chosen one. */
  answerAgain(replyId: string, model: string | null): Promise<RunningTurn>;
  /** Shows another sibling: the newest leaf below it becomes the active one. */
  showBranch(messageId: string): Promise<void>;
  /** The active branch, oldest first. */
  page(query: { readonly beforeId?: string; readonly limit: number }): Promise<MessagePage>;
  get(messageId: string): Promise<Message | null>;
  /** Stops every running reply of this conversation in this window. */
  stop(): void;
}

/** What a conversation needs, whichever kind it is. */
export interface ConversationParts extends Pick<TurnParts, 'agent' | 'model' | 'choice' | 'tokens' | 'holder' | 'clock' | 'timers' | 'log'> {
  readonly ids: IdSource;
  /** Read anew for each turn. */
  readonly settings: () => TurnSettings;
}

export interface StoredConversationParts extends ConversationParts {
  readonly store: Store;
  readonly recall: Recall;
  /** Heard after each stored reply, off the reply's path: titles, capture, embeddings. */
  readonly afterTurn: (turn: FinishedTurn) => Promise<void>;
}

export interface FinishedTurn {
  readonly sessionId: string;
  /** The question, also when it was answered again. */
  readonly userMessageId: string;
  readonly reply: Message;
  /** True when this turn stored the person's message, false when an answer was made again. */
  readonly isNewMessage: boolean;
}

/** A chat in the store, or a new one that is stored with its first message. */
export function createConversation(parts: StoredConversationParts, chat: { readonly sessionId: string } | Omit<NewChat, 'agentId'>): Conversation {
  const kind = 'sessionId' in chat ? chat : { ...chat, agentId: parts.agent.id };
  return new OpenConversation(parts, createStoredTranscript(parts.store, kind, parts), parts.recall, parts.afterTurn);
}

/** A chat that neither recalls nor captures and is in memory alone: there is no store among its parts. */
export function createPrivateConversation(parts: ConversationParts): Conversation {
  return new OpenConversation(parts, createPrivateTranscript(), recallNothing, null);
}

/** More turns than fit into any window that a local model has today; a prompt's history is cut from these. */
const longestBranch = 400;

/** Where a turn goes, and what it answers. */
interface TurnStart {
  /** The branch before the question, oldest first. */
  readonly branch: readonly Message[];
  readonly question: Pick<Message, 'id' | 'text' | 'attachments'>;
  readonly user: TranscriptTurn['user'];
  readonly model: string | null;
}

class OpenConversation implements Conversation {
  readonly agent: Persona;
  readonly isPrivate: boolean;
  readonly onDidHappen: Event<TurnEvent>;
  readonly #parts: ConversationParts;
  readonly #transcript: Transcript;
  readonly #recall: Recall;
  readonly #afterTurn: StoredConversationParts['afterTurn'] | null;
  readonly #events: Emitter<TurnEvent>;
  readonly #emit = (event: TurnEvent): void => {
    this.#events.fire(event);
  };
  readonly #running = new Map<string, RunningTurn>();
  /** So that two quick messages become two turns, one after the other, of one chat. */
  readonly #starts = new OneAtATime();
  #lastCut: HistoryCut | null = null;

  constructor(parts: ConversationParts, transcript: Transcript, recall: Recall, afterTurn: StoredConversationParts['afterTurn'] | null) {
    this.agent = parts.agent;
    this.isPrivate = afterTurn === null;
    this.#parts = parts;
    this.#transcript = transcript;
    this.#recall = recall;
    this.#afterTurn = afterTurn;
    this.#events = new Emitter((error) => {
      parts.log.error('A listener of the chat failed.', { code: HearthlinkError.from(error).code });
    });
    this.onDidHappen = this.#events.event;
  }

  get sessionId(): string | null {
    return this.#transcript.sessionId;
  }

  get running(): readonly RunningTurn[] {
    return [...this.#running.values()];
  }

  send(message: OutgoingMessage): Promise<RunningTurn> {
    return this.#starts.run(async () => {
      const { editOf, text, attachments } = message;
      const parentId = editOf === null ? await this.#activeLeaf() : (await this.#message(editOf)).parentId;
      const question = { id: this.#parts.ids.next(), text, attachments };
      const user = { ...question, parentId, atActiveLeaf: editOf === null };
      return this.#start({ branch: await this.#branchTo(parentId), question, user, model: null });
    });
  }

  answerAgain(replyId: string, model: string | null): Promise<RunningTurn> {
    return this.#starts.run(async () => {
      const { parentId } = await this.#message(replyId);
      const branch = await this.#branchTo(parentId);
      const question = branch.at(-1);
      if (question?.role !== 'user') throw new HearthlinkError('invalid-input', { field: 'replyId', detail: 'not a reply' });
      return this.#start({ branch: branch.slice(0, -1), question, user: null, model });
    });
  }

  async showBranch(messageId: string): Promise<void> {
    await this.#transcript.activate(messageId);
  }

  page(query: { readonly beforeId?: string; readonly limit: number }): Promise<MessagePage> {
    return this.#transcript.page(query);
  }

  get(messageId: string): Promise<Message | null> {
    return this.#transcript.get(messageId);
  }

  stop(): void {
    for (const turn of this.running) turn.stop();
  }

  /** Stores the turn and begins the reply. The question is embedded while the store writes. */
  async #start(start: TurnStart): Promise<RunningTurn> {
    const { branch, question, model } = start;
    const abort = new AbortController();
    const recalling = this.#recall.begin({ text: questionOf(question.text, branch), sessionId: this.sessionId }, abort.signal);
    const started = await this.#store(start).catch((error: unknown) => {
      abort.abort();
      throw error;
    });
    this.#events.fire({ type: 'started', ...started });
    const result = answer(
      { ...this.#parts, transcript: this.#transcript, recall: this.#recall, isPrivate: this.isPrivate, emit: this.#emit },
      {
        message: question,
        branch: () => this.#branchAsStored(branch, started),
        reply: started.reply,
        settings: this.#parts.settings(),
        model,
        lastCut: this.#lastCut,
        recalling,
      },
      abort.signal,
    );
    const finished = result.then(({ reply, cut }) => {
      this.#lastCut = cut ?? this.#lastCut;
      return reply;
    });
    const turn: RunningTurn = { replyId: started.reply.id, stop: () => { abort.abort(); }, finished };
    this.#running.set(turn.replyId, turn);
    void this.#follow(turn, question.id, started.user);
    return turn;
  }

  #store({ question, user, model }: TurnStart): Promise<StartedTurn> {
    const at = this.#parts.clock.now();
    const reply = { id: this.#parts.ids.next(), parentId: question.id, origin: 'model', model } as const;
    return this.#transcript.startTurn({ user, reply, holder: this.#parts.holder, leaseUntil: at + replyLeaseMs, at });
  }

  /** What is done when a reply has ended, whatever its end. */
  async #follow(turn: RunningTurn, userMessageId: string, user: Message | null): Promise<void> {
    let reply: Message;
    try {
      reply = await turn.finished;
    } catch (error) {
      const failure = HearthlinkError.from(error);
      this.#parts.log.error('The end of a reply could not be stored.', { code: failure.code });
      this.#events.fire({ type: 'not-stored', messageId: turn.replyId, error: failure.toData() });
      return;
    } finally {
      this.#running.delete(turn.replyId);
    }
    if (this.#afterTurn === null || this.sessionId === null) return;
    try {
      await this.#afterTurn({ sessionId: this.sessionId, userMessageId, reply, isNewMessage: user !== null });
    } catch (error) {
      this.#parts.log.warn('What follows a turn could not be planned.', { code: HearthlinkError.from(error).code });
    }
  }

  /** Another window may have written in between: then the message stands after what that window wrote. */
  async #branchAsStored(branch: readonly Message[], { user }: StartedTurn): Promise<readonly Message[]> {
    if (user === null || user.parentId === (branch.at(-1)?.id ?? null)) return branch;
    return this.#branchTo(user.parentId);
  }

  async #activeLeaf(): Promise<string | null> {
    const { messages } = await this.#transcript.page({ limit: 1 });
    return messages.at(-1)?.id ?? null;
  }

  /** As a path and not as a page: only a path leaves out what is forgotten. */
  async #branchTo(leafId: string | null): Promise<readonly Message[]> {
    return leafId === null ? [] : this.#transcript.path({ leafId, limit: longestBranch });
  }

  async #message(id: string): Promise<Message> {
    const message = await this.#transcript.get(id);
    if (message === null) throw new HearthlinkError('not-found', { id });
    return message;
  }
}
