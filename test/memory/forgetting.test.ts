import assert from 'node:assert/strict';
import { Forgetting, undoMs } from '../../src/memory/forgetting.ts';
import { silentLog } from '../../src/shared/ports.ts';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';
import { HandClock } from '../support/seeded-ports.ts';

afterEach(closeMemoryStores);

const minute = 60_000;

async function openForgetting(holder = 'here', clock = new HandClock(), store: MemoryStore = createMemoryStore()) {
  const forgetting = new Forgetting({ store, holder, clock, timers: clock, log: silentLog });
  await store.slices.add([fact('a', 'Likes tea'), fact('b', 'Lives in Lisbon')]);
  return { forgetting, store, clock, times: (call: string) => store.calls.filter((name) => name === call).length };
}

function fact(id: string, text: string): NewSlice {
  return { id, kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: 0, expiresAt: null, at: 0 };
}

describe('forgetting', () => {
  it('can be undone for a minute and is wiped after it', async () => {
    const { clock, forgetting, store } = await openForgetting();
    await forgetting.forget('a');
    await forgetting.forget('b');
    await clock.advance(undoMs - 1_000);
    await forgetting.undo('b');

    await clock.advance(2_000);

    assert.deepEqual((await store.slices.list({ limit: 10, offset: 0 })).slices.map(({ id }) => id), ['b']);
  });

  it('is purged from the files within the hour, once for all that was forgotten', async () => {
    const { clock, forgetting, times } = await openForgetting();
    await forgetting.forget('a');
    await clock.advance(5 * minute);
    await forgetting.forget('b');
    assert.equal(times('purge'), 0);

    await clock.advance(50 * minute);

    assert.equal(times('purge'), 1);
  });

  it('is wiped and purged at once on command, undo or not', async () => {
    const { forgetting, store, times } = await openForgetting();
    await forgetting.forget('a');

    await forgetting.wipeNow();

    assert.deepEqual(await store.slices.get(['a']), []);
    assert.equal(times('purge'), 1);
    assert.equal((await store.status()).purgeDue, false);
  });

  it('is finished by the next window when this one is gone', async () => {
    const { clock, forgetting, store, times } = await openForgetting();
    await forgetting.forget('a');
    forgetting.dispose();
    await clock.advance(10 * minute);
    assert.equal(times('slices.wipeForgotten'), 0);

    const { forgetting: next } = await openForgetting('there', clock, store);
    next.start();
    await clock.advance(60 * minute);

    assert.equal((await store.slices.get(['a'])).length, 0);
    assert.equal(times('purge'), 1);
  });

  it('is done by one window while two look after it', async () => {
    const { clock, forgetting, store, times } = await openForgetting();
    const { forgetting: other } = await openForgetting('there', clock, store);
    await store.leases.acquire({ name: 'forgetting', holder: 'a third', until: clock.now() + 10 * minute, at: clock.now() });
    forgetting.start();
    other.start();
    await forgetting.forget('a');
    await clock.advance(5 * minute);
    assert.equal(times('slices.wipeForgotten'), 0);

    await clock.advance(60 * minute);

    assert.equal((await store.slices.get(['a'])).length, 0);
    assert.equal(times('purge'), 1);
  });

  it('leaves the store in peace while there is nothing to do', async () => {
    const { clock, forgetting, store } = await openForgetting();
    forgetting.start();
    await clock.advance(minute);
    store.calls.length = 0;

    await clock.advance(50 * minute);

    assert.equal(store.calls.length, 0);
    await clock.advance(15 * minute);
    assert.ok(store.calls.includes('sessions.expire'), 'temporary chats are looked for every hour');
  });

  it('tries again when the store could not do it', async () => {
    const { clock, forgetting, store } = await openForgetting();
    await forgetting.forget('a');
    store.failNext('slices.wipeForgotten', 'store-timeout');

    await clock.advance(10 * minute);

    assert.equal((await store.slices.get(['a'])).length, 0);
  });

  it('plans nothing more once it is disposed', async () => {
    const { clock, forgetting } = await openForgetting();
    forgetting.start();
    await clock.advance(minute);
    forgetting.dispose();
    await clock.advance(60 * minute);
    assert.equal(clock.waiting, 0);
  });
});
