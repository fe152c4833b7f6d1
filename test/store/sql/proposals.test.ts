import assert from 'node:assert/strict';

import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, newFact, newSession, recalledIds, takeTurn } from './support/sample-rows.ts';

const minute = 60_000;

/** A chat in which a badger was named, and the fact that was proposed from it. */
async function storeWithProposal(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession());
  await takeTurn(store, { id: 'm1', parentId: null, text: 'My badger is called Quillon, and it rains', reply: 'Noted' });
  await store.call('slices.add', [{ ...factFrom('m1', 'p1', 'Has a badger named Quillon', 'My badger is called Quillon'), state: 'proposed' }]);
  return store;
}

const stateOf = async (store: InProcessStore, id: string) => (await store.call('slices.get', [id]))[0]?.state ?? 'gone';

describe('a proposal', () => {
  it('can be recalled once it is accepted, and stays as it is when it is accepted again', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('p1', 'Has a badger named Quillon', { state: 'proposed' })]);
    assert.deepEqual(await recalledIds(store, 'badger'), []);

    const accepted = await store.call('slices.accept', { ids: ['p1', 'p1'], at: 5000 });
    await store.call('slices.accept', { ids: ['p1'], at: 6000 });

    assert.deepEqual(accepted.map(({ state, version }) => [state, version]), [['held', 2], ['held', 2]]);
    assert.deepEqual(await recalledIds(store, 'badger'), ['p1']);
  });

  it('is decided with the others of a call, or none of them is', async () => {
    const store = await storeWithProposal();
    await assert.rejects(store.call('slices.accept', { ids: ['p1', 'gone'], at: 5000 }), { code: 'not-found' });
    await assert.rejects(store.call('slices.reject', { ids: ['p1', 'gone'], undoUntil: 6000, at: 5000 }), { code: 'not-found' });
    assert.equal(await stateOf(store, 'p1'), 'proposed');
  });

  it('is not proposed again when it was refused, before and after it is wiped', async () => {
    const store = await storeWithProposal();
    const again = () => store.call('slices.add', [{ ...factFrom('m1', 'p2', 'The user has a badger', 'My badger is called Quillon'), state: 'proposed' }, newFact('p3', 'has a badger named QUILLON')]);
    await store.call('slices.reject', { ids: ['p1'], undoUntil: 5000 + minute, at: 5000 });
    assert.deepEqual((await again()).map(({ outcome }) => outcome), ['forgotten-before', 'forgotten-before']);

    await store.call('slices.wipeForgotten', 5001 + minute);

    assert.equal(await stateOf(store, 'p1'), 'gone');
    assert.deepEqual((await again()).map(({ outcome }) => outcome), ['forgotten-before', 'forgotten-before'], 'in other words from the same sentence neither');
  });

  it('takes nothing along of what was said when it is refused', async () => {
    const store = await storeWithProposal();
    await store.call('slices.reject', { ids: ['p1'], undoUntil: 5000, at: 5000 });
    assert.deepEqual(await recalledIds(store, 'badger Quillon'), ['m-m1']);

    await store.call('slices.wipeForgotten', 9000);

    assert.equal((await store.call('messages.get', 'm1'))?.text, 'My badger is called Quillon, and it rains');
    assert.deepEqual(await recalledIds(store, 'badger Quillon'), ['m-m1']);
  });

  it('waits again when the refusal is undone in time, and then can be forgotten with its words', async () => {
    const store = await storeWithProposal();
    await store.call('slices.reject', { ids: ['p1'], undoUntil: 5000, at: 4500 });
    assert.equal((await store.call('slices.undoForget', { id: 'p1', at: 5000 })).state, 'proposed');

    await store.call('slices.forget', { id: 'p1', undoUntil: 5500, at: 5100 });
    await store.call('slices.wipeForgotten', 9000);

    assert.equal((await store.call('messages.get', 'm1'))?.text, '[…], and it rains');
  });

  it('cannot be refused any more once it is held', async () => {
    const store = await storeWithProposal();
    await store.call('slices.accept', { ids: ['p1'], at: 5000 });
    await assert.rejects(store.call('slices.reject', { ids: ['p1'], undoUntil: 6000, at: 5500 }), { code: 'conflict' });
  });

  it('that was kept at once can be refused as well, but never what was said', async () => {
    const store = await storeWithProposal();
    await store.call('slices.accept', { ids: ['p1'], at: 5000 });
    await store.call('slices.reject', { ids: ['p1'], alsoHeld: true, undoUntil: 6000, at: 5500 });
    assert.equal((await store.call('slices.undoForget', { id: 'p1', at: 5600 })).state, 'held');
    await assert.rejects(store.call('slices.reject', { ids: ['m-m1'], alsoHeld: true, undoUntil: 6000, at: 5700 }), { code: 'conflict' });

    await store.call('slices.reject', { ids: ['p1'], alsoHeld: true, undoUntil: 6000, at: 5800 });
    await store.call('slices.wipeForgotten', 7000);

    assert.equal(await stateOf(store, 'p1'), 'gone');
    assert.equal((await store.call('messages.get', 'm1'))?.text, 'My badger is called Quillon, and it rains');
  });

  it('is shown beside facts in force that are close to it, the closest first', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [
      newFact('old', 'The nightly build takes 11 minutes'),
      newFact('far', 'The nightly build is green again since Monday morning'),
      newFact('gone', 'The nightly build takes 9 minutes'),
      newFact('private', 'The nightly build takes 14 minutes now', { scope: { type: 'agent', agentId: 'alden' } }),
      newFact('p1', 'The nightly build takes 14 minutes', { state: 'proposed' }),
    ]);
    await store.call('slices.supersede', { id: 'gone', by: 'old', at: 5000 });

    const similar = await store.call('slices.similar', { id: 'p1', least: 0.5, limit: 5 });

    assert.deepEqual(similar.map(({ slice, share }) => [slice.id, Math.round(share * 100)]), [['old', 71]]);
  });
});
