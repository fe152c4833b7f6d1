import assert from 'node:assert/strict';

import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, newFact, newSession, recalledIds, takeTurn } from './support/sample-rows.ts';

async function storeWithTwo(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession());
  await takeTurn(store, { id: 'm1', parentId: null, text: 'I live in Lisbon by the river', reply: 'Nice' });
  await takeTurn(store, { id: 'm2', parentId: 'm1r', text: 'Lisbon is where I live', reply: 'I know', at: 3000 });
  await store.call('slices.add', [factFrom('m1', 'f1', 'The user lives in Lisbon', 'I live in Lisbon'), factFrom('m2', 'f2', 'Home is Lisbon', 'Lisbon is where I live')]);
  await store.call('slices.edit', { id: 'f2', importance: 0.8, pinned: true, at: 4500 });
  return store;
}

async function slicesOf(store: InProcessStore, ...ids: string[]) {
  return store.call('slices.get', ids);
}

describe('merging facts', () => {
  it('keeps one with the weight of both, and lets the other name it, with its own source', async () => {
    const store = await storeWithTwo();

    const kept = await store.call('slices.merge', { keepId: 'f1', mergedIds: ['f2'], at: 5000 });

    assert.deepEqual([kept.id, kept.importance, kept.pinned], ['f1', 0.8, true]);
    const [merged] = await slicesOf(store, 'f2');
    assert.deepEqual([merged?.supersededBy, merged?.validTo, merged?.text], ['f1', null, 'Home is Lisbon']);
    assert.deepEqual(merged?.provenance, { type: 'message', sessionId: 's1', messageId: 'm2', quote: 'Lisbon is where I live' });
    assert.deepEqual(await recalledIds(store, 'home'), []);
  });

  it('can be taken back, and then all is as before', async () => {
    const store = await storeWithTwo();
    const before = await slicesOf(store, 'f1', 'f2');
    await store.call('slices.merge', { keepId: 'f1', mergedIds: ['f2'], at: 5000 });

    await store.call('slices.unmerge', { id: 'f2', at: 6000 });

    const after = await slicesOf(store, 'f1', 'f2');
    assert.deepEqual(after.map((slice) => ({ ...slice, version: 0 })), before.map((slice) => ({ ...slice, version: 0 })));
    assert.deepEqual(await recalledIds(store, 'home'), ['m-m2'], 'a fact leads to where it was said');
    await assert.rejects(store.call('slices.unmerge', { id: 'f2', at: 6000 }), { code: 'invalid-transition' });
  });

  it('gives the weight back one by one, and leaves a weight that was chosen since', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('a', 'First words', { importance: 0.2 }), newFact('b', 'Second saying', { importance: 0.6 }), newFact('c', 'Third thing', { importance: 0.9 })]);
    await store.call('slices.merge', { keepId: 'a', mergedIds: ['b'], at: 5000 });
    await store.call('slices.merge', { keepId: 'a', mergedIds: ['c'], at: 6000 });

    await store.call('slices.unmerge', { id: 'c', at: 7000 });
    assert.equal((await slicesOf(store, 'a'))[0]?.importance, 0.6);
    await store.call('slices.edit', { id: 'a', importance: 0.3, at: 7500 });
    await store.call('slices.unmerge', { id: 'b', at: 8000 });

    assert.equal((await slicesOf(store, 'a'))[0]?.importance, 0.3);
  });

  it('carries over what does not fit with the merged one', async () => {
    const store = await storeWithTwo();
    await store.call('slices.add', [newFact('f3', 'The user moved to Porto')]);
    await store.call('slices.markContradiction', { a: 'f2', b: 'f3', at: 4600 });

    await store.call('slices.merge', { keepId: 'f1', mergedIds: ['f2'], at: 5000 });

    assert.deepEqual((await slicesOf(store, 'f1', 'f3')).map(({ contradicts }) => contradicts), [['f3'], ['f1']]);
  });

  it('is refused for turns, for itself, and for what is not in force, and then changes nothing', async () => {
    const store = await storeWithTwo();
    await store.call('slices.add', [newFact('p', 'Likes tea', { state: 'proposed' })]);
    const before = store.content();
    for (const [keepId, id, code] of [['f1', 'f1', 'invalid-input'], ['f1', 'm-m2', 'invalid-input'], ['m-m1', 'f1', 'invalid-input'], ['f1', 'p', 'conflict'], ['f1', 'x', 'not-found']] as const) {
      await assert.rejects(store.call('slices.merge', { keepId, mergedIds: ['f2', id], at: 5000 }), { code });
    }
    assert.deepEqual(store.content(), before);
  });

  it('is forgotten whole: what was merged goes along, comes back with undo, and is wiped with its words', async () => {
    const store = await storeWithTwo();
    await store.call('slices.merge', { keepId: 'f1', mergedIds: ['f2'], at: 5000 });
    const before = await slicesOf(store, 'f1', 'f2');
    await store.call('slices.forget', { id: 'f1', undoUntil: 7000, at: 6000 });
    assert.deepEqual((await slicesOf(store, 'f1', 'f2')).map(({ state }) => state), ['forgotten', 'forgotten']);
    await store.call('slices.undoForget', { id: 'f1', at: 6500 });
    assert.deepEqual((await slicesOf(store, 'f1', 'f2')).map(({ state, supersededBy }) => [state, supersededBy]), before.map(({ state, supersededBy }) => [state, supersededBy]));

    await store.call('slices.forget', { id: 'f1', undoUntil: 7000, at: 6600 });
    await store.call('slices.wipeForgotten', 8000);

    assert.deepEqual(await slicesOf(store, 'f1', 'f2'), []);
    assert.equal((await store.call('messages.get', 'm2'))?.text, '[…]');
    assert.deepEqual(store.content()['slice_merge'], []);
  });

  it('ends when the kept one is removed with its chat: the other stands for itself again', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession({ id: 't', temporary: true, expiresAt: 9000 }));
    await takeTurn(store, { sessionId: 't', id: 'm1', parentId: null, text: 'I live in Lisbon', reply: 'Nice' });
    await store.call('slices.add', [factFrom('m1', 'f1', 'Lives in Lisbon', null, 't'), newFact('f2', 'Home is Lisbon')]);
    await store.call('slices.merge', { keepId: 'f1', mergedIds: ['f2'], at: 5000 });

    await store.call('sessions.expire', 9001);
    await store.call('slices.wipeForgotten', 10_000);

    assert.deepEqual((await slicesOf(store, 'f1', 'f2')).map(({ id, supersededBy }) => [id, supersededBy]), [['f2', null]]);
    assert.deepEqual(await recalledIds(store, 'home'), ['f2']);
  });

  it('is the same on every replica', async () => {
    const store = await storeWithTwo();
    await store.call('slices.merge', { keepId: 'f1', mergedIds: ['f2'], at: 5000 });
    const replica = store.replica();
    assert.deepEqual(replica.content(), store.content());
    assert.deepEqual(await recalledIds(replica, 'home'), []);
  });
});
