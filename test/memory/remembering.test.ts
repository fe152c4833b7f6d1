import assert from 'node:assert/strict';
import { rememberLines, rememberMessage } from '../../src/memory/remembering.ts';
import { openScene, say } from '../agents/conversation-kit.ts';
import { closeMemoryStores } from '../support/store/memory-store.ts';
import { says, scriptedChatModel } from '../support/scripted-chat-model.ts';
import { seededIds } from '../support/seeded-ports.ts';

afterEach(closeMemoryStores);

async function chat() {
  const scene = openScene({ model: scriptedChatModel(says('Use inZone() in each test.')) });
  await say(scene.conversation, 'How do I test time zones?');
  const [question, reply] = (await scene.conversation.page({ limit: 2 })).messages;
  assert.ok(question !== undefined && reply !== undefined);
  return { ...scene, question, reply, parts: { store: scene.store, clock: scene.clock, ids: seededIds(scene.clock, 7) } };
}

describe('remember this', () => {
  it('pins a whole message, which is remembered as it was said already', async () => {
    const { parts, reply, store } = await chat();
    const before = (await store.status()).counts.slices;

    const first = await rememberMessage(parts, reply, 'alden', null);
    const again = await rememberMessage(parts, reply, 'alden', reply.text);

    assert.deepEqual([first.outcome, again.outcome], ['remembered', 'already-known']);
    assert.ok('slice' in first && first.slice.pinned && first.slice.text === reply.text);
    assert.equal((await store.status()).counts.slices, before);
  });

  it('keeps a part of a message as a quotation of who said it, from when it was said', async () => {
    const { parts, reply } = await chat();

    const result = await rememberMessage(parts, reply, 'alden', ' inZone() in each test ');

    assert.ok('slice' in result);
    assert.deepEqual(
      [result.slice.text, result.slice.speaker, result.slice.validFrom, result.slice.provenance],
      ['inZone() in each test', 'alden', reply.createdAt, { type: 'message', sessionId: reply.sessionId, messageId: reply.id, quote: 'inZone() in each test' }],
    );
  });

  it('keeps lines of the editor with the place they stand in, but no secret', async () => {
    const { parts } = await chat();
    const place = { uri: 'file:///notes.md', firstLine: 3, lastLine: 4 };

    const kept = await rememberLines(parts, { ...place, text: 'Invoices are due after 30 days.\n' });
    const refused = await rememberLines(parts, { ...place, text: 'DB_PASSWORD=h3lloWorld99' });

    assert.ok('slice' in kept);
    assert.deepEqual(kept.slice.provenance, { type: 'editor', ...place });
    assert.deepEqual(refused, { outcome: 'secret' });
    await assert.rejects(rememberLines(parts, { ...place, text: ' \n' }), { code: 'invalid-input' });
  });

  it('says so when there is nothing to pin', async () => {
    const { parts, reply } = await chat();
    await assert.rejects(rememberMessage(parts, { ...reply, id: 'gone' }, 'alden', null), { code: 'not-found' });
  });
});
