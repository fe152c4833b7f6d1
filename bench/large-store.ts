import { content, engineIn, ids, type ProductMethod } from './store-rig.ts';
import { createText, createVectors, createVocabulary, seededRandom, type Vocabulary } from './synthetic-corpus.ts';

export const dimension = 768;
export const vectorModel = 'synthetic';
const turnsPerChat = 50;
const vectorsAtOnce = 500;
const minuteMs = 60_000;

export interface LargeStore {
  readonly texts: readonly string[];
  readonly vocabulary: Vocabulary;
}

/** Fills a folder with chats of about 300 characters a message, each message with a vector, in one generation. */
export async function makeLargeStore(folder: string, messages: number): Promise<LargeStore> {
  const random = seededRandom(messages);
  const vocabulary = createVocabulary(30_000, random);
  const texts = Array.from({ length: messages }, () => createText(vocabulary, 300));
  const { engine, call } = engineIn(folder);
  for (let first = 0; first < messages; first += 2 * turnsPerChat) {
    await Promise.all(chat(call, texts.slice(first, first + 2 * turnsPerChat), first));
  }
  await addVectors(call, messages, random);
  await engine.rotate();
  await engine.close();
  return { texts, vocabulary };
}

type Call = (method: ProductMethod, argument: unknown) => Promise<unknown>;

function chat(call: Call, texts: readonly string[], first: number): Promise<unknown>[] {
  const { methods } = content;
  const sessionId = ids.next();
  const start = Date.now() - 1_000_000 * minuteMs + first * minuteMs;
  const calls = [call(methods['sessions.create'], {
    id: sessionId, agentId: 'alden', title: 'Chat', temporary: false, workspaceId: null, expiresAt: null, at: start,
  })];
  let parentId: string | null = null;
  for (let i = 0; i + 1 < texts.length; i += 2) {
    const at = start + i * minuteMs;
    const user = ids.next();
    const reply = ids.next();
    calls.push(
      call(methods['messages.startTurn'], {
        sessionId, holder: 'filling', leaseUntil: at + minuteMs, at,
        user: { id: user, parentId, text: texts[i], attachments: [] },
        reply: { id: reply, parentId: user, origin: 'model', model: 'm' },
      }),
      call(methods['messages.finishReply'], {
        messageId: reply, status: 'complete', sequence: 0, text: texts[i + 1], thinking: '', thinkingMs: null, model: 'm',
        error: null, statistics: null, memoriesUsed: [], at: at + 1000,
      }),
    );
    parentId = reply;
  }
  return calls;
}

async function addVectors(call: Call, count: number, random: () => number): Promise<void> {
  const { methods } = content;
  const vectors = createVectors(count, dimension, random);
  const missing: { id: string; version: number }[] = await call(methods['slices.missingVectors'], { model: vectorModel, limit: count }) as never;
  for (let first = 0; first < missing.length; first += vectorsAtOnce) {
    const some = missing.slice(first, first + vectorsAtOnce).map(({ id, version }, i) => ({
      id, version, vector: vectors.subarray((first + i) * dimension, (first + i + 1) * dimension),
    }));
    await call(methods['slices.putVectors'], { model: vectorModel, vectors: some, at: Date.now() });
  }
}
