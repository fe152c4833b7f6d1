import assert from 'node:assert/strict';

import type { Attachment } from '../../../src/store/records.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { newSession, newTurn, recalledIds, replyEnd, takeTurn } from './support/sample-rows.ts';

async function storeWithSession(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession());
  return store;
}

const attachment: Attachment = {
  id: 'a1',
  kind: 'selection',
  label: 'oven.ts',
  uri: 'file:///oven.ts',
  firstLine: 3,
  lastLine: 5,
  language: 'typescript',
  text: 'const degrees = 230;',
  tokens: 6,
};

describe('a turn', () => {
  it('stores the message and an empty reply, and makes the reply the leaf', async () => {
    const store = await storeWithSession();
    const turn = newTurn({ id: 'm1', parentId: null, text: 'How hot?' });
    const started = await store.call('messages.startTurn', { ...turn, user: { ...turn.user, attachments: [attachment] } });
    assert.deepEqual(started.user, await store.call('messages.get', 'm1'));
    assert.deepEqual(started.reply, await store.call('messages.get', 'm1r'));
    assert.deepEqual(started.user?.attachments, [attachment]);
    assert.deepEqual([started.reply.status, started.reply.text, started.reply.parentId], ['streaming', '', 'm1']);
    const session = await store.call('sessions.get', 's1');
    assert.deepEqual([session?.activeLeafId, session?.messageCount, session?.version], ['m1r', 2, 2]);
  });

  it('answers a turn that was stored already, and stores nothing twice', async () => {
    const store = await storeWithSession();
    const turn = newTurn({ id: 'm1', parentId: null, text: 'How hot?' });
    const first = await store.call('messages.startTurn', turn);
    const before = store.content();
    assert.deepEqual(await store.call('messages.startTurn', turn), first);
    assert.deepEqual(await store.again('messages.startTurn', turn), first);
    assert.deepEqual(store.content(), before);
  });

  it('begins a chat in the same write, once however often it is sent', async () => {
    const store = InProcessStore.create();
    const turn = { ...newTurn({ id: 'm1', parentId: null, text: 'How hot?' }), newSession: newSession({ title: 'How hot?' }) };
    const first = await store.call('messages.startTurn', turn);
    assert.deepEqual(first.newSession, await store.call('sessions.get', 's1'));
    assert.deepEqual([first.newSession?.title, first.newSession?.messageCount, first.newSession?.activeLeafId], ['How hot?', 2, 'm1r']);
    const before = store.content();
    assert.deepEqual(await store.call('messages.startTurn', turn), first);
    assert.deepEqual(await store.again('messages.startTurn', turn), first);
    assert.deepEqual(store.content(), before);
    const { newSession: none } = await store.call('messages.startTurn', newTurn({ id: 'm2', parentId: 'm1r', text: 'And now?' }));
    assert.equal(none, null);
  });

  it('begins no chat when it is refused', async () => {
    const store = InProcessStore.create();
    const turn = { ...newTurn({ id: 'm1', parentId: null, text: 'How hot?' }), newSession: newSession() };
    const before = store.content();
    await assert.rejects(store.call('messages.startTurn', { ...turn, newSession: newSession({ id: 's2' }) }), { code: 'invalid-input' });
    await assert.rejects(store.call('messages.startTurn', { ...turn, user: { ...turn.user, parentId: 'm9' } }), { code: 'not-found' });
    assert.deepEqual(store.content(), before);
    assert.equal(await store.call('sessions.get', 's1'), null);
  });

  it('goes below whatever leaf another window made meanwhile, when it is meant for the end', async () => {
    const store = await storeWithSession();
    const mine = newTurn({ id: 'm1', parentId: null, text: 'From one window' });
    const theirs = newTurn({ id: 'm2', parentId: null, text: 'From the other' });
    await store.call('messages.startTurn', { ...mine, user: { ...mine.user, atActiveLeaf: true } });
    const { user } = await store.call('messages.startTurn', { ...theirs, user: { ...theirs.user, atActiveLeaf: true } });
    assert.equal(user?.parentId, 'm1r');
    const { messages } = await store.call('messages.page', { sessionId: 's1', limit: 10 });
    assert.deepEqual(messages.map((message) => message.id), ['m1', 'm1r', 'm2', 'm2r']);
  });

  it('is refused by a chat that takes no messages', async () => {
    const store = await storeWithSession();
    await store.call('sessions.transition', { id: 's1', to: 'paused', at: 1500 });
    const turn = newTurn({ id: 'm1', parentId: null, text: 'Anyone?' });
    await assert.rejects(store.call('messages.startTurn', turn), { code: 'invalid-transition' });
    await assert.rejects(store.call('messages.startTurn', { ...turn, sessionId: 'none' }), { code: 'not-found' });
    assert.deepEqual(store.content()['message'], []);
  });

  it('is refused below a message of another chat, and with a reply that answers something else', async () => {
    const store = await storeWithSession();
    await store.call('sessions.create', newSession({ id: 's2' }));
    await takeTurn(store, { id: 'm1', parentId: null, text: 'Here', reply: 'Yes' });
    await assert.rejects(store.call('messages.startTurn', newTurn({ sessionId: 's2', id: 'm2', parentId: 'm1r', text: 'There' })), {
      code: 'not-found',
    });
    const turn = newTurn({ id: 'm3', parentId: 'm1r', text: 'Well' });
    await assert.rejects(store.call('messages.startTurn', { ...turn, reply: { ...turn.reply, parentId: 'm1' } }), { code: 'invalid-input' });
  });
});

describe('a reply', () => {
  const chunk = (sequence: number, text: string) => ({
    messageId: 'm1r',
    sequence,
    text,
    thinking: `${String(sequence)}?`,
    holder: 'window-1',
    leaseUntil: 90_000,
    at: 2500,
  });

  async function storeWithReply(): Promise<InProcessStore> {
    const store = await storeWithSession();
    await store.call('messages.startTurn', newTurn({ id: 'm1', parentId: null, text: 'Tell me of Quillon' }));
    return store;
  }

  it('grows by chunks, and ends with what was not appended yet', async () => {
    const store = await storeWithReply();
    await store.call('messages.appendReply', chunk(0, 'Quillon is '));
    await store.call('messages.appendReply', chunk(1, 'a badger'));
    assert.equal((await store.call('messages.get', 'm1r'))?.text, 'Quillon is a badger');
    const statistics = {
      promptTokens: 12,
      replyTokens: 9,
      loadMs: null,
      promptMs: 3.5,
      replyMs: 80,
      omittedMessages: 0,
      omittedAttachments: 0,
      omittedMemories: 2,
    };
    const end = replyEnd('m1r', ', and shy.', { sequence: 2, thinking: '2?', thinkingMs: 40, model: 'llama:7b', statistics, memoriesUsed: ['f2', 'f1'] });
    const reply = await store.call('messages.finishReply', end);
    assert.deepEqual(reply, await store.call('messages.get', 'm1r'));
    assert.deepEqual(reply, await store.again('messages.finishReply', end));
    assert.deepEqual(
      [reply.text, reply.thinking, reply.status, reply.model, reply.thinkingMs, reply.memoriesUsed, reply.statistics],
      ['Quillon is a badger, and shy.', '0?1?2?', 'complete', 'llama:7b', 40, ['f2', 'f1'], statistics],
    );
  });

  it('takes a chunk once, however often it is sent, and refuses one whose predecessor is missing', async () => {
    const store = await storeWithReply();
    await store.call('messages.appendReply', chunk(0, 'once'));
    await store.call('messages.appendReply', chunk(0, 'once'));
    await assert.rejects(store.call('messages.appendReply', chunk(2, 'gap')), { code: 'conflict' });
    assert.equal((await store.call('messages.get', 'm1r'))?.text, 'once');
    await assert.rejects(store.call('messages.appendReply', { ...chunk(1, '!'), messageId: 'none' }), { code: 'not-found' });
  });

  it('takes chunks from the window that holds it alone, and none after its end', async () => {
    const store = await storeWithReply();
    await assert.rejects(store.call('messages.appendReply', { ...chunk(0, 'x'), holder: 'window-2' }), { code: 'conflict' });
    await store.call('messages.finishReply', replyEnd('m1r', 'Done.'));
    await assert.rejects(store.call('messages.appendReply', chunk(0, 'late')), { code: 'conflict' });
    await assert.rejects(store.call('messages.finishReply', replyEnd('m1r', 'Twice.', { at: 9000 })), { code: 'conflict' });
    assert.equal((await store.call('messages.get', 'm1r'))?.text, 'Done.');
  });

  it('can be recalled when it has ended with words, but not what was said while no model spoke', async () => {
    const store = await storeWithReply();
    await store.call('messages.appendReply', chunk(0, 'A sturdy xylophone'));
    assert.deepEqual(await recalledIds(store, 'xylophone'), []);
    await store.call('messages.finishReply', replyEnd('m1r', '', { sequence: 1, status: 'stopped' }));
    assert.deepEqual(await recalledIds(store, 'xylophone'), ['m-m1r']);
    await store.call('messages.startTurn', newTurn({ id: 'm2', parentId: 'm1r', text: 'And offline?' }));
    await store.call('messages.finishReply', replyEnd('m2r', 'You said: xylophone', { origin: 'recall' }));
    await store.call('messages.startTurn', newTurn({ id: 'm3', parentId: 'm2r', text: 'Still there?' }));
    await store.call('messages.finishReply', replyEnd('m3r', '  ', { status: 'failed', error: { code: 'model-silent', parameters: { seconds: 60 } } }));
    assert.deepEqual(await recalledIds(store, 'xylophone'), ['m-m1r']);
    assert.deepEqual((await store.call('messages.get', 'm3r'))?.error, { code: 'model-silent', parameters: { seconds: 60 } });
    assert.deepEqual(await store.call('slices.get', ['m-m2r', 'm-m3r']), []);
  });

  it('is cut off with its partial text when its lease has passed or its window is gone', async () => {
    const store = await storeWithReply();
    await store.call('messages.appendReply', chunk(0, 'Halfway'));
    assert.deepEqual(await store.call('messages.cutOffAbandoned', { at: 90_000, deadHolders: ['window-9'] }), []);
    const sweep = { at: 80_000, deadHolders: ['window-1'] };
    assert.deepEqual(await store.call('messages.cutOffAbandoned', sweep), ['m1r']);
    assert.deepEqual(await store.again('messages.cutOffAbandoned', sweep), ['m1r']);
    const reply = await store.call('messages.get', 'm1r');
    assert.deepEqual([reply?.status, reply?.text, reply?.finishedAt], ['cut-off', 'Halfway', 80_000]);
    assert.deepEqual(await recalledIds(store, 'halfway'), ['m-m1r']);
    assert.deepEqual(await store.call('messages.cutOffAbandoned', { at: 99_000, deadHolders: [] }), []);
  });

  it('goes on when the window that was taken for gone wakes up', async () => {
    const store = await storeWithReply();
    await store.call('messages.appendReply', chunk(0, 'Half'));
    await store.call('messages.cutOffAbandoned', { at: 95_000, deadHolders: [] });
    await store.call('slices.forget', { id: 'm-m1r', undoUntil: 200_000, at: 96_000 });
    await store.call('messages.appendReply', chunk(1, 'way and more'));
    const reply = await store.call('messages.finishReply', replyEnd('m1r', '', { sequence: 2 }));
    assert.deepEqual([reply.status, reply.text], ['complete', 'Halfway and more']);
    assert.deepEqual(store.search.search('halfway', 5), [], 'what was forgotten meanwhile stays forgotten');
  });

  it('keeps texts of any length and with any character', async () => {
    const store = await storeWithReply();
    const text = `${'🦡 und “Zitat” \\ \' " % _ \n\t'.repeat(400)}\u0001`;
    const reply = await store.call('messages.finishReply', replyEnd('m1r', `${text}\0\uD800`));
    assert.equal(reply.text, `${text}\uFFFD\uFFFD`, 'what cannot be stored is replaced');
    assert.deepEqual(await store.call('messages.get', 'm1r'), reply);
  });
});

describe('branches', () => {
  /** m1 -> m1r -> m2 -> m2r, another answer m1b to m1, and an edited m2x beside m2. */
  async function storeWithBranches(): Promise<InProcessStore> {
    const store = await storeWithSession();
    await takeTurn(store, { id: 'm1', parentId: null, text: 'alpha question', reply: 'alpha answer' });
    await takeTurn(store, { id: 'm2', parentId: 'm1r', text: 'beta question', reply: 'beta answer' });
    const again = newTurn({ id: 'm1', parentId: null, text: '' });
    await store.call('messages.startTurn', { ...again, user: null, reply: { ...again.reply, id: 'm1b', parentId: 'm1' } });
    await store.call('messages.finishReply', replyEnd('m1b', 'gamma answer'));
    return store;
  }

  const visible = async (store: InProcessStore): Promise<string[]> =>
    (await store.documents()).filter((document) => document.visible).map((document) => document.id);

  it('shows the newest answer and keeps the other as its sibling', async () => {
    const store = await storeWithBranches();
    const { messages, total, hasMore } = await store.call('messages.page', { sessionId: 's1', limit: 10 });
    assert.deepEqual(messages.map((message) => message.id), ['m1', 'm1b']);
    assert.deepEqual([total, hasMore], [2, false]);
    assert.deepEqual(messages[1]?.siblings, ['m1r', 'm1b']);
    assert.deepEqual(messages[0]?.siblings, ['m1']);
    assert.deepEqual((await store.call('messages.all', 's1')).map((message) => message.id), ['m1', 'm1r', 'm2', 'm2r', 'm1b']);
  });

  it('goes to the newest leaf below the message that was chosen, and recall goes along', async () => {
    const store = await storeWithBranches();
    assert.deepEqual(await visible(store), ['m-m1', 'm-m1b']);
    assert.deepEqual(await recalledIds(store, 'beta'), []);
    const session = await store.call('sessions.activate', { id: 's1', leafId: 'm1r', at: 7000 });
    assert.equal(session.activeLeafId, 'm2r');
    assert.deepEqual(await visible(store), ['m-m1', 'm-m1r', 'm-m2', 'm-m2r']);
    assert.deepEqual((await recalledIds(store, 'beta')).sort(), ['m-m2', 'm-m2r']);
    assert.deepEqual(await recalledIds(store, 'gamma'), []);
    const { version } = await store.call('sessions.activate', { id: 's1', leafId: 'm2', at: 7001 });
    assert.equal(version, session.version, 'what is shown already is no change');
  });

  it('does not bring back what was forgotten or replaced while its branch was away', async () => {
    const store = await storeWithBranches();
    await store.call('slices.forget', { id: 'm-m2', undoUntil: 99_000, at: 6000 });
    await store.call('slices.supersede', { id: 'm-m1r', by: 'm-m1b', at: 6000 });
    await store.call('sessions.activate', { id: 's1', leafId: 'm2r', at: 7000 });
    assert.deepEqual(await visible(store), ['m-m1', 'm-m2r']);
    assert.deepEqual(store.search.search('alpha beta', 9).map((hit) => hit.id).sort(), ['m-m1', 'm-m2r']);
  });

  it('makes an edited message a branch beside the one it was made from', async () => {
    const store = await storeWithBranches();
    await store.call('messages.startTurn', newTurn({ id: 'm2x', parentId: 'm1r', text: 'beta, better asked' }));
    const { messages } = await store.call('messages.page', { sessionId: 's1', limit: 10 });
    assert.deepEqual(messages.map((message) => message.id), ['m1', 'm1r', 'm2x', 'm2xr']);
    assert.deepEqual(messages[2]?.siblings, ['m2', 'm2x']);
  });

  it('gives the path to any leaf, also one that is not shown', async () => {
    const store = await storeWithBranches();
    const path = async (leafId: string, limit: number): Promise<string[]> =>
      (await store.call('messages.path', { leafId, limit })).map((message) => message.id);
    assert.deepEqual(await path('m2r', 10), ['m1', 'm1r', 'm2', 'm2r']);
    assert.deepEqual(await path('m2r', 3), ['m1r', 'm2', 'm2r']);
    assert.deepEqual(await path('m1b', 10), ['m1', 'm1b']);
    assert.deepEqual(await path('m1', 10), ['m1']);
    assert.deepEqual(await path('m2r', 1), ['m2r']);
  });

  it('pages backwards through a long chat without missing or repeating a message', async () => {
    const store = await storeWithSession();
    for (let i = 0; i < 25; i++) {
      await takeTurn(store, { id: `m${String(i)}`, parentId: i === 0 ? null : `m${String(i - 1)}r`, text: `number ${String(i)}`, reply: 'ok' });
    }
    const all = (await store.call('messages.all', 's1')).map((message) => message.id);
    const seen: string[] = [];
    for (let hasMore = true; hasMore; ) {
      const before = seen[0];
      const page = await store.call('messages.page', { sessionId: 's1', limit: 7, ...(before === undefined ? {} : { beforeId: before }) });
      seen.unshift(...page.messages.map((message) => message.id));
      hasMore = page.hasMore;
      assert.equal(page.total, 50);
    }
    assert.deepEqual(seen, all);
  });
});
