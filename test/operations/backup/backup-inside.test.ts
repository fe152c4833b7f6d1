import assert from 'node:assert/strict';
import { BackupInside, type HeldPage, type ThingKind } from '../../../src/operations/backup/backup-inside.ts';
import { askScratch } from '../../../src/operations/backup/both-sides.ts';
import { HearthlinkError, type ErrorCode } from '../../../src/shared/errors.ts';
import type { Store } from '../../../src/store/port.ts';
import { HandClock, seededIds } from '../../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore } from '../../support/store/memory-store.ts';
import { factFrom, minute, newFact, newSession, newTurn, recallOf, replyEnd } from '../../store/sql/support/sample-rows.ts';
import { fullCopy, loaded } from '../../store/support/backup-copies.ts';

const is = (code: ErrorCode) => (error: unknown) => HearthlinkError.is(error, code);
/** Long after a wipe of what was deleted at first. */
const later = 10 * minute;

async function say(store: Store, sessionId: string, id: string, parentId: string | null, text: string): Promise<void> {
  await store.messages.startTurn(newTurn({ sessionId, id, parentId, text }));
  await store.messages.finishReply(replyEnd(`${id}r`, 'I see.'));
}

/** Two chats and two facts, one of which was learned in a chat; and a backup of them that is looked into. */
async function backedUp(): Promise<{ store: Store; inside: BackupInside; page: (kind: ThingKind, query?: { text?: string; onlyLost?: boolean }) => Promise<HeldPage> }> {
  const store = createMemoryStore();
  await store.sessions.create(newSession({ id: 's1', title: 'The boat' }));
  await say(store, 's1', 'a', null, 'The boat is called Gull, and she leaks.');
  await store.sessions.create(newSession({ id: 's2', title: 'Bread', at: 3000 }));
  await say(store, 's2', 'b', null, 'Rye needs a day to rise.');
  await store.sessions.create(newSession({ id: 's3', title: 'Private', temporary: true, expiresAt: 100 * minute, at: 3500 }));
  await store.slices.add([factFrom('a', 'f1', 'The boat is called Gull.', 'called Gull'), newFact('f2', 'The user rows on Sundays.', { at: 5000 })]);
  const { scratch } = await loaded(store.backup, await fullCopy(store.backup));
  const clock = new HandClock(later);
  const inside = new BackupInside({
    store,
    inside: askScratch(store.backup, scratch),
    clock,
    ids: seededIds(clock, 7),
    names: { from: 'Backup of today', copyOf: (title) => `${title} (before)` },
  });
  return { store, inside, page: (kind, query) => inside.page({ kind, text: '', onlyLost: false, from: 0, limit: 10, ...query }) };
}

async function deleteForGood(store: Store, id: string, alsoFacts = false): Promise<void> {
  await store.sessions.delete({ id, alsoFacts, at: 6000 });
  await store.purge(later);
}

const wordsOf = ({ things }: HeldPage): string[] => things.map(({ words, state }) => `${words} ${state}`);

async function textsOf(store: Store, sessionId: string): Promise<string[]> {
  return (await store.messages.page({ sessionId, limit: 10 })).messages.map(({ text }) => text);
}

describe('looking into a backup', () => {
  afterEach(closeMemoryStores);

  it('shows chats and memories, newest first, with what is missing or differs here', async () => {
    const { store, page } = await backedUp();
    await deleteForGood(store, 's1');
    await store.slices.edit({ id: 'f2', text: 'The user rows on Mondays.', at: 7000 });
    assert.deepEqual(wordsOf(await page('chat')), ['Bread here', 'The boat missing']);
    assert.deepEqual(wordsOf(await page('memory')), ['The user rows on Sundays. differs', 'The boat is called Gull. here']);
    assert.deepEqual(wordsOf(await page('chat', { onlyLost: true })), ['The boat missing']);
  });

  it('finds what has the words that are looked for', async () => {
    const { page } = await backedUp();
    assert.deepEqual(wordsOf(await page('chat', { text: 'rye' })), ['Bread here']);
    assert.deepEqual(wordsOf(await page('memory', { text: 'rows' })), ['The user rows on Sundays. here']);
  });

  it('goes on where a page ends', async () => {
    const { inside } = await backedUp();
    const query = { kind: 'memory', text: '', onlyLost: false, limit: 1 } as const;
    const first = await inside.page({ ...query, from: 0 });
    assert.ok(first.next !== null);
    const second = await inside.page({ ...query, from: first.next });
    assert.deepEqual([wordsOf(first), wordsOf(second), second.next], [['The user rows on Sundays. here'], ['The boat is called Gull. here'], null]);
  });

  it('leaves out what was forgotten since, and private chats', async () => {
    const { store, page } = await backedUp();
    await store.slices.forget({ id: 'f2', undoUntil: 6000, at: 6000 });
    assert.deepEqual(wordsOf(await page('memory')), ['The boat is called Gull. here']);
    assert.deepEqual(wordsOf(await page('chat')), ['Bread here', 'The boat here']);
    assert.deepEqual(wordsOf(await page('chat', { text: 'Private' })), []);
  });

  it('reads the end of a chat that is not here any more', async () => {
    const { store, inside } = await backedUp();
    await deleteForGood(store, 's2');
    assert.deepEqual((await inside.messages('s2', 10)).messages.map(({ text }) => text), ['Rye needs a day to rise.', 'I see.']);
  });
});

describe('bringing one thing back', () => {
  afterEach(closeMemoryStores);

  it('returns a deleted chat with what was learned in it, and can be undone', async () => {
    const { store, inside, page } = await backedUp();
    await deleteForGood(store, 's1');
    const undo = await inside.bringBack({ kind: 'chat', id: 's1' });
    assert.deepEqual(await textsOf(store, 's1'), ['The boat is called Gull, and she leaks.', 'I see.']);
    assert.ok((await store.recall(recallOf('What leaks?'))).hits.some(({ slice }) => slice.text.includes('leaks')));
    assert.deepEqual(wordsOf(await page('chat', { onlyLost: true })), []);
    await inside.undo(undo);
    assert.equal(await store.sessions.get('s1'), null);
    await assert.rejects(inside.undo(undo), is('not-found'));
  });

  it('takes back the deletion of a chat that still lies here', async () => {
    const { store, inside } = await backedUp();
    await store.sessions.delete({ id: 's2', alsoFacts: false, at: later });
    const undo = await inside.bringBack({ kind: 'chat', id: 's2' });
    assert.deepEqual(await textsOf(store, 's2'), ['Rye needs a day to rise.', 'I see.']);
    await inside.undo(undo);
    assert.equal(await store.sessions.get('s2'), null);
  });

  it('sets the older self of a chat that went another way beside it', async () => {
    const { store, inside, page } = await backedUp();
    await deleteForGood(store, 's2');
    await store.sessions.create(newSession({ id: 's2', title: 'Bread', at: 8000 }));
    await say(store, 's2', 'c', null, 'Wheat is quicker.');
    assert.deepEqual(wordsOf(await page('chat', { onlyLost: true })), ['Bread differs']);
    await inside.bringBack({ kind: 'chat', id: 's2' });
    assert.deepEqual(await textsOf(store, 's2'), ['Wheat is quicker.', 'I see.']);
    const copy = (await store.sessions.list({ limit: 10 })).find(({ title }) => title === 'Bread (before)');
    assert.ok(copy !== undefined);
    assert.deepEqual(await textsOf(store, copy.id), ['Rye needs a day to rise.', 'I see.']);
  });

  it('lets a memory that was changed say again what it said, and undoes that', async () => {
    const { store, inside } = await backedUp();
    await store.slices.edit({ id: 'f2', text: 'The user rows on Mondays.', at: 7000 });
    const textOf = async (): Promise<string | undefined> => (await store.slices.get(['f2']))[0]?.text;
    const undo = await inside.bringBack({ kind: 'memory', id: 'f2' });
    assert.equal(await textOf(), 'The user rows on Sundays.');
    await inside.undo(undo);
    assert.equal(await textOf(), 'The user rows on Mondays.');
  });

  it('does not return what was forgotten', async () => {
    const { store, inside } = await backedUp();
    await store.slices.forget({ id: 'f1', undoUntil: 6000, at: 6000 });
    await assert.rejects(inside.bringBack({ kind: 'memory', id: 'f1' }), is('not-found'));
    await store.purge(later);
    await assert.rejects(inside.bringBack({ kind: 'memory', id: 'f1' }), is('not-found'));
  });

  it('keeps forgotten words out of a chat that returns', async () => {
    const { store, inside } = await backedUp();
    await store.slices.forget({ id: 'f1', undoUntil: 6000, at: 6000 });
    await store.purge(later);
    await deleteForGood(store, 's1');
    await inside.bringBack({ kind: 'chat', id: 's1' });
    const [said] = await textsOf(store, 's1');
    assert.ok(said !== undefined && !said.includes('called Gull'), said);
    assert.deepEqual(await store.slices.get(['f1']), []);
  });
});
