import assert from 'node:assert/strict';

import { createRecall } from '../../src/memory/recall.ts';
import { silentLog } from '../../src/shared/ports.ts';
import { noEmbedder } from '../agents/conversation-kit.ts';
import { newFact, newSession, newTurn, replyEnd } from '../store/sql/support/sample-rows.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Noon of a Wednesday, so that days are the same in every usual time zone. */
const now = Date.UTC(2026, 4, 20, 12);

/** A chat of its own for each thing said so many days ago. */
async function say(store: MemoryStore, id: string, daysAgo: number, text: string): Promise<void> {
  const at = now - daysAgo * dayMs;
  await store.sessions.create(newSession({ id: `chat-${id}`, at }));
  await store.messages.startTurn(newTurn({ sessionId: `chat-${id}`, id, parentId: null, text, at }));
  await store.messages.finishReply(replyEnd(`${id}r`, '', { at }));
}

async function ask(store: MemoryStore, text: string): Promise<readonly string[]> {
  const clock = new HandClock(now);
  const recall = createRecall({ store, embedder: noEmbedder, clock, timers: clock, log: silentLog, agentId: 'alden', workspaceId: null });
  const request = { excludeMessageIds: [], limit: 10, tokenBudget: 1000, charactersPerToken: 4 };
  return (await recall.begin({ text, sessionId: null }, new AbortController().signal).find(request)).hits.map(({ slice }) => slice.id);
}

describe('a question with a time in it', () => {
  afterEach(closeMemoryStores);

  it('finds what was said then, also without a word of it, and first of what matches', async () => {
    const store = createMemoryStore();
    await say(store, 'gutters', 1, 'The gutters have to be cleared before the storm comes');
    const others = ['The printer jams on thick paper', 'Nora sings in a choir', 'The lease ends in autumn', 'Rust is hard to learn', 'The bicycle needs new brakes'];
    for (const [i, text] of others.entries()) await say(store, `other${String(i)}`, 20 + i, text);
    await say(store, 'dinner-week', 8, 'We had dinner at the harbour, the fish was excellent');
    await say(store, 'dinner-spring', 60, 'We had dinner at the castle, the soup was cold');
    await say(store, 'dinner-year', 400, 'We had dinner at the mill, the bread was burnt');

    assert.equal((await ask(store, 'What did I tell you yesterday?'))[0], 'm-gutters');
    assert.equal((await ask(store, 'Where did we have dinner last week?'))[0], 'm-dinner-week');
    assert.equal((await ask(store, 'Where did we have dinner in March?'))[0], 'm-dinner-spring');
    assert.equal((await ask(store, 'Wo gab es letztes Jahr dinner?'))[0], 'm-dinner-year');
    assert.deepEqual((await ask(store, 'Where did we have dinner in March?')).length, 3, 'the others are not hidden');
  });

  it('is not needed for what is true now: what was replaced is gone, however late it was said', async () => {
    const store = createMemoryStore();
    const early = newFact('new-address', 'Lives in Oak Street now', { validFrom: now - 9 * dayMs });
    const late = newFact('old-address', 'Lives at the lake', { validFrom: now - dayMs });
    await store.slices.add([early, late]);
    await store.slices.supersede({ id: 'old-address', by: 'new-address', at: now });
    assert.deepEqual(await ask(store, 'Where do I live?'), ['new-address']);
    assert.deepEqual(await ask(store, 'Where did I live yesterday?'), ['new-address']);
  });
});
