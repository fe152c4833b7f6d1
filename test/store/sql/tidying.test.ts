import assert from 'node:assert/strict';
import fc from 'fast-check';

import type { NewSlice } from '../../../src/store/slice-port.ts';
import type { TidyRules, TidyStep } from '../../../src/store/tidy-plan.ts';
import { InProcessStore } from './support/in-process-store.ts';
import { factFrom, newFact, newSession, recalledIds, takeTurn } from './support/sample-rows.ts';

const day = 24 * 60 * 60 * 1000;
const now = 400 * day;

function rulesWith(changes: Partial<TidyRules> = {}): TidyRules {
  return { plannedAt: now, likeness: 0.6, unusedForMs: 180 * day, importanceAtMost: 0.3, keepExpiredForMs: 7 * day, examples: 5, ...changes };
}

/** Facts as if they had been added apart from each other: near ones are not taken for the same, exact ones come by an edit. */
async function addAll(store: InProcessStore, slices: readonly NewSlice[]): Promise<void> {
  for (const slice of slices) {
    await store.call('slices.add', [{ ...slice, text: `${slice.id} placeholder ${slice.id}` }]);
    await store.call('slices.edit', { id: slice.id, text: slice.text, at: slice.at });
  }
}

async function tidyAll(store: InProcessStore, rules = rulesWith(), steps: readonly TidyStep[] = ['merge', 'archive', 'expire'], limit = 3): Promise<void> {
  while ((await store.call('slices.tidy', { rules, steps, limit })).more);
}

/** What two texts that say the same have in common, said once more. */
function plain(text: string): string {
  return text.toLowerCase().replace(/\.$/, '').replaceAll('  ', ' ');
}

async function inForce(store: InProcessStore): Promise<string[]> {
  const { slices } = await store.call('slices.list', { limit: 100, offset: 0, states: ['held'] });
  return slices.filter(({ supersededBy, archivedAt }) => supersededBy === null && archivedAt === null).map(({ id }) => id).toSorted();
}

describe('the plan of a tidying', () => {
  it('counts what would be done, with examples, and does nothing', async () => {
    const store = InProcessStore.create();
    await addAll(store, [
      newFact('a', 'Lives in Lisbon', { at: 1 }),
      newFact('b', 'lives in  Lisbon.', { at: 2 }),
      newFact('c', 'Drinks green tea every morning', { at: 3 }),
      newFact('d', 'Drinks green tea each morning', { at: 4 }),
      newFact('e', 'Is in Porto', { kind: 'working', expiresAt: now - 8 * day, at: 5 }),
      newFact('f', 'Said in passing', { kind: 'episodic', importance: 0.2, at: 6 }),
    ]);
    const before = store.content();

    const plan = await store.call('slices.planTidying', rulesWith());

    assert.deepEqual(plan.duplicates.examples.map((group) => group.map(({ id }) => id)), [['a', 'b']]);
    assert.deepEqual(plan.alike.pairs.map(({ slices, share }) => [slices.map(({ id }) => id), Math.round(share * 100)]), [[['c', 'd'], 67]]);
    assert.deepEqual([plan.unused.count, plan.expired.count, plan.duplicates.count, plan.alike.count], [1, 1, 1, 1]);
    assert.deepEqual([...plan.unused.examples, ...plan.expired.examples].map(({ id }) => id), ['f', 'e']);
    assert.deepEqual(store.content(), before);
  });

  it('offers no pair that differs in a number or a name, nor one that does not fit', async () => {
    const store = InProcessStore.create();
    await addAll(store, [
      newFact('a', 'The nightly build takes 11 minutes'),
      newFact('b', 'The nightly build takes 14 minutes'),
      newFact('c', 'Drinks green tea every morning'),
      newFact('d', 'Drinks green tea each morning'),
    ]);
    await store.call('slices.markContradiction', { a: 'c', b: 'd', at: 9 });
    assert.equal((await store.call('slices.planTidying', rulesWith())).alike.count, 0);
  });
});

describe('a tidying', () => {
  it('merges what is the same in every word, of one kind, scope and speaker, and keeps the oldest', async () => {
    const store = InProcessStore.create();
    await addAll(store, [
      newFact('young', 'Writes C#', { at: 9 }),
      newFact('old', 'writes c#.', { at: 3 }),
      newFact('other', 'Writes C++', { at: 4 }),
      newFact('kind', 'Writes C#', { kind: 'procedural', at: 5 }),
      newFact('scope', 'Writes C#', { scope: { type: 'agent', agentId: 'alden' }, at: 6 }),
      newFact('speaker', 'Writes C#', { speaker: 'alden', at: 7 }),
      newFact('accent', 'Writes Ć#', { at: 8 }),
    ]);
    await tidyAll(store);
    assert.deepEqual(await inForce(store), ['accent', 'kind', 'old', 'other', 'scope', 'speaker']);
    assert.equal((await store.call('slices.get', ['young']))[0]?.supersededBy, 'old');
  });

  it('leaves facts alone while one of them does not fit with something', async () => {
    const store = InProcessStore.create();
    await addAll(store, [newFact('a', 'Lives in Lisbon'), newFact('b', 'Lives in Lisbon'), newFact('c', 'Lives in Porto')]);
    await store.call('slices.markContradiction', { a: 'b', b: 'c', at: 9 });
    await tidyAll(store);
    assert.deepEqual(await inForce(store), ['a', 'b', 'c']);
  });

  it('archives turns that are old, were never recalled, weigh little, and are the source of nothing', async () => {
    const store = InProcessStore.create();
    await store.call('sessions.create', newSession());
    for (const [index, id] of ['weak', 'pinned', 'used', 'source', 'ordinary'].entries()) {
      await takeTurn(store, { id, parentId: null, text: `Words of ${id} turns`, reply: 'Fine', at: 2000 + index * 10 });
      if (id !== 'ordinary') await store.call('slices.edit', { id: `m-${id}`, importance: 0.2, pinned: id === 'pinned', at: 3000 });
    }
    await takeTurn(store, { id: 'new', parentId: null, text: 'Words of new turns', reply: 'Fine', at: now - day });
    await store.call('slices.edit', { id: 'm-new', importance: 0.2, at: now - day });
    await store.call('slices.recordRecall', { ids: ['m-used'], at: 4000 });
    await store.call('slices.add', [factFrom('source', 'f', 'A fact of it', null)]);
    // A message is recalled on the active branch only.
    await store.call('sessions.activate', { id: 's1', leafId: 'weak', at: 5000 });
    assert.ok((await recalledIds(store, 'weak')).includes('m-weak'));

    await tidyAll(store);

    const archived = (await store.call('slices.list', { limit: 50, offset: 0 })).slices.filter(({ archivedAt }) => archivedAt !== null);
    assert.deepEqual(archived.map(({ id }) => id), ['m-weak']);
    assert.ok(!(await recalledIds(store, 'weak')).includes('m-weak'));
    await store.call('sessions.activate', { id: 's1', leafId: 'used', at: 6000 });
    await store.call('sessions.activate', { id: 's1', leafId: 'weak', at: 6001 });
    assert.ok(!(await recalledIds(store, 'weak')).includes('m-weak'), 'showing its branch again does not bring it back');
    await store.call('slices.bringBack', { id: 'm-weak', at: 7000 });
    assert.ok((await recalledIds(store, 'weak')).includes('m-weak'));
    assert.equal((await store.call('messages.get', 'weak'))?.text, 'Words of weak turns');
  });

  it('takes what held for now out of sight some days after its end; brought back, it holds', async () => {
    const store = InProcessStore.create();
    await store.call('slices.add', [
      newFact('over', 'Is in Porto', { kind: 'working', expiresAt: now - 8 * day }),
      newFact('just', 'Has a cold', { kind: 'working', expiresAt: now - day }),
      newFact('fact', 'Has a dog', { expiresAt: null }),
    ]);
    await tidyAll(store);
    assert.deepEqual(await inForce(store), ['fact', 'just']);

    const back = await store.call('slices.bringBack', { id: 'over', at: now });

    assert.deepEqual([back.archivedAt, back.expiresAt], [null, null]);
    assert.deepEqual(await recalledIds(store, 'Porto', { at: now }), ['over']);
  });

  it('does the chosen steps alone, and nothing that came after the plan', async () => {
    const store = InProcessStore.create();
    await addAll(store, [newFact('a', 'Lives in Lisbon'), newFact('b', 'Lives in Lisbon'), newFact('w', 'Has a cold', { kind: 'working', expiresAt: 5 })]);
    await tidyAll(store, rulesWith(), ['expire']);
    assert.deepEqual(await inForce(store), ['a', 'b']);
    await tidyAll(store, rulesWith({ plannedAt: 3999 }), ['merge']);
    assert.deepEqual(await inForce(store), ['a', 'b']);
  });

  it('is counted while it runs, and undone as one step', async () => {
    const store = InProcessStore.create();
    await addAll(store, [1, 2, 3, 4, 5].map((n) => newFact(`f${String(n)}`, 'Lives in Lisbon', { at: n, importance: n / 10 })));
    await store.call('slices.add', [newFact('w', 'Has a cold', { kind: 'working', expiresAt: 5 })]);
    const before = await store.call('slices.get', ['f1', 'f2', 'f3', 'f4', 'f5', 'w']);
    await tidyAll(store);
    assert.deepEqual(await store.call('slices.tidied', { plannedAt: now }), { merged: 4, archived: 1 });
    assert.equal((await store.call('slices.get', ['f1']))[0]?.importance, 0.5);

    while ((await store.call('slices.undoTidying', { plannedAt: now, limit: 2 })).more);

    assert.deepEqual(await store.call('slices.tidied', { plannedAt: now }), { merged: 0, archived: 0 });
    const after = await store.call('slices.get', ['f1', 'f2', 'f3', 'f4', 'f5', 'w']);
    assert.deepEqual(after.map((slice) => ({ ...slice, version: 0 })), before.map((slice) => ({ ...slice, version: 0 })));
  });

  it('loses nothing that could be recalled, leaves what is pinned, is done when it is done, and can be undone', async () => {
    const words = fc.constantFrom('Lives in Lisbon', 'lives in lisbon.', 'Lives in Porto', 'Likes green tea', 'Likes  green tea', 'LIKES GREEN TEA', 'Writes C++', 'Writes C#');
    const slices = fc.array(
      fc.record({
        text: words,
        kind: fc.constantFrom('semantic' as const, 'procedural' as const, 'working' as const, 'episodic' as const),
        speaker: fc.constantFrom('user', 'alden'),
        at: fc.integer({ min: 1, max: 350 }).map((days) => days * day),
        importance: fc.constantFrom(0.1, 0.3, 0.5, 0.9),
        pinned: fc.boolean(),
        expiresAt: fc.constantFrom(null, now - 30 * day, now + day),
      }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(slices, fc.integer({ min: 1, max: 4 }), async (given, limit) => {
        const store = InProcessStore.create();
        await addAll(store, given.map(({ text, kind, speaker, at, importance, expiresAt }, n) => newFact(`s${String(n)}`, text, { kind, speaker, at, importance, expiresAt: kind === 'working' ? expiresAt : null })));
        for (const [n, { pinned }] of given.entries()) await store.call('slices.edit', { id: `s${String(n)}`, pinned, at: 1 });
        const ids = given.map((_, n) => `s${String(n)}`);
        const before = await store.call('slices.get', ids);

        await tidyAll(store, rulesWith(), ['merge', 'archive', 'expire'], limit);

        const after = await store.call('slices.get', ids);
        assert.equal(after.length, before.length, 'nothing is deleted');
        const standing = after.filter(({ supersededBy, archivedAt }) => supersededBy === null && archivedAt === null);
        for (const [n, slice] of after.entries()) {
          assert.equal(slice.text, before[n]?.text);
          if (before[n]?.pinned === true) assert.equal(slice.archivedAt, null, 'what is pinned is never archived');
          if (slice.supersededBy === null) continue;
          const heir = standing.find(({ id }) => id === slice.supersededBy);
          assert.ok(heir !== undefined, 'what was merged is said by one that stands');
          assert.equal(plain(heir.text), plain(slice.text));
          assert.ok(heir.createdAt <= slice.createdAt && heir.importance >= slice.importance && (heir.pinned || !slice.pinned));
          const found = await store.call('slices.get', await recalledIds(store, slice.text, { at: now }));
          assert.ok(found.some(({ text }) => plain(text) === plain(slice.text)), 'and found by the same words');
        }
        const content = store.content();
        await tidyAll(store, rulesWith(), ['merge', 'archive', 'expire'], limit);
        assert.deepEqual(store.content(), content, 'a second time there is nothing to do');
        assert.deepEqual(store.replica().content(), content);

        while ((await store.call('slices.undoTidying', { plannedAt: now, limit })).more);
        const undone = await store.call('slices.get', ids);
        assert.deepEqual(undone.map((slice) => ({ ...slice, version: 0 })), before.map((slice) => ({ ...slice, version: 0 })));
      }),
      { numRuns: 40 },
    );
  });
});
