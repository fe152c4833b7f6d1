import assert from 'node:assert/strict';
import { undoMs } from '../../src/memory/forgetting.ts';
import { accept, acceptAll, acceptEdited, alwaysAccept, listProposed, reject, undoReject, type ReviewParts } from '../../src/memory/review.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { closeMemoryStores, createMemoryStore } from '../support/store/memory-store.ts';

afterEach(closeMemoryStores);

async function openReview(...slices: readonly NewSlice[]) {
  const store = createMemoryStore();
  const clock = new HandClock();
  const wipes: number[] = [];
  const parts: ReviewParts = { store, clock, wipeAfter: (time) => wipes.push(time) };
  await store.slices.add(slices);
  const states = async () => Object.fromEntries((await store.slices.get(slices.map(({ id }) => id))).map(({ id, state }) => [id, state]));
  return { parts, store, clock, wipes, states };
}

function fact(id: string, text: string, state: 'held' | 'proposed' = 'proposed'): NewSlice {
  return { id, kind: 'semantic', state, text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 0.9, provenance: { type: 'user' }, validFrom: 0, expiresAt: null, at: Number.parseInt(id, 36) };
}

describe('the review queue', () => {
  it('lists what is proposed, newest first, with what is close to it and what does not fit', async () => {
    const { parts, store } = await openReview(fact('a', 'The nightly build takes 11 minutes', 'held'), fact('b', 'The nightly build takes 14 minutes'), fact('c', 'Likes tea'));
    await store.slices.markContradiction({ a: 'a', b: 'b', at: 0 });

    const { proposals, total } = await listProposed(parts, { limit: 10, offset: 0 });

    assert.equal(total, 2);
    assert.deepEqual(proposals.map(({ slice, closeTo, doesNotFit }) => [slice.id, closeTo?.id ?? null, doesNotFit.map(({ id }) => id)]), [['c', null, []], ['b', 'a', ['a']]]);
    assert.deepEqual((await listProposed(parts, { limit: 1, offset: 1 })).proposals.map(({ slice }) => slice.id), ['b']);
  });

  it('holds what is accepted, one by one or all', async () => {
    const { parts, states } = await openReview(fact('a', 'Likes tea'), fact('b', 'Lives in Lisbon'), fact('c', 'Has a dog'));
    await accept(parts, ['b']);
    assert.deepEqual(await states(), { a: 'proposed', b: 'held', c: 'proposed' });

    const rest = await acceptAll(parts);

    assert.deepEqual(rest.map(({ id }) => id), ['c', 'a']);
    assert.deepEqual(await states(), { a: 'held', b: 'held', c: 'held' });
    assert.deepEqual(await acceptAll(parts), []);
  });

  it('holds a proposal in the person\'s own words', async () => {
    const { parts } = await openReview(fact('a', 'Likes tea'));

    const slice = await acceptEdited(parts, 'a', { text: ' Likes green tea ', kind: 'procedural', scope: { type: 'agent', agentId: 'alden' }, version: 1 });

    assert.deepEqual([slice.state, slice.text, slice.kind, slice.scope], ['held', 'Likes green tea', 'procedural', { type: 'agent', agentId: 'alden' }]);
  });

  it('refuses an edit that says nothing, holds a secret, or comes too late', async () => {
    const { parts, states } = await openReview(fact('a', 'Likes tea'), fact('b', 'Lives in Lisbon', 'held'));
    await assert.rejects(acceptEdited(parts, 'a', { text: ' ' }), { code: 'invalid-input' });
    await assert.rejects(acceptEdited(parts, 'a', { text: 'My password is hunter2xyz' }), { code: 'secret-not-kept' });
    await assert.rejects(acceptEdited(parts, 'a', { version: 7 }), { code: 'conflict' });
    await assert.rejects(acceptEdited(parts, 'b', { text: 'Lives in Porto' }), { code: 'conflict' });
    await assert.rejects(acceptEdited(parts, 'z', { text: 'Lives in Porto' }), { code: 'not-found' });
    assert.deepEqual(await states(), { a: 'proposed', b: 'held' });
  });

  it('takes a refusal back within the minute, and has the rest wiped after it', async () => {
    const { parts, clock, store, states, wipes } = await openReview(fact('a', 'Likes tea'), fact('b', 'Lives in Lisbon'));
    await reject(parts, ['a']);
    await clock.advance(1_000);
    await undoReject(parts, 'a');
    assert.deepEqual(await states(), { a: 'proposed', b: 'proposed' });

    await reject(parts, ['a', 'b']);

    assert.deepEqual(await states(), { a: 'forgotten', b: 'forgotten' });
    assert.equal(wipes.at(-1), clock.now() + undoMs);
    await clock.advance(undoMs + 1);
    await assert.rejects(undoReject(parts, 'a'), { code: 'invalid-transition' });
    await store.slices.wipeForgotten(clock.now());
    const [again] = await store.slices.add([fact('d', 'Likes tea')]);
    assert.equal(again?.outcome, 'forgotten-before');
  });

  it('is left out for an agent whose notes are always accepted', async () => {
    const { parts, store, states } = await openReview(fact('a', 'Likes tea'));
    await alwaysAccept(parts, 'alden');
    assert.equal((await store.agents.settings('alden')).captureMode, 'automatic');
    assert.equal((await store.agents.settings('mimi')).captureMode, 'unset');
    assert.deepEqual(await states(), { a: 'proposed' }, 'what waits still waits for its answer');
  });
});
