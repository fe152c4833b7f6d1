import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Conversation, FinishedTurn } from '../src/agents/conversation.ts';
import { alden } from '../src/agents/persona.ts';
import { Conversations } from '../src/extension/chat/conversations.ts';
import { composeBackground } from '../src/extension/compose-background.ts';
import { machinePorts } from '../src/extension/machine-ports.ts';
import { windowHolder } from '../src/extension/window-holder.ts';
import { createRecall } from '../src/memory/recall.ts';
import { createOllama, type OllamaRoom } from '../src/models/create-ollama.ts';
import { silentLog } from '../src/shared/ports.ts';
import { createStoreClient, type StoreClient } from '../src/store/client.ts';
import { startStoreWorker } from '../src/store/store-worker-thread.ts';
import { chatModel, embeddingModel } from '../test/support/ollama/scripted-model.ts';
import { startScriptedOllama, type ScriptedOllama } from '../test/support/ollama/scripted-ollama.ts';
import { fillStore } from '../test/support/store/fill-store.ts';

const memories = 10_000;
const source = path.join(import.meta.dirname, '../src');
const ports = machinePorts();

/** A window without a view: conversations over the product's store and models, with 10,000 memories that have vectors. */
export interface TurnRig extends AsyncDisposable {
  readonly ollama: ScriptedOllama;
  newChat(): Conversation;
  /** Resolves when what follows the turns so far has been planned, and the store is quiet. */
  settled(): Promise<void>;
  /** Flushes that the store worker has asked the system for so far. */
  flushes(): number;
}

/** Fills a store in a temporary folder through its own write path, and opens it anew. */
export async function openTurnRig(): Promise<TurnRig> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearthlink-bench-'));
  const ollama = await startScriptedOllama({ models: [chatModel('hearth-chat'), embeddingModel('hearth-embed')] });
  const models = createOllama({ settings: () => ({ ...settings, endpoint: ollama.url }), log: silentLog, ...ports });
  const flushes = new Int32Array(new SharedArrayBuffer(4));
  const filling = openStore(folder, flushes);
  await fillStore(filling, { messages: memories, turnsPerChat: 50 });
  await embedAll(filling, models);
  await filling.close();
  if (Atomics.load(flushes, 0) === 0) throw new Error('Flushes are not counted.');

  const store = openStore(folder, flushes);
  const { counts } = await store.status();
  if (counts.slices < memories) throw new Error(`The store holds ${counts.slices} memories.`);
  const { conversations, planned, dispose } = composeWindow(store, models);
  const settled = async (): Promise<void> => {
    await Promise.all(planned.splice(0));
    await store.status();
  };
  return {
    ollama,
    newChat: () => conversations.open({ sessionId: null, private: false, temporary: false }),
    settled,
    flushes: () => Atomics.load(flushes, 0),
    [Symbol.asyncDispose]: async () => {
      await settled(); // a call that came later would start the worker again
      dispose();
      await store.close();
      await ollama.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As they are without a change by the person. */
const settings = { chatModel: '', embeddingModel: '', contextSize: 8192, replyLength: 1024, keepAlive: '15m', silenceSeconds: 120 };
const turnSettings = { replyTokens: settings.replyLength, memoryTokens: 1000, think: false };

function openStore(folder: string, flushes: Int32Array<SharedArrayBuffer>): StoreClient {
  const worker = path.join(import.meta.dirname, 'counted-store-worker.ts');
  const data = { folder, wasmFile: createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'), flushes: flushes.buffer };
  return createStoreClient({ startWorker: () => startStoreWorker(worker, data), log: silentLog, ...ports });
}

async function embedAll(store: StoreClient, { embedder }: OllamaRoom): Promise<void> {
  const model = await embedder.model();
  if (model === null) throw new Error('There is no embedding model.');
  for (;;) {
    const missing = await store.slices.missingVectors({ model, limit: 400 });
    if (missing.length === 0) return;
    const vectors = await embedder.embed(missing.map(({ text }) => text), 'document', new AbortController().signal);
    const rows = missing.flatMap(({ id, version }, i) => {
      const vector = vectors[i];
      return vector === undefined ? [] : [{ id, version, vector }];
    });
    await store.slices.putVectors({ model, vectors: rows, at: Date.now() });
  }
}

/** What `compose-conversations.ts` composes, without the editor's settings and folder. */
function composeWindow(store: StoreClient, models: OllamaRoom) {
  const agent = alden(readFileSync(path.join(source, 'agents/personas/alden.md'), 'utf8'));
  const shared = { store, holder: windowHolder(ports.ids.next()), log: silentLog, ...ports };
  const background = composeBackground({ ...shared, agentId: agent.id, models, ports, room: { isLow: false } });
  const planned: Promise<void>[] = [];
  const conversations = new Conversations({
    ...shared,
    agent,
    recall: createRecall({ ...shared, embedder: models.embedder, agentId: agent.id, workspaceId: null }),
    model: models.chat,
    choice: models.choice,
    tokens: models.tokens,
    settings: () => turnSettings,
    afterTurn: (turn: FinishedTurn) => {
      const plan = background.afterTurn(turn);
      planned.push(plan);
      return plan;
    },
    workspaceId: () => null,
    temporaryChatDays: () => 7,
  });
  return { conversations, planned, dispose: () => { background.dispose(); } };
}
