import assert from 'node:assert/strict';
import { askScratch, type AskInside } from '../../../src/operations/backup/both-sides.ts';
import { bringKept, lossesOf, readKept } from '../../../src/operations/backup/losses.ts';
import type { Store } from '../../../src/store/port.ts';
import { HandClock, seededIds } from '../../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore } from '../../support/store/memory-store.ts';
import { factFrom, newFact, newSession, newTurn, recallOf, replyEnd } from '../../store/sql/support/sample-rows.ts';
import { fullCopy, loaded } from '../../store/support/backup-copies.ts';

async function say(store: Store, sessionId: string, id: string, parentId: string | null, text: string, at: number): Promise<void> {
  await store.messages.startTurn(newTurn({ sessionId, id, parentId, text, at }));
  await store.messages.finishReply(replyEnd(`${id}r`, 'I see.', { at: at + 1 }));
}

interface Moment {
  readonly store: Store;
  readonly inside: AskInside;
  /** Goes back to the backup. */
  restore(): Promise<void>;
}

/** A chat about a boat and a memory are in a backup. */
async function backedUp(): Promise<Moment> {
  const store = createMemoryStore();
  await store.sessions.create(newSession({ id: 's1', title: 'The boat' }));
  await say(store, 's1', 'a', null, 'The boat is called Gull.', 2000);
  await store.slices.add([newFact('f1', 'The user rows on Sundays.')]);
  const { scratch } = await loaded(store.backup, await fullCopy(store.backup));
  return {
    store,
    inside: askScratch(store.backup, scratch),
    restore: async () => { await store.backup.scratchRestore({ scratch, at: 50_000, replaces: null }); },
  };
}

/** What is done after the backup: the chat goes on, another begins with something learned in it, a memory changes, a memory is added. */
async function goOn({ store }: Moment): Promise<void> {
  await say(store, 's1', 'b', 'ar', 'She leaks at the keel.', 10_000);
  await store.sessions.create(newSession({ id: 's2', title: 'Bread', at: 20_000 }));
  await say(store, 's2', 'c', null, 'Rye needs a day to rise.', 20_000);
  await store.slices.add([factFrom('c', 'f2', 'The user bakes rye.', 'Rye', 's2'), newFact('f3', 'The user likes tea.', { at: 30_000 })]);
  await store.slices.edit({ id: 'f1', text: 'The user rows on Mondays.', at: 31_000 });
}

function keepAll({ store }: Moment, kept: Awaited<ReturnType<typeof readKept>>): Promise<void> {
  const clock = new HandClock(60_000);
  return bringKept(store, kept, 'Kept', { clock, ids: seededIds(clock, 3) });
}

async function textsOf(store: Store, sessionId: string): Promise<string[]> {
  return (await store.messages.page({ sessionId, limit: 10 })).messages.map(({ text }) => text);
}

async function factsOf(store: Store): Promise<string[]> {
  return (await store.slices.list({ offset: 0, limit: 10, kinds: ['semantic'] })).slices.map(({ text }) => text).sort();
}

describe('what a restore would take', () => {
  afterEach(closeMemoryStores);

  it('is nothing while all is as the backup has it', async () => {
    const { store, inside } = await backedUp();
    assert.deepEqual(await lossesOf(store, inside), []);
  });

  it('is named thing by thing, newest first, and what went on is told from what is new', async () => {
    const moment = await backedUp();
    await goOn(moment);
    const losses = await lossesOf(moment.store, moment.inside);
    assert.deepEqual(
      losses.map(({ kind, words, wentOn }) => [kind, words, wentOn]).sort(),
      [
        ['chat', 'Bread', false],
        ['chat', 'The boat', true],
        ['memory', 'The user bakes rye.', false],
        ['memory', 'The user likes tea.', false],
        ['memory', 'The user rows on Mondays.', true],
      ],
    );
    assert.deepEqual(losses.map(({ at }) => at), losses.map(({ at }) => at).toSorted((a, b) => b - a));
  });

  it('does not name what was forgotten, nor private chats', async () => {
    const { store, inside } = await backedUp();
    await store.slices.forget({ id: 'f1', undoUntil: 90_000, at: 10_000 });
    await store.sessions.create(newSession({ id: 'p', title: 'Private', temporary: true, expiresAt: 90_000, at: 10_000 }));
    await say(store, 'p', 'q', null, 'Nobody else needs to know.', 10_000);
    assert.deepEqual(await lossesOf(store, inside), []);
  });

  it('is all there afterwards when all of it is kept', async () => {
    const moment = await backedUp();
    await goOn(moment);
    const kept = await readKept(moment.store, await lossesOf(moment.store, moment.inside));
    await moment.restore();
    assert.deepEqual(await factsOf(moment.store), ['The user rows on Sundays.']);
    await keepAll(moment, kept);
    assert.deepEqual(await textsOf(moment.store, 's1'), ['The boat is called Gull.', 'I see.', 'She leaks at the keel.', 'I see.']);
    assert.deepEqual(await textsOf(moment.store, 's2'), ['Rye needs a day to rise.', 'I see.']);
    assert.deepEqual(await factsOf(moment.store), ['The user bakes rye.', 'The user likes tea.', 'The user rows on Mondays.']);
    assert.ok((await moment.store.recall(recallOf('Where does she leak?'))).hits.some(({ slice }) => slice.text.includes('keel')));
  });

  it('is only what was chosen when some of it is kept', async () => {
    const moment = await backedUp();
    await goOn(moment);
    const losses = await lossesOf(moment.store, moment.inside);
    const kept = await readKept(moment.store, losses.filter(({ id }) => id === 'f3'));
    await moment.restore();
    await keepAll(moment, kept);
    assert.deepEqual(await factsOf(moment.store), ['The user likes tea.', 'The user rows on Sundays.']);
    assert.equal(await moment.store.sessions.get('s2'), null);
    assert.deepEqual(await textsOf(moment.store, 's1'), ['The boat is called Gull.', 'I see.']);
  });
});
