import assert from 'node:assert/strict';
import { correctMemory, mergeMemories, settleContradiction, splitMemory, undoReplacing, type CuratingParts } from '../../src/memory/curating.ts';
import type { Slice } from '../../src/store/records.ts';
import { HandClock, seededIds } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore } from '../support/store/memory-store.ts';

const start = Date.parse('2026-11-21T09:00:00Z');

async function withFacts(...texts: readonly string[]): Promise<{ readonly parts: CuratingParts; readonly facts: readonly Slice[]; readonly get: (id: string) => Promise<Slice> }> {
  const clock = new HandClock();
  const store = createMemoryStore();
  const ids = seededIds(clock, 7);
  const added = await store.slices.add(
    texts.map((text) => ({ id: ids.next(), kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 0.9, provenance: { type: 'user' }, validFrom: start, expiresAt: null, at: start })),
  );
  const facts = added.flatMap((answer) => (answer.outcome === 'forgotten-before' ? [] : [answer.slice]));
  const get = async (id: string): Promise<Slice> => (await store.slices.get([id]))[0] ?? assert.fail(`${id} is gone`);
  return { parts: { store, clock, ids }, facts, get };
}

describe('curating memories', () => {
  afterEach(closeMemoryStores);

  it('gives a fact other words, of the version that was seen', async () => {
    const { parts, facts: [fact] } = await withFacts('The keel is sanded.');
    assert.ok(fact);
    const corrected = await correctMemory(parts, fact, ' The keel is painted. ');
    assert.deepEqual([corrected.id, corrected.text], [fact.id, 'The keel is painted.']);
    await assert.rejects(correctMemory(parts, fact, 'Too late'), { code: 'conflict' });
  });

  it('keeps no secret, and no memory without words', async () => {
    const { parts, facts: [fact] } = await withFacts('The keel is sanded.');
    assert.ok(fact);
    await assert.rejects(correctMemory(parts, fact, 'password: hunter2-Correct-Horse'), { code: 'secret-not-kept' });
    await assert.rejects(correctMemory(parts, fact, '  '), { code: 'invalid-input' });
  });

  it('merges several into one, and takes that back', async () => {
    const { parts, facts, get } = await withFacts('The keel is oak.', 'The deck is pine.');
    const { slices: [merged], undo } = await mergeMemories(parts, facts, 'The keel is oak and the deck is pine.');
    assert.equal(merged?.text, 'The keel is oak and the deck is pine.');
    for (const { id } of facts) assert.equal((await get(id)).supersededBy, merged.id);
    await undoReplacing(parts, undo);
    for (const { id } of facts) assert.equal((await get(id)).supersededBy, null);
    await assert.rejects(get(merged.id));
    await assert.rejects(mergeMemories(parts, facts.slice(0, 1), 'Alone'), { code: 'conflict' });
  });

  it('splits one into several', async () => {
    const { parts, facts: [fact], get } = await withFacts('The keel is oak and the deck is pine.');
    assert.ok(fact);
    await assert.rejects(splitMemory(parts, fact, ['One part']), { code: 'invalid-input' });
    const { slices } = await splitMemory(parts, fact, ['The keel is oak.', 'The deck is pine.']);
    assert.deepEqual(slices.map(({ text }) => text), ['The keel is oak.', 'The deck is pine.']);
    assert.equal((await get(fact.id)).supersededBy, slices[0]?.id);
  });

  it('settles which of two holds, or that both do', async () => {
    const { parts, facts: [a, b], get } = await withFacts('The keel is oak.', 'The deck is pine.');
    assert.ok(a && b);
    await parts.store.slices.markContradiction({ a: a.id, b: b.id, at: start });
    await settleContradiction(parts, { id: a.id, otherId: b.id, holds: 'both' });
    assert.deepEqual((await get(a.id)).contradicts, []);
    await settleContradiction(parts, { id: a.id, otherId: b.id, holds: 'other' });
    assert.equal((await get(a.id)).supersededBy, b.id);
  });
});
