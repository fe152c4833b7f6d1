import assert from 'node:assert/strict';

import type { SliceListQuery } from '../../../src/store/slice-port.ts';
import type { Slice } from '../../../src/store/records.ts';
import { dropAllVectors } from '../../../src/store/sql/repositories/slice-vectors.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, newFact, newSession, newTurn, recalledIds, recallOf, takeTurn } from './support/sample-rows.ts';

async function storeWithTurn(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession({ title: 'Pets' }));
  await takeTurn(store, { id: 'm1', parentId: null, text: 'My badger is called Quillon', reply: 'A fine name' });
  return store;
}

async function sliceOf(store: InProcessStore, id: string): Promise<Slice> {
  const [slice] = await store.call('slices.get', [id]);
  assert.ok(slice, `${id} is there`);
  return slice;
}

describe('slices of turns', () => {
  it('stand for every message and reply, with the words of these', async () => {
    const store = await storeWithTurn();
    const turn = await sliceOf(store, 'm-m1');
    assert.equal(turn.text, 'My badger is called Quillon');
    assert.equal(turn.sourceTitle, 'Pets');
    assert.deepEqual([turn.kind, turn.state, turn.speaker, turn.confidence], ['episodic', 'held', 'user', 1]);
    assert.deepEqual(turn.scope, { type: 'agent', agentId: 'alden' });
    assert.deepEqual(turn.provenance, { type: 'message', sessionId: 's1', messageId: 'm1', quote: null });
    assert.equal((await sliceOf(store, 'm-m1r')).speaker, 'alden');
    assert.ok(!JSON.stringify(store.content()['slice']).includes('Quillon'), 'the words are not stored twice');
  });

  it('keep the words as they were said', async () => {
    const store = await storeWithTurn();
    await assert.rejects(store.call('slices.edit', { id: 'm-m1', text: 'Other words', at: 5000 }), { code: 'invalid-input' });
    await assert.rejects(store.call('slices.edit', { id: 'm-m1', kind: 'semantic', at: 5000 }), { code: 'invalid-input' });
    const pinned = await store.call('slices.edit', { id: 'm-m1', pinned: true, importance: 0.9, version: 1, at: 5000 });
    assert.deepEqual([pinned.pinned, pinned.importance, pinned.version], [true, 0.9, 2]);
  });
});

describe('adding slices', () => {
  it('answers each slice as it was stored, and the same when asked again', async () => {
    const store = await storeWithTurn();
    const slices = [
      factFrom('m1', 'f1', 'Has a badger named Quillon', 'badger is called Quillon'),
      newFact('f2', 'Prefers metric units', { kind: 'procedural', scope: { type: 'workspace', workspaceId: 'w:1' }, state: 'proposed' }),
      newFact('f3', 'Oven is on', { kind: 'working', expiresAt: 9000, provenance: { type: 'editor', uri: 'file:///a', firstLine: 2, lastLine: 4 } }),
    ];
    const added = await store.call('slices.add', slices);
    assert.deepEqual(added.map(({ outcome }) => outcome), ['added', 'added', 'added']);
    const stored = await store.call('slices.get', ['f1', 'f2', 'f3']);
    assert.deepEqual(added.map((answer) => ('slice' in answer ? answer.slice : null)), stored);
    assert.deepEqual(stored.map(({ scope }) => scope), slices.map(({ scope }) => scope));
    assert.deepEqual(stored.map(({ provenance }) => provenance), slices.map(({ provenance }) => provenance));
    assert.equal(stored[0]?.sourceTitle, 'Pets');
    assert.deepEqual(await store.again('slices.add', slices), added);
    assert.deepEqual(await store.call('slices.add', slices), added);
  });

  it('answers the slice that says the same, whatever its case, accents and punctuation', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('f1', 'Likes the café “Zoë”.')]);
    const [repeated] = await store.call('slices.add', [newFact('f2', 'likes the CAFE  Zoe')]);
    assert.deepEqual(repeated, { outcome: 'duplicate', slice: await sliceOf(store, 'f1') });
  });

  it('answers a near duplicate of its own kind and scope, and adds one of another', async () => {
    const store = InProcessStore.create();
    const text = 'Drinks green tea with lemon every morning before work';
    await store.call('slices.add', [newFact('f1', text)]);
    const near = 'Drinks green tea with lemon every morning before the work';
    const answers = await store.call('slices.add', [
      newFact('f2', near),
      newFact('f3', near, { kind: 'procedural' }),
      newFact('f4', near, { scope: { type: 'agent', agentId: 'alden' } }),
      newFact('f5', 'Drinks black coffee with milk every evening after work'),
    ]);
    assert.deepEqual(answers.map(({ outcome }) => outcome), ['duplicate', 'added', 'added', 'added']);
  });

  it('finds a near duplicate among proposals, and holds a proposal that is said again as certain', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('f1', 'The bakery on Mill Street closes at six', { state: 'proposed' })]);
    assert.deepEqual(await recalledIds(store, 'bakery'), []);
    const [again] = await store.call('slices.add', [newFact('f2', 'The bakery on Mill Street closes at six')]);
    assert.ok(again?.outcome === 'duplicate');
    assert.deepEqual([again.slice.id, again.slice.state], ['f1', 'held']);
    assert.deepEqual(await recalledIds(store, 'bakery'), ['f1']);
  });

  it('finds the same words within one call', async () => {
    const store = InProcessStore.create();
    const answers = await store.call('slices.add', [newFact('f1', 'Rides a unicycle'), newFact('f2', 'rides a unicycle!')]);
    assert.deepEqual(answers.map(({ outcome }) => outcome), ['added', 'duplicate']);
  });

  it('refuses what cannot be a slice, and then adds nothing of the call', async () => {
    const store = await storeWithTurn();
    const good = newFact('f1', 'Good');
    await assert.rejects(store.call('slices.add', [good, newFact('f2', '  ')]), { code: 'invalid-input' });
    await assert.rejects(store.call('slices.add', [good, newFact('f2', 'x', { importance: 1.1 })]), { code: 'invalid-input' });
    await assert.rejects(store.call('slices.add', [good, newFact('f2', 'x', { confidence: Number.NaN })]), { code: 'invalid-input' });
    await assert.rejects(store.call('slices.add', [good, factFrom('gone', 'f2', 'x', null)]), { code: 'not-found' });
    assert.deepEqual(await store.call('slices.get', ['f1']), []);
  });
});

describe('listing slices', () => {
  it('gives the newest first, by kind, state and source, with the number of all', async () => {
    const store = await storeWithTurn();
    await store.call('slices.add', [
      factFrom('m1', 'f1', 'First fact about oak', null),
      newFact('f2', 'Second fact about elm', { at: 4001 }),
      newFact('p1', 'A proposal about ash', { at: 4002, state: 'proposed' }),
    ]);
    const list = async (page: Partial<SliceListQuery>) => {
      const { slices, total } = await store.call('slices.list', { limit: 10, offset: 0, ...page });
      return [slices.map((slice) => slice.id), total];
    };
    assert.deepEqual(await list({}), [['p1', 'f2', 'f1', 'm-m1r', 'm-m1'], 5]);
    assert.deepEqual(await list({ limit: 2, offset: 1 }), [['f2', 'f1'], 5]);
    assert.deepEqual(await list({ kinds: ['semantic'], states: ['held'] }), [['f2', 'f1'], 2]);
    assert.deepEqual(await list({ states: ['proposed'] }), [['p1'], 1]);
    assert.deepEqual(await list({ messageIds: ['m1'] }), [['f1', 'm-m1'], 2]);
    assert.deepEqual(await list({ messageIds: [] }), [[], 0]);
  });
});

describe('editing a slice', () => {
  it('finds it under its new words, and keeps the old ones as a version', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('f1', 'Lives in Tartu')]);
    const edited = await store.call('slices.edit', { id: 'f1', text: 'Lives in Narva', version: 1, at: 5000 });
    assert.deepEqual([edited.text, edited.version], ['Lives in Narva', 2]);
    assert.deepEqual(await recalledIds(store, 'Tartu'), []);
    assert.deepEqual(await recalledIds(store, 'Narva'), ['f1']);
    assert.deepEqual(store.content()['slice_version'], [['f1', 1, 'Lives in Tartu', 5000]]);
  });

  it('is refused when it was decided on an older version', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('f1', 'Lives in Tartu')]);
    await store.call('slices.edit', { id: 'f1', text: 'Lives in Narva', version: 1, at: 5000 });
    await assert.rejects(store.call('slices.edit', { id: 'f1', text: 'Lives in Paide', version: 1, at: 5001 }), { code: 'conflict' });
    assert.equal((await sliceOf(store, 'f1')).text, 'Lives in Narva');
  });

  it('is refused once it is forgotten, and with what no slice can have', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('f1', 'Lives in Tartu')]);
    await assert.rejects(store.call('slices.edit', { id: 'f1', text: ' ', at: 5000 }), { code: 'invalid-input' });
    await assert.rejects(store.call('slices.edit', { id: 'f1', importance: -0.1, at: 5000 }), { code: 'invalid-input' });
    await assert.rejects(store.call('slices.edit', { id: 'none', pinned: true, at: 5000 }), { code: 'not-found' });
    await store.call('slices.forget', { id: 'f1', undoUntil: 9000, at: 5000 });
    await assert.rejects(store.call('slices.edit', { id: 'f1', text: 'Lives in Narva', at: 5001 }), { code: 'conflict' });
  });

  it('changes whose it is, and whether it is held', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('f1', 'Likes walnuts', { state: 'proposed' })]);
    await store.call('slices.edit', { id: 'f1', state: 'held', scope: { type: 'workspace', workspaceId: 'w1' }, at: 5000 });
    assert.deepEqual(await recalledIds(store, 'walnuts'), []);
    assert.deepEqual(await recalledIds(store, 'walnuts', { workspaceId: 'w1' }), ['f1']);
    await store.call('slices.edit', { id: 'f1', state: 'proposed', at: 5001 });
    assert.deepEqual(await recalledIds(store, 'walnuts', { workspaceId: 'w1' }), []);
  });
});

describe('slices that do not fit together', () => {
  async function storeWithTwo(): Promise<InProcessStore> {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('old', 'Rents a flat in Tartu', { validFrom: 100 }), newFact('new', 'Owns a house in Narva', { validFrom: 900 })]);
    return store;
  }

  it('both stay and name each other', async () => {
    const store = await storeWithTwo();
    await store.call('slices.markContradiction', { a: 'old', b: 'new', at: 5000 });
    await store.call('slices.markContradiction', { a: 'new', b: 'old', at: 5001 });
    assert.deepEqual((await sliceOf(store, 'old')).contradicts, ['new']);
    assert.deepEqual((await sliceOf(store, 'new')).contradicts, ['old']);
    assert.deepEqual((await recalledIds(store, 'Tartu Narva')).sort(), ['new', 'old']);
    await assert.rejects(store.call('slices.markContradiction', { a: 'old', b: 'old', at: 1 }), { code: 'invalid-input' });
    await assert.rejects(store.call('slices.markContradiction', { a: 'old', b: 'none', at: 1 }), { code: 'not-found' });
  });

  it('one replaces the other, which held until then and is recalled no more', async () => {
    const store = await storeWithTwo();
    await store.call('slices.markContradiction', { a: 'old', b: 'new', at: 5000 });
    await store.call('slices.supersede', { id: 'old', by: 'new', at: 6000 });
    const old = await sliceOf(store, 'old');
    assert.deepEqual([old.supersededBy, old.validTo, old.contradicts], ['new', 900, []]);
    assert.deepEqual((await sliceOf(store, 'new')).contradicts, []);
    assert.deepEqual(await recalledIds(store, 'Tartu Narva'), ['new']);
    await assert.rejects(store.call('slices.supersede', { id: 'new', by: 'old', at: 6001 }), { code: 'invalid-input' });
  });
});

describe('recall counts', () => {
  it('rise by one for each use', async () => {
    const store = await storeWithTurn();
    await store.call('slices.recordRecall', { ids: ['m-m1', 'm-m1r', 'none'], at: 5000 });
    await store.call('slices.recordRecall', { ids: ['m-m1'], at: 5001 });
    const slices = await store.call('slices.get', ['m-m1', 'm-m1r']);
    assert.deepEqual(slices.map(({ recallCount, version }) => [recallCount, version]), [[2, 1], [1, 1]]);
  });
});

describe('vectors', () => {
  const vector = Float32Array.of(0.6, 0.8, 0);

  it('are missing for what recall may see, newest first, each turn with the one before it', async () => {
    const store = await storeWithTurn();
    await store.call('messages.startTurn', newTurn({ id: 'm2', parentId: 'm1r', text: 'Is it?' }));
    await store.call('slices.add', [newFact('f1', 'Likes badgers'), newFact('p1', 'Likes wasps', { state: 'proposed' })]);
    const missing = await store.call('slices.missingVectors', { model: 'nomic', limit: 10 });
    assert.deepEqual(missing.map(({ id, text }) => [id, text]), [
      ['f1', 'Likes badgers'],
      ['m-m2', 'A fine name\nIs it?'],
      ['m-m1r', 'My badger is called Quillon\nA fine name'],
      ['m-m1', 'My badger is called Quillon'],
    ]);
    await store.call('slices.putVectors', { model: 'nomic', vectors: [{ id: 'f1', vector }], at: 5000 });
    const rest = await store.call('slices.missingVectors', { model: 'nomic', limit: 2 });
    assert.deepEqual(rest.map(({ id }) => id), ['m-m2', 'm-m1r']);
    assert.equal((await store.call('slices.missingVectors', { model: 'other', limit: 10 })).length, 4);
  });

  it('bring back what shares no word with the question', async () => {
    const store = await storeWithTurn();
    await store.call('slices.putVectors', {
      model: 'nomic',
      vectors: [{ id: 'm-m1', vector }, { id: 'm-m1r', vector: Float32Array.of(0, 0, 1) }],
      at: 5000,
    });
    const { hits } = await store.call('recall', { ...recallOf('Haustier'), vector: { model: 'nomic', values: vector } });
    assert.deepEqual([hits[0]?.slice.id, hits[0]?.why.meaning], ['m-m1', true]);
  });

  it('are missing again when the words have changed, and refused when they were made of the old ones', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('f1', 'Lives in Tartu')]);
    const [before] = await store.call('slices.missingVectors', { model: 'nomic', limit: 1 });
    assert.ok(before);
    await store.call('slices.putVectors', { model: 'nomic', vectors: [{ id: 'f1', vector }], at: 4500 });
    await store.call('slices.edit', { id: 'f1', text: 'Lives in Narva', at: 5000 });
    assert.equal(store.search.hasVector('nomic', 'f1'), false);
    await store.call('slices.putVectors', { model: 'nomic', vectors: [{ ...before, vector }], at: 5001 });
    assert.equal(store.search.hasVector('nomic', 'f1'), false);
    const [now] = await store.call('slices.missingVectors', { model: 'nomic', limit: 1 });
    assert.equal(now?.text, 'Lives in Narva');
    await store.call('slices.putVectors', { model: 'nomic', vectors: [{ ...now, vector }, { id: 'gone', vector }], at: 5002 });
    assert.equal(store.search.hasVector('nomic', 'f1'), true);
    assert.deepEqual(await store.call('slices.missingVectors', { model: 'nomic', limit: 1 }), []);
  });

  it('of every model are taken back when their files are lost, here and in every replica', async () => {
    const store = await storeWithTurn();
    for (const model of ['nomic', 'other']) {
      await store.call('slices.putVectors', { model, vectors: [{ id: 'm-m1', vector }, { id: 'm-m1r', vector }], at: 5000 });
    }
    await store.run('write', dropAllVectors);
    const replica = store.replica();
    assert.deepEqual(replica.content(), store.content());
    for (const each of [store, replica]) {
      assert.deepEqual(each.content()['embedded'], []);
      for (const model of ['nomic', 'other']) {
        assert.equal((await each.call('slices.missingVectors', { model, limit: 10 })).length, 2);
        assert.deepEqual(['m-m1', 'm-m1r'].filter((id) => each.search.hasVector(model, id)), []);
      }
    }
    const written = store.statements.length;
    await store.run('write', dropAllVectors);
    assert.equal(store.statements.length, written, 'there was nothing left to write');
  });
});
