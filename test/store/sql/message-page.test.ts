import assert from 'node:assert/strict';
import fc from 'fast-check';

import type { Attachment, ReplyStatistics } from '../../../src/store/records.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { newSession, newTurn, replyEnd, takeTurn } from './support/sample-rows.ts';

const text = fc.string({ unit: 'binary', maxLength: 200 });
const attachment: fc.Arbitrary<Attachment> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom('selection', 'file', 'problems'),
  label: text,
  uri: fc.option(fc.webUrl()),
  firstLine: fc.option(fc.nat()),
  lastLine: fc.option(fc.nat()),
  language: fc.option(fc.constantFrom('typescript', 'rust')),
  text,
  tokens: fc.nat(),
});
const statistics: fc.Arbitrary<ReplyStatistics> = fc.record({
  promptTokens: fc.option(fc.nat()),
  replyTokens: fc.option(fc.nat()),
  loadMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  promptMs: fc.constant(null),
  replyMs: fc.constant(null),
  omittedMessages: fc.nat(),
  omittedAttachments: fc.nat(),
  omittedMemories: fc.nat(),
});
const turn = fc.record({
  /** Which of the messages so far it is sent after. */
  after: fc.nat(),
  isAnswerAgain: fc.boolean(),
  text,
  attachments: fc.array(attachment, { maxLength: 3 }),
  end: fc.option(fc.record({
    status: fc.constantFrom('complete', 'stopped', 'failed'),
    text,
    thinking: text,
    thinkingMs: fc.option(fc.nat()),
    model: fc.option(fc.constant('llama')),
    error: fc.option(text.map((detail) => ({ code: 'model-crashed', parameters: { detail } }) as const)),
    statistics: fc.option(statistics),
    memoriesUsed: fc.uniqueArray(fc.uuid(), { maxLength: 12 }),
    // Beyond 32 bits, as times are.
    at: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
  })),
});

describe('a page of messages', () => {
  it('has every message of the active branch as it is on its own, in order', async () => {
    await fc.assert(fc.asyncProperty(fc.array(turn, { maxLength: 8 }), fc.integer({ min: 1, max: 6 }), async (turns, limit) => {
      const store = InProcessStore.create();
      await store.call('sessions.create', newSession());
      const users: string[] = [];
      const replies: string[] = [];
      for (const [i, { after, isAnswerAgain, text: said, attachments, end }] of turns.entries()) {
        const id = `m${String(i)}`;
        const question = users[after % users.length];
        const words = newTurn({ id, parentId: replies[after % replies.length] ?? null, text: said });
        if (isAnswerAgain && question !== undefined) {
          await store.call('messages.startTurn', { ...words, user: null, reply: { ...words.reply, parentId: question } });
        } else {
          await store.call('messages.startTurn', { ...words, user: { ...words.user, attachments } });
          users.push(id);
        }
        replies.push(`${id}r`);
        if (end !== null) await store.call('messages.finishReply', { ...replyEnd(`${id}r`, ''), ...end });
      }
      const leafId = (await store.call('sessions.get', 's1'))?.activeLeafId ?? null;
      const branch = leafId === null ? [] : await store.call('messages.path', { leafId, limit: 1000 });

      const newest = await store.call('messages.page', { sessionId: 's1', limit });
      assert.deepEqual(newest, { messages: branch.slice(-limit), hasMore: branch.length > limit, total: branch.length });
      const [first] = newest.messages;
      if (first === undefined) return;
      const before = branch.slice(0, -newest.messages.length);
      const older = await store.call('messages.page', { sessionId: 's1', limit, beforeId: first.id });
      assert.deepEqual(older, { messages: before.slice(-limit), hasMore: before.length > limit, total: branch.length });
      store.database.close();
    }), { numRuns: 40 });
  });

  it('has texts as they were written, whatever a decoder makes of the signs they begin with', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: '\uFEFFa file with a mark in front', reply: '\u0001 \u{1F600}' });
    await takeTurn(store, { id: 'm2', parentId: 'm1r', text: '', reply: '\uFEFF|' });
    const { messages } = await store.call('messages.page', { sessionId: 's1', limit: 5 });
    assert.deepEqual(messages.map((message) => message.text), ['\uFEFFa file with a mark in front', '\u0001 \u{1F600}', '', '\uFEFF|']);
  });

  it('is refused for a chat, and before a message, that is not there', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    await takeTurn(store, { id: 'm1', parentId: null, text: 'How hot?', reply: 'Very.' });
    await assert.rejects(store.call('messages.page', { sessionId: 's2', limit: 5 }), { code: 'not-found' });
    await assert.rejects(store.call('messages.page', { sessionId: 's1', limit: 5, beforeId: 'm9' }), { code: 'not-found' });
    await store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 9000 });
    await assert.rejects(store.call('messages.page', { sessionId: 's1', limit: 5 }), { code: 'not-found' });
  });
});
