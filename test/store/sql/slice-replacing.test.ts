import assert from 'node:assert/strict';

import { InProcessStore } from './support/in-process-store.ts';
import { newFact, newSession, recalledIds, takeTurn } from './support/sample-rows.ts';

async function storeWithFacts(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession());
  await takeTurn(store, { id: 'm1', parentId: null, text: 'Quillon the badger eats plums', reply: 'I see' });
  await store.call('slices.add', [newFact('f1', 'Quillon is a badger'), newFact('f2', 'Quillon eats plums')]);
  return store;
}

const seen = (id: string, version = 1): { id: string; version: number } => ({ id, version });

describe('replacing slices', () => {
  it('puts one in the place of two: they leave recall, stay, and name it', async () => {
    const store = await storeWithFacts();
    await store.call('slices.edit', { id: 'f2', pinned: true, at: 4500 });
    const change = { slices: [seen('f1'), seen('f2', 2)], by: [newFact('f3', 'Quillon is a badger that eats plums')], at: 5000 };
    const added = await store.call('slices.replace', change);
    assert.deepEqual(added.map(({ outcome }) => outcome), ['added']);
    const [f1, f2, f3] = await store.call('slices.get', ['f1', 'f2', 'f3']);
    assert.deepEqual([f1?.supersededBy, f2?.supersededBy], ['f3', 'f3']);
    assert.equal(f3?.pinned, true, 'pinned as one of them was');
    const recalled = await recalledIds(store, 'Quillon');
    assert.deepEqual(recalled.toSorted(), ['f3', 'm-m1']);
    assert.deepEqual(recalled, await recalledIds(store.replica(), 'Quillon'), 'a replica follows');
  });

  it('puts two in the place of one, or a correction in the place of what was said', async () => {
    const store = await storeWithFacts();
    await store.call('slices.replace', { slices: [seen('f1')], by: [newFact('f3', 'Quillon digs'), newFact('f4', 'Quillon has stripes')], at: 5000 });
    await store.call('slices.replace', { slices: [seen('m-m1')], by: [newFact('f5', 'Quillon the badger eats pears')], at: 5000 });
    assert.deepEqual((await recalledIds(store, 'Quillon')).toSorted(), ['f2', 'f3', 'f4', 'f5']);
  });

  it('takes what says nearly the same as the new one where it is there already, but never one it replaces', async () => {
    const store = await storeWithFacts();
    const [same] = await store.call('slices.replace', { slices: [seen('f1')], by: [newFact('f3', 'quillon is a BADGER')], at: 5000 });
    assert.equal(same?.outcome, 'added');
    const [known] = await store.call('slices.replace', { slices: [seen('f3')], by: [newFact('f4', 'Quillon eats plums!')], at: 6000 });
    assert.equal(known?.outcome, 'duplicate');
    assert.equal((await store.call('slices.get', ['f3']))[0]?.supersededBy, 'f2');
  });

  it('is refused whole for what has changed, is replaced already, or was forgotten before', async () => {
    const store = await storeWithFacts();
    const before = store.content();
    const by = [newFact('f3', 'Quillon sleeps')];
    await assert.rejects(store.call('slices.replace', { slices: [seen('f1'), seen('f2', 7)], by, at: 5000 }), { code: 'conflict' });
    assert.deepEqual(store.content(), before);
    await store.call('slices.supersede', { id: 'f1', by: 'f2', at: 5000 });
    await assert.rejects(store.call('slices.replace', { slices: [seen('f1', 2)], by, at: 5000 }), { code: 'conflict' });
    await store.call('slices.add', [newFact('f9', 'Quillon snores')]);
    await store.call('slices.forget', { id: 'f9', undoUntil: 6000, at: 5000 });
    await store.call('slices.wipeForgotten', 7000);
    await assert.rejects(store.call('slices.replace', { slices: [seen('f2')], by: [newFact('f3', 'Quillon snores')], at: 8000 }), { code: 'forgotten-before' });
    assert.equal((await store.call('slices.get', ['f2']))[0]?.supersededBy, null);
  });

  it('answers a call again from the rows', async () => {
    const store = await storeWithFacts();
    const change = { slices: [seen('f1')], by: [newFact('f3', 'Quillon digs')], at: 5000 };
    const added = await store.call('slices.replace', change);
    assert.deepEqual(await store.again('slices.replace', change), added);
  });

  it('is taken back: the old ones hold again, the new one is gone', async () => {
    const store = await storeWithFacts();
    await store.call('slices.replace', { slices: [seen('f1'), seen('f2')], by: [newFact('f3', 'Quillon is a badger that eats plums')], at: 5000 });
    await store.call('slices.undoReplace', { ids: ['f1', 'f2'], by: [seen('f3')], at: 6000 });
    assert.deepEqual((await recalledIds(store, 'Quillon')).toSorted(), ['f1', 'f2', 'm-m1']);
    assert.deepEqual(await store.call('slices.get', ['f3']), []);
    assert.equal((await store.call('slices.get', ['f1']))[0]?.validTo, null);
  });

  it('is not taken back once the new one has changed', async () => {
    const store = await storeWithFacts();
    await store.call('slices.replace', { slices: [seen('f1')], by: [newFact('f3', 'Quillon digs')], at: 5000 });
    await store.call('slices.edit', { id: 'f3', importance: 0.9, at: 5500 });
    await assert.rejects(store.call('slices.undoReplace', { ids: ['f1'], by: [seen('f3')], at: 6000 }), { code: 'conflict' });
  });
});

describe('two that did not fit', () => {
  it('fit once the user says so', async () => {
    const store = await storeWithFacts();
    await store.call('slices.markContradiction', { a: 'f1', b: 'f2', at: 5000 });
    await store.call('slices.fitTogether', { a: 'f2', b: 'f1', at: 6000 });
    assert.deepEqual((await store.call('slices.get', ['f1', 'f2'])).map(({ contradicts }) => contradicts), [[], []]);
  });
});
