import assert from 'node:assert/strict';

import type { BrowseFilter } from '../../../src/store/browsing-port.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, newFact, newSession, newTurn, recallOf, replyEnd, takeTurn } from './support/sample-rows.ts';

/** A chat of one turn, a fact from it, and facts that differ in what a filter looks at. */
async function filledStore(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession({ title: 'Pets' }));
  await takeTurn(store, { id: 'm1', parentId: null, text: 'My badger is called Quillon', reply: 'A fine name' });
  await store.call('slices.add', [
    factFrom('m1', 'f1', 'Has a badger named Quillon', 'badger is called Quillon'),
    newFact('f2', 'Prefers metric units', { kind: 'procedural', scope: { type: 'workspace', workspaceId: 'w1' }, importance: 0.9, at: 5000 }),
    newFact('f3', 'The oven is on', { kind: 'working', scope: { type: 'workspace', workspaceId: 'w2' }, importance: 0.1, at: 6000, provenance: { type: 'editor', uri: 'file:///oven.md', firstLine: 1, lastLine: 2 } }),
    newFact('f4', 'Might like olives', { state: 'proposed', at: 7000 }),
  ]);
  return store;
}

async function idsOf(store: InProcessStore, filter: BrowseFilter): Promise<string[]> {
  const slices = await store.call('browsing.page', { filter, limit: 100, offset: 0 });
  assert.equal(await store.call('browsing.count', { filter }), slices.length, 'the count is of the same memories');
  return slices.map(({ id }) => id);
}

describe('looking through memory', () => {
  it('shows what is held, newest first, and nothing that waits for review or is forgotten', async () => {
    const store = await filledStore();
    assert.deepEqual(await idsOf(store, {}), ['f3', 'f2', 'f1', 'm-m1r', 'm-m1']);
    await store.call('slices.forget', { id: 'f2', undoUntil: 9000, at: 8000 });
    assert.deepEqual(await idsOf(store, {}), ['f3', 'f1', 'm-m1r', 'm-m1']);
  });

  it('comes in pages', async () => {
    const store = await filledStore();
    const page = await store.call('browsing.page', { filter: {}, limit: 2, offset: 1 });
    assert.deepEqual(page.map(({ id }) => id), ['f2', 'f1']);
  });

  const cases: readonly { readonly name: string; readonly filter: BrowseFilter; readonly ids: readonly string[] }[] = [
    { name: 'kind', filter: { kinds: ['procedural', 'working'] }, ids: ['f3', 'f2'] },
    { name: 'what was said', filter: { kinds: ['episodic'] }, ids: ['m-m1r', 'm-m1'] },
    { name: 'scope', filter: { scopes: { keys: ['shared'] } }, ids: ['f1'] },
    { name: 'this workspace', filter: { scopes: { keys: ['workspace:w1'] } }, ids: ['f2'] },
    { name: 'any other workspace, besides what is shared', filter: { scopes: { keys: ['shared'], workspacesBesides: 'w1' } }, ids: ['f3', 'f1'] },
    { name: 'any workspace', filter: { scopes: { keys: ['none'], workspacesBesides: null } }, ids: ['f3', 'f2'] },
    { name: 'speaker', filter: { speakers: ['alden'] }, ids: ['m-m1r'] },
    { name: 'source', filter: { sources: ['editor'] }, ids: ['f3'] },
    { name: 'time', filter: { from: 4000, to: 6000 }, ids: ['f2', 'f1'] },
    { name: 'importance, in several ranges', filter: { importances: [{ from: 0, below: 0.2 }, { from: 0.8, below: 1.1 }] }, ids: ['f3', 'f2'] },
    { name: 'words, in facts and in messages', filter: { about: 'quillon' }, ids: ['f1', 'm-m1'] },
    { name: 'words with signs that mean something in a pattern', filter: { about: '%' }, ids: [] },
  ];
  for (const { name, filter, ids } of cases) {
    it(`is filtered by ${name}`, async () => {
      assert.deepEqual(await idsOf(await filledStore(), filter), ids);
    });
  }

  it('is filtered by pinned, replaced, archived and what does not fit, either way', async () => {
    const store = await filledStore();
    await store.call('slices.edit', { id: 'f1', pinned: true, at: 8000 });
    await store.call('slices.supersede', { id: 'f2', by: 'f1', at: 8000 });
    await store.call('slices.markContradiction', { a: 'f1', b: 'f3', at: 8000 });
    assert.deepEqual(await idsOf(store, { pinned: true }), ['f1']);
    assert.deepEqual(await idsOf(store, { pinned: false, kinds: ['semantic', 'working'] }), ['f3']);
    assert.deepEqual(await idsOf(store, { superseded: true }), ['f2']);
    assert.deepEqual(await idsOf(store, { superseded: false }), ['f3', 'f1', 'm-m1r', 'm-m1']);
    assert.deepEqual(await idsOf(store, { contradicted: true }), ['f3', 'f1']);
    assert.deepEqual(await idsOf(store, { contradicted: false }), ['f2', 'm-m1r', 'm-m1']);
    assert.deepEqual(await idsOf(store, { archived: true }), []);
  });

  it('leaves out the turns of a deleted chat', async () => {
    const store = await filledStore();
    await store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 8000 });
    assert.deepEqual(await idsOf(store, {}), ['f3', 'f2', 'f1']);
  });
});

describe('searching memory as a reader', () => {
  it('shows each of those that say nearly the same, as often as it is there', async () => {
    const store = await filledStore();
    const texts = ['The blue bicycle is kept behind the old mill', 'The blue bicycle is kept behind the old mill now'];
    await store.call('slices.add', texts.map((text, i) => newFact(`bicycle-${i}`, text)));
    const found = await store.call('browsing.search', { recall: recallOf('blue bicycle mill'), filter: {} });
    assert.deepEqual(found.map(({ slice }) => slice.id).toSorted(), ['bicycle-0', 'bicycle-1']);
    const { hits } = await store.call('recall', recallOf('blue bicycle mill'));
    assert.equal(hits.length, 1, 'while a model reads it once');
  });

  it('finds what the chat recalls, and says by which words', async () => {
    const store = await filledStore();
    const hits = await store.call('browsing.search', { recall: { ...recallOf('badger'), limit: 50 }, filter: {} });
    assert.deepEqual(hits.map(({ slice }) => slice.id).toSorted(), ['f1', 'm-m1']);
    assert.ok(hits.every(({ why }) => why.words.includes('badger')));
  });

  it('finds behind it what recall leaves out: replaced, and of other workspaces', async () => {
    const store = await filledStore();
    await store.call('slices.supersede', { id: 'f1', by: 'f3', at: 8000 });
    const badger = await store.call('browsing.search', { recall: recallOf('badger'), filter: {} });
    assert.deepEqual(badger.map(({ slice }) => slice.id), ['m-m1', 'f1']);
    assert.deepEqual(badger.at(-1)?.why, { words: ['badger'], meaning: false, neighbour: false });
    const oven = await store.call('browsing.search', { recall: recallOf('oven'), filter: {} });
    assert.deepEqual(oven.map(({ slice }) => slice.id), ['f3']);
  });

  it('keeps to the filter, and never shows what is forgotten or waits for review', async () => {
    const store = await filledStore();
    const search = async (text: string, filter: BrowseFilter): Promise<string[]> =>
      (await store.call('browsing.search', { recall: recallOf(text), filter })).map(({ slice }) => slice.id);
    assert.deepEqual(await search('badger', { kinds: ['semantic'] }), ['f1']);
    assert.deepEqual(await search('olives', {}), []);
    await store.call('slices.forget', { id: 'f1', undoUntil: 9000, at: 8000 });
    assert.deepEqual(await search('badger', { kinds: ['semantic'] }), []);
  });
});

describe('a memory in detail', () => {
  it('has its versions, what it replaced and what it does not fit with', async () => {
    const store = await filledStore();
    await store.call('slices.edit', { id: 'f1', text: 'Has two badgers', at: 8000 });
    await store.call('slices.supersede', { id: 'f2', by: 'f1', at: 8000 });
    await store.call('slices.markContradiction', { a: 'f1', b: 'f3', at: 8000 });
    const detail = await store.call('browsing.detail', { id: 'f1' });
    assert.equal(detail?.slice.text, 'Has two badgers');
    assert.deepEqual(detail.versions, [{ text: 'Has a badger named Quillon', replacedAt: 8000 }]);
    assert.deepEqual(detail.replaces.map(({ id }) => id), ['f2']);
    assert.deepEqual(detail.contradicts.map(({ id }) => id), ['f3']);
    assert.equal((await store.call('browsing.detail', { id: 'f2' }))?.replacedBy?.id, 'f1');
  });

  it('counts every reply it was used in, and names the newest, but for deleted chats', async () => {
    const store = await filledStore();
    await store.call('messages.startTurn', newTurn({ id: 'm2', parentId: 'm1r', text: 'And its name?', at: 8000 }));
    await store.call('messages.finishReply', replyEnd('m2r', 'Quillon', { memoriesUsed: ['f1', 'm-m1'], at: 8001 }));
    const { uses } = (await store.call('browsing.detail', { id: 'f1' })) ?? assert.fail('it is there');
    assert.deepEqual(uses, { total: 1, latest: [{ sessionId: 's1', messageId: 'm2r', title: 'Pets', at: 8000 }] });
    await store.call('sessions.delete', { id: 's1', alsoFacts: false, at: 9000 });
    assert.equal((await store.call('browsing.detail', { id: 'f1' }))?.uses.total, 0);
  });

  it('is null for one that is not there', async () => {
    assert.equal(await (await filledStore()).call('browsing.detail', { id: 'nobody' }), null);
  });
});

describe('memories by week', () => {
  it('are counted from Monday to Sunday, by the calendar of this machine', async () => {
    const store = InProcessStore.create();
    const on = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime();
    const texts = ['Likes tea', 'Likes rain', 'Likes trains'];
    const times = [on(9, 0), on(15, 23), on(16, 0)]; // Monday, Sunday, Monday
    await store.call('slices.add', texts.map((text, i) => newFact(`f${String(i)}`, text, { at: times[i] ?? 0 })));
    assert.deepEqual(await store.call('browsing.weeks', { filter: {} }), [
      { start: on(9, 0), count: 2 },
      { start: on(16, 0), count: 1 },
    ]);
  });
});

describe('statistics of memory', () => {
  it('are all zero for an empty store', async () => {
    const statistics = await InProcessStore.create().call('browsing.statistics', { at: 1 });
    assert.equal(statistics.total, 0);
    assert.equal(statistics.pinned, 0);
    assert.deepEqual([statistics.oldest, statistics.newest], [null, null]);
  });

  it('count what is there', async () => {
    const store = await filledStore();
    await store.call('slices.edit', { id: 'f1', pinned: true, at: 8000 });
    await store.call('slices.markContradiction', { a: 'f1', b: 'f3', at: 8000 });
    await store.call('messages.startTurn', newTurn({ id: 'm2', parentId: 'm1r', text: 'And its name?', at: 8000 }));
    await store.call('messages.finishReply', replyEnd('m2r', 'Quillon', { memoriesUsed: ['f1', 'm-m1'], at: 8001 }));
    await store.call('slices.forget', { id: 'f2', undoUntil: 9000, at: 8000 });
    const statistics = await store.call('browsing.statistics', { at: 8000 });
    assert.equal(statistics.total, await store.call('browsing.count', { filter: {} }));
    assert.deepEqual(statistics.byKind, { episodic: 4, semantic: 1, procedural: 0, working: 1 });
    assert.deepEqual(statistics.bySource, { message: 5, editor: 1, user: 0 });
    assert.deepEqual(statistics.byScope, { shared: 1, agent: 4, workspace: 1 });
    const { pinned, contradictions, proposed, forgotten, used, replies } = statistics;
    assert.deepEqual({ pinned, contradictions, proposed, forgotten, used, replies }, { pinned: 1, contradictions: 1, proposed: 1, forgotten: 1, used: 2, replies: 1 });
  });
});
