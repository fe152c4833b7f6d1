import assert from 'node:assert/strict';
import { enqueueTidying, mergeAlike, planTidying, tidyingDone, tidyingHandler, tidyingKind, tidySettingsShape, undoTidying, type TidySettings } from '../../src/memory/consolidation.ts';
import { BackgroundJobs } from '../../src/models/background-jobs.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { seededRandom } from '../store/support/window.ts';
import { HandClock, keepingLog, seededIds } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';

afterEach(closeMemoryStores);

const settings: TidySettings = { likeness: 70, unusedDays: 180, importanceAtMost: 30, keepExpiredDays: 7 };

/** A store with `duplicates` facts that say the same, one that is over, and two that are alike. */
async function untidy(duplicates = 2) {
  const store = createMemoryStore();
  const clock = new HandClock();
  const at = clock.now() - 1_000;
  const same = Array.from({ length: duplicates }, (_, n) => fact(`d${String(n).padStart(3, '0')}`, `Placeholder ${String(n)} ${'x'.repeat(n)}`, at + n));
  await store.slices.add([...same, fact('alike-1', 'Drinks green tea every morning', at), fact('alike-2', 'Drinks green tea every single morning', at), { ...fact('over', 'Is in Porto', at), kind: 'working', expiresAt: 1 }]);
  await Promise.all(same.map(({ id }) => store.slices.edit({ id, text: 'Lives in Lisbon', at })));
  const log = keepingLog();
  const parts = { store, clock, ids: seededIds(clock, 7), log };
  return { store, clock, log, parts };
}

function fact(id: string, text: string, at: number): NewSlice {
  return { id, kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 0.9, provenance: { type: 'user' }, validFrom: at, expiresAt: null, at };
}

function jobsOf(holder: string, store: MemoryStore, clock: HandClock) {
  const log = keepingLog();
  return new BackgroundJobs({ jobs: store.jobs, handlers: { [tidyingKind]: tidyingHandler({ store, log }) }, holder, clock, timers: clock, random: seededRandom(1), log, isBusy: () => false });
}

describe('tidying up', () => {
  it('shows what it would do by the settings, and does nothing before it is told to', async () => {
    const { parts, store } = await untidy(3);
    store.calls.length = 0;

    const plan = await planTidying(parts, settings);

    assert.deepEqual([plan.duplicates.count, plan.alike.count, plan.unused.count, plan.expired.count], [2, 1, 0, 1]);
    assert.deepEqual(store.calls, ['slices.planTidying']);
    assert.equal((await planTidying(parts, { ...settings, likeness: 100 })).alike.count, 0);
    assert.equal((await planTidying(parts, { ...settings, keepExpiredDays: 365 })).expired.count, 1);
  });

  it('refuses settings that are out of range', () => {
    for (const wrong of [{ likeness: 40 }, { likeness: 101 }, { unusedDays: 1 }, { importanceAtMost: -1 }, { keepExpiredDays: 400 }, { unusedDays: 30.5 }]) {
      assert.equal(tidySettingsShape.safeParse({ ...settings, ...wrong }).success, false);
    }
  });

  it('runs as a background job in one of two windows, and tells the other what was done', async () => {
    const { parts, store, clock } = await untidy(450);
    const [here, there] = [jobsOf('here', store, clock), jobsOf('there', store, clock)];
    const plan = await planTidying(parts, settings);

    const job = await enqueueTidying(parts, plan, ['merge', 'expire']);
    const done = tidyingDone(parts, job);
    here.start();
    there.start();
    await clock.advance(5_000);

    assert.deepEqual(await done, { plannedAt: plan.rules.plannedAt, merged: 449, archived: 1 });
    assert.equal(store.calls.filter((call) => call === 'slices.tidy').length, 3, 'in steps of at most 200, by one window');
    here.dispose();
    there.dispose();
  }).timeout(60_000);

  it('goes on where it was stopped, and can be undone as one step', async () => {
    const { parts, store, log } = await untidy(3);
    const plan = await planTidying(parts, settings);
    const job = await enqueueTidying(parts, plan, ['merge', 'expire']);
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(tidyingHandler(parts)(job, stopped.signal));
    const handler = tidyingHandler(parts);
    await handler(job, new AbortController().signal);
    await handler(job, new AbortController().signal);
    assert.deepEqual(await store.slices.tidied(plan.rules), { merged: 2, archived: 1 });

    await undoTidying(parts, plan.rules);

    assert.deepEqual(await store.slices.tidied(plan.rules), { merged: 0, archived: 0 });
    assert.doesNotMatch(log.lines.join('\n'), /Lisbon|Porto/);
  });

  it('is told as cancelled, or with what it failed by', async () => {
    const { parts, store, clock } = await untidy();
    const job = await enqueueTidying(parts, await planTidying(parts, settings), ['merge']);
    const done = tidyingDone(parts, job);
    await store.jobs.cancel({ id: job.id, at: clock.now() });
    await assert.rejects(done, { code: 'cancelled' });

    const next = await enqueueTidying(parts, await planTidying(parts, settings), ['merge']);
    store.failNext('slices.tidy', 'store-full');
    const jobs = jobsOf('here', store, clock);
    const failed = assert.rejects(tidyingDone(parts, next), { code: 'store-full' });
    jobs.start();
    await clock.advance(10_000);
    await failed;
    jobs.dispose();
  });

  it('merges what is alike only by the person\'s word, keeping the one that says more', async () => {
    const { parts, store } = await untidy();
    const [pair] = (await planTidying(parts, settings)).alike.pairs;

    const { kept, mergedId } = await mergeAlike(parts, pair?.slices ?? []);

    assert.deepEqual([kept.text, mergedId], ['Drinks green tea every single morning', 'alike-1']);
    assert.equal((await planTidying(parts, settings)).alike.count, 0);
    await store.slices.unmerge({ id: mergedId, at: 0 });
    assert.equal((await planTidying(parts, settings)).alike.count, 1);
  });
});
