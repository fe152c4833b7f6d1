import assert from 'node:assert/strict';
import { HearthlinkError, type ErrorCode } from '../../src/shared/errors.ts';
import type { Store } from '../../src/store/port.ts';
import { transferParts, transferRecord, type TransferRecord } from '../../src/store/transfer-records.ts';
import { closeMemoryStores, createMemoryStore } from '../support/store/memory-store.ts';
import { factFrom, minute, newFact, newSession, newTurn, recallOf, replyEnd } from './sql/support/sample-rows.ts';
import { fullCopy, loaded, recordsSince } from './support/backup-copies.ts';

const is = (code: ErrorCode) => (error: unknown) => HearthlinkError.is(error, code);

interface Said {
  readonly chat: string;
  readonly id: string;
  readonly parentId?: string;
  readonly text: string;
  readonly reply: string;
}

async function say(store: Store, { chat, id, parentId, text, reply }: Said): Promise<void> {
  await store.messages.startTurn(newTurn({ sessionId: chat, id, parentId: parentId ?? null, text }));
  await store.messages.finishReply(replyEnd(`${id}r`, reply));
}

/** A chat about a boat, with a fact that was taken from it. */
async function boatStore(): Promise<ReturnType<typeof createMemoryStore>> {
  const store = createMemoryStore();
  await store.sessions.create(newSession({ id: 's1', title: 'The boat' }));
  await say(store, { chat: 's1', id: 'a', text: 'The boat is called Gull, and she leaks.', reply: 'A good name.' });
  await store.slices.add([factFrom('a', 'f1', 'The boat of the user is called Gull.', 'called Gull'), newFact('f2', 'The user rows on Sundays.')]);
  return store;
}

async function titles(store: Store): Promise<string[]> {
  return (await store.sessions.list({ limit: 100 })).map(({ title }) => title).sort();
}

async function facts(store: Store): Promise<string[]> {
  const { slices } = await store.slices.list({ offset: 0, limit: 100, states: ['held'] });
  return slices.filter(({ kind }) => kind !== 'episodic').map(({ text }) => text).sort();
}

async function recalled(store: Store, words: string): Promise<string[]> {
  return (await store.recall(recallOf(words))).hits.map(({ slice }) => slice.text);
}

describe('a frozen store', () => {
  afterEach(closeMemoryStores);

  it('is read as it was, whatever is written, sealed and purged meanwhile', async () => {
    const store = await boatStore();
    const { backup } = store;
    const { frozen, parts, position, summary } = await backup.freeze();
    await store.sessions.create(newSession({ id: 's2', title: 'Too late' }));
    await store.purge(2 * minute);
    const scratch = await backup.scratchBegin();
    for (const { name } of parts) {
      for (let piece = await backup.readPart({ frozen, part: name }); piece !== null; piece = await backup.readPart({ frozen, part: name })) {
        await backup.scratchPut({ scratch, part: name, bytes: piece });
      }
    }
    const proved = await backup.scratchLoad({ scratch, until: null, expected: { chain: position.chain, summary } });
    assert.deepEqual([proved.chain, proved.summary.tables['session']], [position.chain, 1]);
    assert.equal(summary.newest['message'], 2000);
  });

  it('is let go of once, and then nothing of it can be read', async () => {
    const { backup } = await boatStore();
    const { frozen } = await backup.freeze();
    await backup.release(frozen);
    await backup.release(frozen);
    await assert.rejects(backup.readPart({ frozen, part: 'records' }), is('not-found'));
  });
});

describe('records after a position', () => {
  afterEach(closeMemoryStores);

  it('lead from a backup to the present', async () => {
    const store = await boatStore();
    const copy = await fullCopy(store.backup);
    await store.sessions.rename({ id: 's1', title: 'The leak', by: 'user', at: 5000 });
    const { pieces, to } = await recordsSince(store.backup, copy.position);
    const scratch = await loaded(store.backup, copy, { records: pieces, expected: { chain: to.chain, summary: null } });
    assert.equal(to.chain, (await store.backup.position()).chain);
    const listed = await store.backup.scratchAsk({ scratch: scratch.scratch, method: 'sessions.list', argument: { limit: 10 } });
    assert.deepEqual(listed.map(({ title }) => title), ['The leak']);
  });

  it('come in pieces, each of which says from where to go on', async () => {
    const store = await boatStore();
    const copy = await fullCopy(store.backup);
    for (const id of ['b', 'c', 'd', 'e']) await say(store, { chat: 's1', id, parentId: 'ar', text: `${id} ${'long '.repeat(100_000)}`, reply: 'Long.' });
    const first = await store.backup.recordsAfter(copy.position);
    assert.ok(first.state === 'records' && first.more && first.count < 8);
    const { pieces, to } = await recordsSince(store.backup, copy.position);
    assert.ok(pieces.length > 1);
    const scratch = await loaded(store.backup, copy, { records: pieces, expected: { chain: to.chain, summary: (await fullCopy(store.backup)).summary } });
    assert.equal(scratch.records, 12);
  });

  it('are none where nothing was written', async () => {
    const { backup } = await boatStore();
    const position = await backup.position();
    const answer = await backup.recordsAfter(position);
    assert.ok(answer.state === 'records');
    assert.deepEqual([answer.count, answer.bytes.length, answer.more, answer.to.chain], [0, 0, false, position.chain]);
  });

  it('end where a purge has begun a new content: then a full backup is due', async () => {
    const store = await boatStore();
    const position = await store.backup.position();
    await store.purge(2 * minute);
    const answer = await store.backup.recordsAfter(position);
    assert.equal(answer.state, 'full-due');
  });

  it('are not given for a position of another store', async () => {
    const { backup } = await boatStore();
    const position = await backup.position();
    const answer = await createMemoryStore({ seed: 2 }).backup.recordsAfter({ ...position, storeId: '0'.repeat(32) });
    assert.deepEqual(answer, { state: 'full-due', reason: 'other-history' });
  });

  it('are not given for a place that is none in the history', async () => {
    const { backup } = await boatStore();
    const position = await backup.position();
    const { base } = await backup.freeze();
    assert.deepEqual(await backup.recordsAfter({ ...base, chain: 'f'.repeat(32) }), { state: 'full-due', reason: 'other-history' });
    assert.deepEqual(await backup.recordsAfter({ ...position, chain: 'f'.repeat(32) }), { state: 'full-due', reason: 'other-history' });
    assert.deepEqual(await backup.recordsAfter({ ...position, offset: position.offset + 1 }), { state: 'full-due', reason: 'other-history' });
  });
});

describe('what changed since a position', () => {
  afterEach(closeMemoryStores);

  it('is nothing after what windows write while nobody does anything: leases, jobs, looks for what is to be wiped', async () => {
    const store = await boatStore();
    const position = await store.backup.position();
    assert.equal(await store.backup.changedSince(position), 'nothing');
    await store.leases.acquire({ name: 'forgetting', holder: 'one', until: 9000, at: 8000 });
    await store.sessions.expire(8000);
    await store.slices.wipeForgotten(8000);
    await store.jobs.enqueue({ id: 'j', kind: 'embedding', key: null, payload: '{}', runAfter: 8000, at: 8000 });
    await store.leases.release({ name: 'forgetting', holder: 'one', at: 8000 });
    assert.notEqual((await store.backup.position()).chain, position.chain, 'records were written');
    assert.equal(await store.backup.changedSince(position), 'nothing');
  });

  it('is what was said or renamed, also among what windows write', async () => {
    const store = await boatStore();
    const position = await store.backup.position();
    await store.leases.acquire({ name: 'forgetting', holder: 'one', until: 9000, at: 8000 });
    await store.sessions.rename({ id: 's1', title: 'The leak', by: 'user', at: 8000 });
    await store.leases.release({ name: 'forgetting', holder: 'one', at: 8000 });
    assert.equal(await store.backup.changedSince(position), 'changes');
  });

  it('is everything after a purge, and for a position of another store', async () => {
    const store = await boatStore();
    const position = await store.backup.position();
    await store.purge(2 * minute);
    assert.equal(await store.backup.changedSince(position), 'new-content');
    assert.equal(await store.backup.changedSince({ ...position, storeId: '0'.repeat(32) }), 'new-content');
  });
});

describe('a scratch', () => {
  afterEach(closeMemoryStores);

  it('refuses a backup in which any part is missing or changed, and says which', async () => {
    const { backup } = await boatStore();
    const copy = await fullCopy(backup);
    for (const part of copy.parts.keys()) {
      const without = { ...copy, parts: new Map([...copy.parts].filter(([name]) => name !== part)) };
      const expected = { chain: copy.position.chain, summary: null };
      await assert.rejects(loaded(backup, without, { expected }), (error) => HearthlinkError.is(error, 'archive-damaged') && error.parameters['part'] === part);
      const changed = { ...copy, parts: new Map([...copy.parts].map(([name, pieces]) => [name, name === part ? pieces.map(flipped) : pieces])) };
      await assert.rejects(loaded(backup, changed, { expected }), (error) => HearthlinkError.is(error, 'archive-damaged', 'store-newer-schema'));
    }
  });

  it('refuses what does not amount to what is expected', async () => {
    const { backup } = await boatStore();
    const copy = await fullCopy(backup);
    const tables = { ...copy.summary.tables, message: 3 };
    await assert.rejects(loaded(backup, copy, { expected: { chain: null, summary: { ...copy.summary, tables } } }), is('archive-damaged'));
    const newest = { ...copy.summary.newest, session: 1 };
    await assert.rejects(loaded(backup, copy, { expected: { chain: null, summary: { ...copy.summary, newest } } }), is('archive-damaged'));
  });

  it('can be looked into without a word of what was forgotten since', async () => {
    const store = await boatStore();
    const copy = await fullCopy(store.backup);
    await store.slices.forget({ id: 'f1', undoUntil: 5000, at: 5000 });
    await store.slices.wipeForgotten(2 * minute);
    const { scratch } = await loaded(store.backup, copy);
    await store.slices.forget({ id: 'f2', undoUntil: 5 * minute, at: 3 * minute });
    const held = await store.backup.scratchAsk({ scratch, method: 'slices.list', argument: { offset: 0, limit: 100, states: ['held'] } });
    assert.deepEqual(held.slices.map(({ text }) => text).filter((text) => /Gull|rows/.test(text)), []);
    await store.slices.forget({ id: 'm-ar', undoUntil: 5 * minute, at: 4 * minute });
    const later = await store.backup.scratchAsk({ scratch, method: 'messages.page', argument: { sessionId: 's1', limit: 10 } });
    assert.deepEqual(later.messages.map(({ text }) => text), ['The boat is […], and she leaks.', '[…]']);
  });

  it('gives out one chat, which can be added to the store it was deleted from', async () => {
    const store = await boatStore();
    await store.sessions.create(newSession({ id: 's2', title: 'The garden' }));
    await say(store, { chat: 's2', id: 'b', text: 'Where do the beans go?', reply: 'To the left.' });
    const copy = await fullCopy(store.backup);
    await store.sessions.delete({ id: 's2', alsoFacts: false, at: 5000 });
    await store.slices.wipeForgotten(5 * minute);
    const { scratch } = await loaded(store.backup, copy);
    const records: TransferRecord[] = [];
    for (const part of transferParts) {
      const page = await store.backup.scratchAsk({ scratch, method: 'transfer.exportPage', argument: { part, after: null, limit: 100, only: { type: 'chat', id: 's2' } } });
      const rows: unknown = JSON.parse(`[${page.lines}]`);
      assert.ok(Array.isArray(rows));
      records.push(...rows.map((row: unknown) => transferRecord.parse(Object.assign({ type: part }, row))));
    }
    await store.transfer.begin({ id: 'i1', source: 'hearthlink', name: 'backup', at: 9000 });
    const added = await store.transfer.add({ importId: 'i1', records, at: 9000 });
    assert.deepEqual(added, { chats: 1, messages: 2, memories: 0, forgottenBefore: 0 });
    assert.deepEqual(await titles(store), ['The boat', 'The garden']);
    const page = await store.messages.page({ sessionId: 's2', limit: 10 });
    assert.deepEqual(page.messages.map(({ text }) => text), ['Where do the beans go?', 'To the left.']);
  });
});

describe('a restore', () => {
  afterEach(closeMemoryStores);

  it('makes the store what it was, in every window, to rows, words and index', async () => {
    const store = await boatStore();
    const other = createMemoryStore({ disk: store.disk, seed: 2 });
    const copy = await fullCopy(store.backup);
    const found = await recalled(store, 'Gull');
    assert.ok(found.length > 0);
    await say(store, { chat: 's1', id: 'b', parentId: 'ar', text: 'She is blue.', reply: 'Like the sea.' });
    await store.sessions.create(newSession({ id: 's2', title: 'Too late' }));
    assert.deepEqual(await titles(other), ['The boat', 'Too late']);
    const { scratch } = await loaded(store.backup, copy, { expected: { chain: copy.position.chain, summary: copy.summary } });
    const before = await store.backup.position();
    const report = await store.backup.scratchRestore({ scratch, at: 9000, replaces: before });
    assert.deepEqual([report.replaced.chain, report.keptForgotten, report.summary], [before.chain, 0, copy.summary]);
    for (const window of [store, other]) {
      assert.deepEqual(await titles(window), ['The boat']);
      assert.deepEqual(await facts(window), ['The boat of the user is called Gull.', 'The user rows on Sundays.']);
      assert.deepEqual(await recalled(window, 'Gull'), found);
      assert.deepEqual(await recalled(window, 'blue'), []);
    }
    await store.sessions.create(newSession({ id: 's3', title: 'Afterwards' }));
    assert.deepEqual(await titles(other), ['Afterwards', 'The boat']);
  });

  it('is refused when something was written that the caller does not know of', async () => {
    const store = await boatStore();
    const { scratch } = await loaded(store.backup, await fullCopy(store.backup));
    const position = await store.backup.position();
    await store.sessions.create(newSession({ id: 's2', title: 'Just now' }));
    await assert.rejects(store.backup.scratchRestore({ scratch, at: 9000, replaces: position }), is('conflict'));
    assert.deepEqual(await titles(store), ['Just now', 'The boat']);
  });

  it('is not held up by what a window wrote that looks after things', async () => {
    const store = await boatStore();
    const { scratch } = await loaded(store.backup, await fullCopy(store.backup));
    const position = await store.backup.position();
    await store.leases.acquire({ name: 'forgetting', holder: 'one', until: 9000, at: 8000 });
    await store.backup.scratchRestore({ scratch, at: 9000, replaces: position });
    assert.deepEqual(await titles(store), ['The boat']);
  });

  it('does not bring back what was forgotten since, in no word, and keeps it from being learned again', async () => {
    const store = await boatStore();
    const copy = await fullCopy(store.backup);
    await store.slices.forget({ id: 'f1', undoUntil: 5000, at: 5000 });
    await store.slices.wipeForgotten(2 * minute);
    const { scratch } = await loaded(store.backup, copy);
    const { keptForgotten } = await store.backup.scratchRestore({ scratch, at: 3 * minute, replaces: null });
    assert.ok(keptForgotten > 0);
    assert.deepEqual(await facts(store), ['The user rows on Sundays.']);
    const { messages } = await store.messages.page({ sessionId: 's1', limit: 10 });
    assert.equal(messages[0]?.text, 'The boat is […], and she leaks.');
    assert.deepEqual(await store.slices.add([newFact('f9', 'The boat of the user is called Gull.')]), [{ outcome: 'forgotten-before' }]);
  });

  it('does not bring back words that were forgotten, or blanked, before they were ever a memory in the backup', async () => {
    const store = createMemoryStore();
    await store.sessions.create(newSession({ id: 's1', title: 'The boat' }));
    await say(store, { chat: 's1', id: 'a', text: 'The boat is called Gull.', reply: 'And the key is hunter2, you said.' });
    const copy = await fullCopy(store.backup);
    await store.slices.add([factFrom('a', 'f1', 'The boat of the user is called Gull.', 'called Gull')]);
    await store.slices.forget({ id: 'f1', undoUntil: 5000, at: 5000 });
    await store.slices.wipeForgotten(2 * minute);
    await store.messages.blankText({ messageId: 'ar', start: 15, end: 22, at: 2 * minute });
    const { scratch } = await loaded(store.backup, copy);
    await store.backup.scratchRestore({ scratch, at: 3 * minute, replaces: null });
    const { messages } = await store.messages.page({ sessionId: 's1', limit: 10 });
    assert.deepEqual(messages.map(({ text }) => text), ['The boat is […].', 'And the key is […], you said.']);
    assert.deepEqual((await store.recall(recallOf('Gull hunter2'))).hits, []);
  });

  it('fills an empty store on a new machine, which goes on under its own name', async () => {
    const old = await boatStore();
    const copy = await fullCopy(old.backup);
    const store = createMemoryStore({ seed: 7 });
    const { scratch } = await loaded(store.backup, copy);
    await store.backup.scratchRestore({ scratch, at: 9000, replaces: null });
    assert.deepEqual(await titles(store), ['The boat']);
    assert.notEqual((await store.backup.position()).storeId, copy.position.storeId);
    const restarted = createMemoryStore({ disk: store.disk, seed: 8 });
    assert.deepEqual(await recalled(restarted, 'Gull'), await recalled(old, 'Gull'));
    assert.equal((await restarted.status()).state, 'ready');
  });

  for (const damaged of ['g1-first/snapshot.sqlite', 'g1-first/MARK', 'journal']) {
    it(`brings back a store with a damaged ${damaged}`, async () => {
      const { disk, backup } = await boatStore();
      const copy = await fullCopy(backup);
      const file = disk.names().find((name) => name.startsWith(damaged)) ?? assert.fail();
      disk.alter(file, (bytes) => Buffer.from(flipped(bytes)));
      const window = createMemoryStore({ disk, seed: 3 });
      assert.equal((await window.status()).state, 'damaged');
      const { scratch } = await loaded(window.backup, copy);
      await window.backup.scratchRestore({ scratch, at: 9000, replaces: null });
      const restarted = createMemoryStore({ disk, seed: 5 });
      assert.deepEqual([await titles(restarted), (await restarted.status()).state], [['The boat'], 'ready']);
      await restarted.sessions.create(newSession({ id: 's2', title: 'Afterwards' }));
      assert.deepEqual(await titles(createMemoryStore({ disk, seed: 6 })), ['Afterwards', 'The boat']);
    });
  }

  it('makes a full backup due', async () => {
    const store = await boatStore();
    const copy = await fullCopy(store.backup);
    const { scratch } = await loaded(store.backup, copy);
    await store.backup.scratchRestore({ scratch, at: 9000, replaces: null });
    assert.deepEqual(await store.backup.recordsAfter(copy.position), { state: 'full-due', reason: 'replaced' });
  });
});

function flipped(piece: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(piece);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
