import assert from 'node:assert/strict';
import { createConversation, type Conversation } from '../../src/agents/conversation.ts';
import { planFollowUps } from '../../src/agents/follow-ups.ts';
import { alden } from '../../src/agents/persona.ts';
import { titleHandler, titleKind } from '../../src/agents/title-job.ts';
import { captureHandler, captureKind } from '../../src/memory/capture.ts';
import { contradictionsHandler, contradictionsKind } from '../../src/memory/contradictions.ts';
import { embeddingHandler, embeddingKind } from '../../src/memory/embedding-job.ts';
import { Forgetting } from '../../src/memory/forgetting.ts';
import { createRecall } from '../../src/memory/recall.ts';
import { BackgroundJobs } from '../../src/models/background-jobs.ts';
import { chatBodies, eventually, startKit, type OllamaKit } from '../models/ollama-kit.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { seededIds } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';
import { say } from './conversation-kit.ts';

afterEach(closeMemoryStores);

/** Everything below the extension, put together as it puts it together, on a scripted server. */
function openWindow(kit: OllamaKit, store: MemoryStore, seed: number) {
  const { clock, log, room } = kit;
  const holder = `window-${String(seed)}`;
  const ports = { clock, timers: clock, ids: seededIds(clock, seed), log };
  const models = { chat: room.chat, choice: room.choice, embedder: room.embedder };
  const common = { ...ports, ...models, store, agentId: 'alden' };
  const jobs = new BackgroundJobs({
    ...ports,
    jobs: store.jobs,
    holder,
    random: { bytes: (length) => new Uint8Array(length) },
    isBusy: () => false,
    handlers: {
      [captureKind]: captureHandler(common),
      [contradictionsKind]: contradictionsHandler(common),
      [embeddingKind]: embeddingHandler(common),
      [titleKind]: titleHandler(common),
    },
  });
  const conversation: Conversation = createConversation(
    {
      ...ports,
      agent: alden('You are Alden.'),
      holder,
      store,
      recall: createRecall({ ...common, workspaceId: null }),
      model: room.chat,
      choice: room.choice,
      tokens: room.tokens,
      settings: () => ({ replyTokens: 256, memoryTokens: 1_000, think: false }),
      afterTurn: (turn) => planFollowUps({ ...ports, store }, turn),
    },
    { workspaceId: null, temporaryForMs: null },
  );
  const forgetting = new Forgetting({ ...ports, store, holder });
  /** Lets time pass, but none while a job waits for the server, until every planned job is done. */
  const work = async (): Promise<void> => {
    jobs.start();
    await eventually(async () => {
      if (jobs.running !== null) return false;
      await clock.advance(1_000);
      const all = await store.jobs.list({ limit: 50 });
      return all.length > 0 && all.every(({ status }) => status === 'done');
    });
    await jobs.stop();
  };
  return { conversation, forgetting, work };
}

/** Something to be told apart from. */
const otherFacts: readonly NewSlice[] = ['tea', 'boats', 'violins', 'moss', 'trains', 'bread', 'maps', 'chess', 'clay', 'owls', 'kites', 'snow', 'lamps', 'ferns', 'wool', 'salt'].map((thing, index) => ({
  id: `other-${String(index)}`,
  kind: 'semantic',
  state: 'held',
  text: `Likes ${thing}`,
  speaker: 'user',
  scope: { type: 'shared' },
  importance: 0.5,
  confidence: 1,
  provenance: { type: 'user' },
  validFrom: 0,
  expiresAt: null,
  at: 0,
}));

const lastPrompt = (kit: OllamaKit): string => chatBodies(kit.ollama).at(-1)?.messages.at(-1)?.content ?? '';

describe('what was said yesterday', () => {
  it('is recalled in other words, shown to the model with its date, and gone for good when it is forgotten', async () => {
    await using kit = await startKit();
    const { embeddings, structured, chat } = kit.ollama;
    embeddings.table({ 'invoices are due': [1, 0], 'customers have to pay': [1, 0.1], 'Noted': [0, 1] });
    structured.when('You name chats').answers({ json: { title: 'Invoice due dates' } });
    structured.when('It is Saturday').answers({ json: { facts: [{ a_message: 1, b_quote: 'Our invoices are due thirty days after issue', c_kind: 'fact', d_text: 'Invoices are due thirty days after issue.', e_sure: 'yes', f_days: 0 }] } });
    chat.answers('Noted, thirty days.', 'Thirty days after issue, you said.', 'I do not know.');

    const store = createMemoryStore();
    await store.slices.add(otherFacts);
    const yesterday = openWindow(kit, store, 1);
    const said = await say(yesterday.conversation, 'Our invoices are due thirty days after issue.');
    await yesterday.work();
    const [session] = await store.sessions.list({ limit: 1 });
    assert.deepEqual([session?.title, session?.titleBy], ['Invoice due dates', 'agent']);
    const { slices: facts } = await store.slices.list({ limit: 5, offset: 0, states: ['proposed'] });
    assert.deepEqual(facts.map(({ text }) => text), ['Invoices are due thirty days after issue.']);

    const restarted = createMemoryStore({ disk: store.disk, seed: 2 });
    const today = openWindow(kit, restarted, 2);
    const reply = await say(today.conversation, 'When do customers have to pay us?');
    assert.equal(reply.text, 'Thirty days after issue, you said.');
    assert.match(lastPrompt(kit), /2026-03-28 the person said: Our invoices are due thirty days after issue\./);
    assert.match(lastPrompt(kit), /When do customers have to pay us\?$/);
    const used = await restarted.slices.get(reply.memoriesUsed);
    const source = used.find(({ provenance }) => provenance.type === 'message' && provenance.messageId === said.parentId);
    assert.ok(source !== undefined, 'the memory is listed under the reply');

    for (const { id } of [source, ...facts]) await today.forgetting.forget(id);
    await today.forgetting.wipeNow();
    await say(openWindow(kit, restarted, 3).conversation, 'When do customers have to pay us?');
    assert.doesNotMatch(lastPrompt(kit), /invoices are due thirty/i);
  });
});
