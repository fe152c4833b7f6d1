import { createConversation, createPrivateConversation, type Conversation, type FinishedTurn } from '../../src/agents/conversation.ts';
import { alden } from '../../src/agents/persona.ts';
import type { TurnEvent } from '../../src/agents/turn-events.ts';
import { createRecall } from '../../src/memory/recall.ts';
import type { ChatModel, Embedder, ModelChoice } from '../../src/models/port.ts';
import type { Message } from '../../src/store/records.ts';
import { createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';
import { chosenModel, plainTokens } from '../support/scripted-chat-model.ts';
import { HandClock, keepingLog, seededIds } from '../support/seeded-ports.ts';

export const noEmbedder: Embedder = { model: async () => Promise.resolve(null), embed: async () => Promise.resolve([]) };

export interface Scene {
  readonly store: MemoryStore;
  readonly clock: HandClock;
  readonly conversation: Conversation;
  readonly events: readonly TurnEvent[];
  readonly finishedTurns: readonly FinishedTurn[];
  readonly log: ReturnType<typeof keepingLog>;
}

export interface SceneOptions {
  readonly model: ChatModel;
  readonly choice?: ModelChoice;
  readonly store?: MemoryStore;
  readonly clock?: HandClock;
  readonly embedder?: Embedder;
  readonly sessionId?: string;
  readonly isPrivate?: boolean;
  readonly temporaryForMs?: number;
  readonly replyTokens?: number;
  readonly seed?: number;
}

/** One window with one chat: a new one, the named one, or a private one. */
export function openScene(options: SceneOptions): Scene {
  const { model, clock = new HandClock(), store = createMemoryStore(), embedder = noEmbedder } = options;
  const events: TurnEvent[] = [];
  const finishedTurns: FinishedTurn[] = [];
  const log = keepingLog();
  const parts = {
    agent: alden('You are Alden.'),
    model,
    choice: options.choice ?? chosenModel('tiny'),
    tokens: plainTokens,
    settings: () => ({ replyTokens: options.replyTokens ?? 512, memoryTokens: 1000, think: false }),
    holder: `window-${String(options.seed ?? 1)}`,
    clock,
    timers: clock,
    ids: seededIds(clock, options.seed),
    log,
  };
  const stored = {
    ...parts,
    store,
    recall: createRecall({ store, embedder, clock, timers: clock, log, agentId: 'alden', workspaceId: null }),
    afterTurn: async (turn: FinishedTurn) => Promise.resolve(void finishedTurns.push(turn)),
  };
  const chat = options.sessionId === undefined ? { workspaceId: null, temporaryForMs: options.temporaryForMs ?? null } : { sessionId: options.sessionId };
  const conversation = options.isPrivate === true ? createPrivateConversation(parts) : createConversation(stored, chat);
  conversation.onDidHappen((event) => events.push(event));
  return { store, clock, conversation, events, finishedTurns, log };
}

/** Sends a message and waits for the end of its reply. */
export async function say(conversation: Conversation, text: string): Promise<Message> {
  const turn = await conversation.send({ text, attachments: [], editOf: null });
  return turn.finished;
}
