import assert from 'node:assert/strict';
import { contradictionsHandler, contradictionsKind, enqueueContradictions } from '../../src/memory/contradictions.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import type { Job, Slice } from '../../src/store/records.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';
import { chosenModel, saysJson, scriptedChatModel, type ScriptedChatModel } from '../support/scripted-chat-model.ts';
import { HandClock, keepingLog, seededIds } from '../support/seeded-ports.ts';
import { noEmbedder } from '../agents/conversation-kit.ts';

afterEach(closeMemoryStores);

const fact = (id: string, text: string, change: Partial<NewSlice> = {}): NewSlice => ({
  id,
  kind: 'semantic',
  state: 'held',
  text,
  speaker: 'user',
  scope: { type: 'shared' },
  importance: 0.5,
  confidence: 1,
  provenance: { type: 'user' },
  validFrom: 0,
  expiresAt: null,
  at: 0,
  ...change,
});

async function compare(store: MemoryStore, chat: ScriptedChatModel, sliceId: string): Promise<readonly Slice[]> {
  const clock = new HandClock();
  const parts = { store, chat, choice: chosenModel('tiny'), embedder: noEmbedder, clock, timers: clock, log: keepingLog(), agentId: 'alden', ids: seededIds(clock) };
  await enqueueContradictions(parts, [sliceId]);
  const job = (await store.jobs.list({ limit: 1 }))[0];
  assert.equal(job?.kind, contradictionsKind);
  await contradictionsHandler(parts)(job satisfies Job, new AbortController().signal);
  return (await store.slices.list({ limit: 10, offset: 0 })).slices;
}

describe('facts that do not fit', () => {
  it('are both kept and name each other', async () => {
    const store = createMemoryStore();
    await store.slices.add([fact('old', 'The user drinks coffee'), fact('new', 'The user drinks no coffee', { state: 'proposed' })]);
    const chat = scriptedChatModel(saysJson({ a_reason: 'One of them.', b_answer: 'do-not-fit' }));

    const slices = await compare(store, chat, 'new');

    assert.deepEqual(slices.map(({ id, state, contradicts }) => [id, state, contradicts]), [['new', 'proposed', ['old']], ['old', 'held', ['new']]]);
    assert.match(chat.requests[0]?.messages.at(-1)?.content ?? '', /The user drinks coffee\n<\/message>\n<message number="2">\nThe user drinks no coffee/);
  });

  it('are not marked while the model is unsure, or they fit', async () => {
    for (const b_answer of ['fit', 'unsure']) {
      const store = createMemoryStore();
      await store.slices.add([fact('old', 'The user drinks coffee'), fact('new', 'The user drinks tea')]);
      const slices = await compare(store, scriptedChatModel(saysJson({ a_reason: '', b_answer })), 'new');
      assert.deepEqual(slices.flatMap(({ contradicts }) => contradicts), []);
    }
  });

  it('are looked for among the three most similar of the same kind', async () => {
    const store = createMemoryStore();
    await store.slices.add([
      ...[1, 2, 3, 4, 5].map((nth) => fact(`old${String(nth)}`, `The user drinks coffee ${String(nth)}`)),
      fact('liking', 'The user drinks coffee black', { kind: 'procedural' }),
      fact('new', 'The user drinks no coffee'),
    ]);
    const chat = scriptedChatModel(...[1, 2, 3].map(() => saysJson({ a_reason: '', b_answer: 'fit' })));

    await compare(store, chat, 'new');

    assert.equal(chat.requests.length, 3);
    assert.doesNotMatch(JSON.stringify(chat.requests), /black/);
  });
});
