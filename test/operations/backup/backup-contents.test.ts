import assert from 'node:assert/strict';
import { BackupContents } from '../../../src/operations/backup/backup-contents.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog } from '../../../src/shared/ports.ts';
import { HandClock, seededIds } from '../../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../../support/store/memory-store.ts';
import { newFact } from '../../store/sql/support/sample-rows.ts';
import { fullCopy, loaded } from '../../store/support/backup-copies.ts';

interface Place {
  readonly store: MemoryStore;
  readonly contents: BackupContents;
  /** Scratches that were made, newest last. */
  readonly scratches: string[];
}

/** A memory is in the only backup, and another came since. */
async function place(): Promise<Place> {
  const store = createMemoryStore();
  await store.slices.add([newFact('f1', 'The user rows on Sundays.')]);
  const copy = await fullCopy(store.backup);
  const scratches: string[] = [];
  const assembled = async () => {
    const { scratch, summary } = await loaded(store.backup, copy);
    scratches.push(scratch);
    return { scratch, at: 5000, proved: true, get: summary, now: summary };
  };
  const clock = new HandClock(50_000);
  const contents = new BackupContents({
    service: {
      open: assembled,
      restore: async (_, beforehand) => {
        const { scratch, at } = await assembled();
        await beforehand?.(scratch, at);
        return { report: await store.backup.scratchRestore({ scratch, at: clock.now(), replaces: null }), safetyId: 'before' };
      },
    },
    store,
    clock,
    ids: seededIds(clock, 5),
    log: silentLog,
    names: () => ({ from: 'From a backup', copyOf: (title) => title }),
  });
  await store.slices.add([newFact('f2', 'The user likes tea.', { at: 9000 })]);
  return { store, contents, scratches };
}

const backup = { type: 'backup', id: 'b' } as const;
const memories = { kind: 'memory', text: '', onlyLost: false, from: 0, limit: 10 } as const;

async function factsOf(store: MemoryStore): Promise<string[]> {
  return (await store.slices.list({ offset: 0, limit: 10 })).slices.map(({ text }) => text).sort();
}

function isGone({ store, scratches }: Place): Promise<void> {
  const [scratch = ''] = scratches.slice(-1);
  return assert.rejects(store.backup.scratchAsk({ scratch, method: 'slices.get', argument: [] }), (error) => HearthlinkError.is(error, 'not-found'));
}

describe('the contents of backups', () => {
  afterEach(closeMemoryStores);

  it('are compared before a restore, and nothing of that is left behind', async () => {
    const at = await place();
    const { losses } = await at.contents.preview(backup);
    assert.deepEqual(losses.map(({ words }) => words), ['The user likes tea.']);
    await isGone(at);
  });

  it('are put together once more when they went with the worker that had them', async () => {
    const { store, contents, scratches } = await place();
    await contents.lookInto(backup);
    for (const scratch of scratches) await store.backup.scratchDrop(scratch);
    assert.deepEqual((await contents.page(memories)).things.map(({ words }) => words), ['The user rows on Sundays.']);
    assert.equal(scratches.length, 2);
  });

  it('cannot be asked once they are closed', async () => {
    const at = await place();
    await at.contents.lookInto(backup);
    await at.contents.close();
    await assert.rejects(at.contents.page(memories), (error) => HearthlinkError.is(error, 'not-found'));
    await isGone(at);
  });

  it('keep what came since over a restore, but for what was not to be kept', async () => {
    const { store, contents } = await place();
    const { kept } = await contents.restore(backup, { type: 'all-but', chats: [], memories: [] });
    assert.deepEqual([kept, await factsOf(store)], [{ chats: 0, memories: 1 }, ['The user likes tea.', 'The user rows on Sundays.']]);
    await contents.restore(backup, { type: 'all-but', chats: [], memories: ['f2'] });
    assert.deepEqual(await factsOf(store), ['The user rows on Sundays.']);
  });

  it('stay restored when what was to be kept cannot be put back, and that is said', async () => {
    const { store, contents } = await place();
    store.failNext('transfer.add', 'store-full');
    const { kept, keptProblem, safetyId } = await contents.restore(backup, { type: 'all-but', chats: [], memories: [] });
    assert.deepEqual([kept, keptProblem?.code, safetyId], [{ chats: 0, memories: 0 }, 'store-full', 'before']);
    assert.deepEqual(await factsOf(store), ['The user rows on Sundays.']);
  });
});
