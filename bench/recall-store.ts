import { createRecall, type Recall } from '../src/memory/recall.ts';
import type { Embedder } from '../src/models/port.ts';
import { silentLog } from '../src/shared/ports.ts';
import type { Effect } from '../src/store/effects.ts';
import type { Store } from '../src/store/port.ts';
import { searchKeeping } from '../src/store/search-keeping.ts';
import { HandClock } from '../test/support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore } from '../test/support/store/memory-store.ts';
import type { Conversation, Fact, Question, Session, Turn, Vectors } from './recall-data.ts';

const agentId = 'alden';
const dayMs = 24 * 60 * 60 * 1000;
const wholeList = { excludeMessageIds: [], tokenBudget: Number.MAX_SAFE_INTEGER, charactersPerToken: 4 };

export interface Keys {
  readonly vectors: Vectors | null;
  readonly facts: boolean;
}

/** Conversations in a store of the product's, and the product's recall over it. */
export interface FilledStore {
  /** Ids of the turns that answer, best first, and how long it took. */
  ask(question: Question): Promise<{ readonly turns: readonly string[]; readonly milliseconds: number }>;
  close(): void;
}

/** Stores each turn through the product's write path: a session is a chat, two turns are a message and its reply. */
export async function fillStore(conversations: readonly Conversation[], { vectors, facts }: Keys): Promise<FilledStore> {
  const store = createMemoryStore({ search: namingSpeakers(conversations) });
  let lastAt = 0;
  for (const conversation of conversations) {
    for (const session of conversation.sessions) await storeSession(store, conversation.id, session);
    if (facts) await storeFacts(store, conversation);
    if (vectors !== null) await storeVectors(store, conversation, vectors);
    lastAt = Math.max(lastAt, conversation.sessions.at(-1)?.at ?? 0);
  }
  const recall = openRecall(store, conversations, vectors, lastAt + dayMs);
  return {
    async ask(question) {
      const start = performance.now();
      const { hits } = await recall.begin({ text: question.text, sessionId: null }, new AbortController().signal).find({ ...wholeList, limit: 100 });
      const milliseconds = performance.now() - start;
      const turns = hits.flatMap(({ slice }) => (slice.kind === 'episodic' && slice.provenance.type === 'message' ? [slice.provenance.messageId] : []));
      return { turns, milliseconds };
    },
    close: closeMemoryStores,
  };
}

/**
 * The product hears one person and its agents, and calls them `user` and by their ids. Here two people talk, and the questions
 * name them: the index is told their names instead.
 */
function namingSpeakers(conversations: readonly Conversation[]): typeof searchKeeping {
  const turns = conversations.flatMap(({ sessions }) => sessions.flatMap((session) => session.turns));
  const speakers = new Map(turns.map(({ id, speaker }) => [`m-${id}`, speaker]));
  const named = (effect: Effect): Effect => {
    if (effect.type !== 'put-document') return effect;
    const { document } = effect;
    return { ...effect, document: { ...document, speaker: speakers.get(document.id) ?? document.speaker } };
  };
  return {
    ...searchKeeping,
    apply: (index, effects) => {
      searchKeeping.apply(index, effects.map(named));
    },
  };
}

async function storeSession(store: Store, conversationId: string, { number, at, turns }: Session): Promise<void> {
  const sessionId = sessionIdOf(conversationId, number);
  const calls: Promise<unknown>[] = [store.sessions.create({ id: sessionId, agentId, title: '', temporary: false, workspaceId: null, expiresAt: null, at })];
  let parentId: string | null = null;
  for (let i = 0; i < turns.length; i += 2) {
    const [user, reply = { id: `${sessionId}/end`, text: '' }] = turns.slice(i, i + 2);
    if (user === undefined) break;
    calls.push(...storeTurn(store, { sessionId, user, reply, parentId, at }));
    parentId = reply.id;
  }
  await Promise.all(calls);
}

interface StoredTurn {
  readonly sessionId: string;
  readonly user: Turn;
  readonly reply: Pick<Turn, 'id' | 'text'>;
  readonly parentId: string | null;
  readonly at: number;
}

function storeTurn({ messages }: Store, { sessionId, user, reply, parentId, at }: StoredTurn): Promise<unknown>[] {
  return [
    messages.startTurn({
      sessionId,
      user: { id: user.id, parentId, text: user.text, attachments: [] },
      reply: { id: reply.id, parentId: user.id, origin: 'model', model: null },
      holder: 'bench',
      leaseUntil: at + dayMs,
      at,
    }),
    messages.finishReply({
      messageId: reply.id, status: 'complete', sequence: 0, text: reply.text, thinking: '', thinkingMs: null, model: null, error: null, statistics: null,
      memoriesUsed: [], at,
    }),
  ];
}

async function storeFacts(store: Store, conversation: Conversation): Promise<void> {
  const saidAt = new Map(conversation.sessions.map(({ number, at }) => [number, at]));
  await store.slices.add(
    conversation.facts.map(({ id, speaker, text, turnId, sessionNumber }: Fact) => {
      const at = saidAt.get(sessionNumber) ?? 0;
      const provenance = { type: 'message' as const, sessionId: sessionIdOf(conversation.id, sessionNumber), messageId: turnId, quote: null };
      return {
        id, kind: 'semantic', state: 'held', text, speaker, scope: { type: 'agent', agentId }, importance: 0.5, confidence: 1, provenance,
        validFrom: at, expiresAt: null, at,
      };
    }),
  );
}

/** Under the ids of their slices; facts that were not kept, because they repeat one, are passed over by the store. */
async function storeVectors(store: Store, { sessions, facts }: Conversation, { model, byId }: Vectors): Promise<void> {
  const ids = [...sessions.flatMap(({ turns }) => turns.map(({ id }) => ({ id, slice: `m-${id}` }))), ...facts.map(({ id }) => ({ id, slice: id }))];
  const vectors = ids.flatMap(({ id, slice }) => {
    const vector = byId.get(id);
    return vector === undefined ? [] : [{ id: slice, vector }];
  });
  await store.slices.putVectors({ model, vectors, at: 0 });
}

function openRecall(store: Store, conversations: readonly Conversation[], vectors: Vectors | null, now: number): Recall {
  const clock = new HandClock(now);
  const questionVectors = new Map(conversations.flatMap(({ questions }) => questions.map(({ id, text }) => [text, vectors?.byId.get(id)])));
  const embedder: Embedder = {
    model: async () => Promise.resolve(vectors?.model ?? null),
    embed: async (texts) => Promise.resolve(texts.flatMap((text) => questionVectors.get(text) ?? [])),
  };
  return createRecall({ store, embedder, clock, timers: clock, log: silentLog, agentId, workspaceId: null });
}

function sessionIdOf(conversationId: string, number: number): string {
  return `${conversationId}/D${number}`;
}
