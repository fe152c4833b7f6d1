import assert from 'node:assert/strict';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { ExportPage } from '../../../src/store/transfer-port.ts';
import { transferParts, transferRecord, type TransferRecord } from '../../../src/store/transfer-records.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, minute, newFact, newSession, newTurn, recallOf, replyEnd, takeTurn } from './support/sample-rows.ts';

/** All records of a store, as a file would hold them. */
async function exported(store: InProcessStore, limit = 100): Promise<TransferRecord[]> {
  const records: TransferRecord[] = [];
  for (const part of transferParts) {
    for (let after: string | null = null; ;) {
      const page: ExportPage = await store.call('transfer.exportPage', { part, after, limit });
      const rows: unknown = JSON.parse(`[${page.lines}]`);
      assert.ok(Array.isArray(rows) && rows.length === page.count);
      records.push(...rows.map((row: unknown) => transferRecord.parse(Object.assign({ type: part }, row))));
      ({ after } = page);
      if (after === null) break;
    }
  }
  return records;
}

async function bringIn(store: InProcessStore, records: readonly TransferRecord[], batchSize = 100, id = 'import'): Promise<void> {
  await store.call('transfer.begin', { id, source: 'hearthlink', name: 'export.json', at: 9000 });
  for (let start = 0; start < records.length; start += batchSize) {
    await store.call('transfer.add', { importId: id, records: records.slice(start, start + batchSize), at: 9000 });
  }
}

/** Two chats, one with two branches; facts that were edited, pinned, replaced, that do not fit, and a preference that waits for a yes. */
async function livedInStore(): Promise<InProcessStore> {
  const store = InProcessStore.create();
  await store.call('sessions.create', newSession({ id: 's1', title: 'The boat' }));
  await takeTurn(store, { id: 'a', parentId: null, text: 'The boat is called Gull.', reply: 'A good name.' });
  await takeTurn(store, { id: 'b', parentId: 'ar', text: 'She leaks at the stern.', reply: 'Then caulk her.' });
  await takeTurn(store, { id: 'c', parentId: 'ar', text: 'She is blue.', reply: 'Like the sea.' });
  await store.call('sessions.create', newSession({ id: 's2', title: 'The garden', workspaceId: 'file:///garden' }));
  const attachment = { id: 'x', kind: 'file', label: 'plan.md', uri: 'file:///plan.md', firstLine: null, lastLine: null, language: 'markdown', text: 'Beans go left.', tokens: 4 } as const;
  const turn = newTurn({ sessionId: 's2', id: 'd', parentId: null, text: 'Where do the beans go?' });
  await store.call('messages.startTurn', { ...turn, user: { ...turn.user, attachments: [attachment] } });
  await store.call('messages.finishReply', replyEnd('dr', 'To the left.', { memoriesUsed: ['f1', 'm-a'], thinking: 'Left?', thinkingMs: 12 }));
  await store.call('slices.add', [
    factFrom('a', 'f1', 'The boat of the user is called Gull.', 'called Gull'),
    newFact('f2', 'The user is fond of rowing.'),
    newFact('f3', 'The user cannot stand rowing boats at all.', { provenance: { type: 'editor', uri: 'file:///a.md', firstLine: 1, lastLine: 2 } }),
    newFact('f4', 'Answer in two sentences.', { kind: 'procedural', state: 'proposed', scope: { type: 'workspace', workspaceId: 'file:///garden' } }),
    newFact('f5', 'The user moved to the coast.'),
  ]);
  await store.call('slices.edit', { id: 'f2', text: 'The user is very fond of rowing.', pinned: true, importance: 0.9, at: 5000 });
  await store.call('slices.markContradiction', { a: 'f2', b: 'f3', at: 5000 });
  await store.call('slices.supersede', { id: 'f5', by: 'f1', at: 5000 });
  await store.call('slices.edit', { id: 'm-a', importance: 1, at: 5000 });
  await store.call('slices.recordRecall', { ids: ['f1'], at: 5000 });
  await store.call('agents.setCaptureMode', { agentId: 'alden', mode: 'ask', at: 5000 });
  return store;
}

describe('an export', () => {
  it('holds everything in its parts, page by page, each record as the format says', async () => {
    const store = await livedInStore();
    const records = await exported(store);
    assert.deepEqual(await exported(store, 1), records);
    const count = (type: TransferRecord['type']) => records.filter((record) => record.type === type).length;
    assert.deepEqual(transferParts.map(count), [1, 2, 8, 13]);
  });

  it('holds nothing of what is deleted or forgotten, also while it can be undone', async () => {
    const store = await livedInStore();
    await store.call('slices.forget', { id: 'f1', undoUntil: 5000 + minute, at: 5000 });
    await store.call('sessions.delete', { id: 's2', alsoFacts: false, at: 5000 });
    const text = JSON.stringify(await exported(store));
    assert.doesNotMatch(text, /Gull|beans|The garden/);
    assert.match(text, /She leaks/);
  });
});

describe('an import of an export', () => {
  it('brings everything into an empty store, whatever the size of the batches', async () => {
    const records = await exported(await livedInStore());
    for (const batchSize of [1, 3, 100]) {
      const store = InProcessStore.create();
      await bringIn(store, records, batchSize);
      assert.deepEqual(await exported(store), records, `batches of ${batchSize}`);
      assert.deepEqual(store.replica().content(), store.content());
    }
  });

  it('lets the same be recalled, on the active branch alone', async () => {
    const [there, here] = [await livedInStore(), InProcessStore.create()];
    await bringIn(here, await exported(there), 2);
    for (const question of ['What is the boat called?', 'Does she leak at the stern?', 'beans', 'rowing', 'coast']) {
      const found = async (store: InProcessStore) => (await store.call('recall', recallOf(question))).hits.map(({ slice }) => slice.id);
      assert.deepEqual(await found(here), await found(there), question);
    }
  });

  it('shows the same pages of a chat, and goes on from its end', async () => {
    const [there, here] = [await livedInStore(), InProcessStore.create()];
    await bringIn(here, await exported(there), 2);
    const page = (store: InProcessStore) => store.call('messages.page', { sessionId: 's1', limit: 10 });
    assert.deepEqual(await page(here), await page(there));
    await takeTurn(here, { id: 'e', parentId: 'cr', text: 'And her sail?', reply: 'White.' });
    assert.equal((await page(here)).total, 6);
  });

  it('adds what is new to what is there, and changes nothing of that', async () => {
    const store = await livedInStore();
    const records = await exported(store);
    await store.call('slices.edit', { id: 'f2', text: 'The user rows each morning.', at: 6000 });
    const before = await exported(store);
    await bringIn(store, records);
    assert.deepEqual(await exported(store), before);
  });

  it('leaves out what was forgotten here', async () => {
    const records = await exported(await livedInStore());
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('g', 'The user is very fond of rowing.')]);
    await store.call('slices.forget', { id: 'g', undoUntil: 4500, at: 4000 });
    await store.call('slices.wipeForgotten', 5000);
    await store.call('transfer.begin', { id: 'import', source: 'hearthlink', name: 'export.json', at: 9000 });
    const { forgottenBefore } = await store.call('transfer.add', { importId: 'import', records, at: 9000 });
    assert.equal(forgottenBefore, 1);
    assert.doesNotMatch(JSON.stringify(await exported(store)), /very fond/);
  });

  it('is refused where a message stands below none of its chat, with nothing of the batch done', async () => {
    const records = await exported(await livedInStore());
    const store = InProcessStore.create();
    const orphan = records.filter((record) => record.type !== 'message' || record.id !== 'a');
    await assert.rejects(bringIn(store, orphan), (error) => HearthlinkError.is(error, 'invalid-input'));
    assert.deepEqual((await exported(store)).length, 0);
  });
});

describe('taking an import out again', () => {
  it('leaves the store as it was', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [newFact('own', 'The user has a cat.')]);
    const before = await exported(store);
    await bringIn(store, (await exported(await livedInStore())).filter(({ type }) => type !== 'agent'), 5);
    const undone = await store.call('transfer.undo', { id: 'import', at: 9500 });
    assert.deepEqual(undone, { chats: 2, memories: 5, keptChats: 0 });
    assert.deepEqual(await exported(store), before);
    assert.doesNotMatch(store.purgedBytes(), /Gull|beans/);
    const [listed] = await store.call('transfer.list', undefined);
    assert.equal(listed?.undoneAt, 9500);
  });

  it('keeps a chat that went on since, whole', async () => {
    const store = InProcessStore.create();
    await bringIn(store, await exported(await livedInStore()));
    await takeTurn(store, { id: 'e', parentId: 'cr', text: 'And her sail?', reply: 'White.' });
    const undone = await store.call('transfer.undo', { id: 'import', at: 9500 });
    assert.deepEqual(undone, { chats: 1, memories: 5, keptChats: 1 });
    assert.equal((await store.call('messages.page', { sessionId: 's1', limit: 10 })).total, 6);
  });

  it('is done once', async () => {
    const store = InProcessStore.create();
    await bringIn(store, await exported(await livedInStore()));
    await store.call('transfer.undo', { id: 'import', at: 9500 });
    assert.deepEqual(await store.call('transfer.undo', { id: 'import', at: 9600 }), { chats: 0, memories: 0, keptChats: 0 });
  });
});
