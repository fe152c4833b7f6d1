import assert from 'node:assert/strict';
import fc from 'fast-check';

import { InProcessStore } from './support/in-process-store.ts';

const job = (id: string, changes: { key?: string | null; kind?: string; runAfter?: number } = {}) => ({
  id,
  kind: 'capture',
  key: null,
  payload: '{}',
  runAfter: 100,
  at: 100,
  ...changes,
});

const claim = (holder: string, at: number) => ({ kinds: ['capture'], holder, leaseUntil: at + 50, at });

describe('jobs', () => {
  it('are taken in the order they are due, each once', async () => {
    const store = InProcessStore.create();
    await store.call('jobs.enqueue', job('j2', { runAfter: 120 }));
    await store.call('jobs.enqueue', job('j1', { runAfter: 110 }));
    await store.call('jobs.enqueue', job('other', { kind: 'embed' }));
    assert.equal(await store.call('jobs.claim', claim('w1', 109)), null);
    const first = await store.call('jobs.claim', claim('w1', 130));
    assert.deepEqual([first?.id, first?.status, first?.holder, first?.leaseUntil, first?.tries], ['j1', 'running', 'w1', 180, 0]);
    assert.deepEqual(await store.again('jobs.claim', claim('w1', 130)), first);
    assert.equal((await store.call('jobs.claim', claim('w2', 130)))?.id, 'j2');
    assert.equal(await store.call('jobs.claim', claim('w2', 130)), null);
  });

  it('write nothing when there is nothing to take', async () => {
    const store = InProcessStore.create();
    assert.equal(await store.call('jobs.claim', claim('w1', 130)), null);
    assert.deepEqual(store.statements, []);
  });

  it('of one kind and key wait once', async () => {
    const store = InProcessStore.create();
    const first = await store.call('jobs.enqueue', job('j1', { key: 'chat-1' }));
    assert.deepEqual(await store.call('jobs.enqueue', job('j2', { key: 'chat-1' })), first);
    assert.equal((await store.call('jobs.enqueue', job('j3', { key: 'chat-1', kind: 'embed' }))).id, 'j3');
    await store.call('jobs.claim', claim('w1', 130));
    assert.equal((await store.call('jobs.enqueue', job('j4', { key: 'chat-1' }))).id, 'j4', 'the first no longer waits');
    await store.call('jobs.release', { id: 'j1', holder: 'w1', at: 140 });
    const statuses = (await store.call('jobs.list', { limit: 10 })).map(({ id, status }) => `${id} ${status}`).sort();
    assert.deepEqual(statuses, ['j1 cancelled', 'j3 waiting', 'j4 waiting']);
  });

  it('go on in another window when the lease of the first has passed', async () => {
    const store = InProcessStore.create();
    await store.call('jobs.enqueue', job('j1'));
    await store.call('jobs.claim', claim('w1', 130));
    assert.equal(await store.call('jobs.renew', { id: 'j1', holder: 'w1', leaseUntil: 250, at: 170 }), true);
    assert.equal(await store.call('jobs.claim', claim('w2', 249)), null);
    assert.equal((await store.call('jobs.claim', claim('w2', 250)))?.holder, 'w2');
    assert.equal(await store.call('jobs.renew', { id: 'j1', holder: 'w1', leaseUntil: 400, at: 260 }), false);
    await assert.rejects(store.call('jobs.succeed', { id: 'j1', holder: 'w1', at: 260 }), { code: 'conflict' });
    await store.call('jobs.succeed', { id: 'j1', holder: 'w2', at: 260 });
    assert.equal((await store.call('jobs.list', { limit: 1 }))[0]?.status, 'done');
  });

  it('count the runs that failed, and only these', async () => {
    const store = InProcessStore.create();
    await store.call('jobs.enqueue', job('j1'));
    const error = { code: 'model-server-error' as const, parameters: { detail: 'overloaded' } };
    await store.call('jobs.claim', claim('w1', 130));
    await store.call('jobs.release', { id: 'j1', holder: 'w1', at: 131 });
    await store.call('jobs.claim', claim('w1', 132));
    await store.call('jobs.fail', { id: 'j1', holder: 'w1', error, retryAt: 500, at: 133 });
    assert.equal(await store.call('jobs.claim', claim('w1', 499)), null);
    await store.call('jobs.claim', claim('w1', 500));
    await store.call('jobs.fail', { id: 'j1', holder: 'w1', error, retryAt: null, at: 501 });
    const [failed] = await store.call('jobs.list', { limit: 5, statuses: ['failed'] });
    assert.deepEqual([failed?.tries, failed?.error], [2, error]);
    const again = await store.call('jobs.retry', { id: 'j1', at: 600 });
    assert.deepEqual([again.status, again.tries, again.error, again.runAfter], ['waiting', 0, null, 600]);
  });

  it('stop for their runner when they are cancelled', async () => {
    const store = InProcessStore.create();
    await store.call('jobs.enqueue', job('j1'));
    await store.call('jobs.claim', claim('w1', 130));
    await store.call('jobs.cancel', { id: 'j1', at: 131 });
    assert.equal(await store.call('jobs.renew', { id: 'j1', holder: 'w1', leaseUntil: 400, at: 140 }), false);
    await assert.rejects(store.call('jobs.succeed', { id: 'j1', holder: 'w1', at: 141 }), { code: 'conflict' });
    await assert.rejects(store.call('jobs.cancel', { id: 'none', at: 1 }), { code: 'not-found' });
  });

  it('are never run by two holders at once, whatever they do', async () => {
    const holder = fc.constantFrom('w1', 'w2', 'w3');
    const step = fc.record({ holder, wait: fc.integer({ min: 0, max: 40 }), action: fc.constantFrom('claim', 'renew', 'release', 'succeed') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = InProcessStore.create();
        await store.call('jobs.enqueue', job('j1'));
        /** Who believes to run the job, and until when it may. */
        const believers = new Map<string, number>();
        let at = 200;
        for (const { holder: by, wait, action } of steps) {
          at += wait;
          if (action === 'claim') {
            const taken = await store.call('jobs.claim', claim(by, at));
            if (taken !== null) believers.set(by, at + 50);
          } else if (action === 'renew') {
            const kept = await store.call('jobs.renew', { id: 'j1', holder: by, leaseUntil: at + 50, at });
            if (kept) believers.set(by, at + 50);
            else believers.delete(by);
          } else {
            const name = action === 'release' ? 'jobs.release' : 'jobs.succeed';
            await store.call(name, { id: 'j1', holder: by, at }).catch((error: unknown) => assert.match(String(error), /conflict/));
            believers.delete(by);
          }
          const running = [...believers.values()].filter((until) => until > at);
          assert.ok(running.length <= 1);
        }
        store.database.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe('leases', () => {
  it('belong to one holder until they have passed or are given back', async () => {
    const store = InProcessStore.create();
    const lease = (holder: string, at: number) => ({ name: 'rotation', holder, until: at + 50, at });
    assert.equal(await store.call('leases.acquire', lease('w1', 100)), true);
    assert.equal(await store.call('leases.acquire', lease('w2', 149)), false);
    assert.equal(await store.call('leases.acquire', lease('w1', 149)), true, 'renewed by its holder');
    assert.equal(await store.call('leases.acquire', lease('w2', 198)), false);
    assert.equal(await store.call('leases.acquire', lease('w2', 199)), true);
    await store.call('leases.release', { name: 'rotation', holder: 'w1', at: 200 });
    assert.equal(await store.call('leases.acquire', lease('w1', 200)), false, 'not its own to give back');
    await store.call('leases.release', { name: 'rotation', holder: 'w2', at: 201 });
    assert.equal(await store.call('leases.acquire', lease('w1', 202)), true);
  });

  it('write nothing when another holds them', async () => {
    const store = InProcessStore.create();
    await store.call('leases.acquire', { name: 'rotation', holder: 'w1', until: 200, at: 100 });
    const { length } = store.statements;
    await store.call('leases.acquire', { name: 'rotation', holder: 'w2', until: 200, at: 100 });
    assert.equal(store.statements.length, length);
  });
});

describe('agent settings', () => {
  it('are unset until chosen, and remember the last choice', async () => {
    const store = InProcessStore.create();
    assert.deepEqual(await store.call('agents.settings', 'alden'), { agentId: 'alden', captureMode: 'unset', version: 0 });
    await store.call('agents.setCaptureMode', { agentId: 'alden', mode: 'ask', at: 1 });
    const chosen = await store.call('agents.setCaptureMode', { agentId: 'alden', mode: 'off', at: 2 });
    assert.deepEqual(chosen, { agentId: 'alden', captureMode: 'off', version: 2 });
    assert.deepEqual(await store.call('agents.settings', 'alden'), chosen);
    assert.equal((await store.call('agents.settings', 'other')).captureMode, 'unset');
  });
});
