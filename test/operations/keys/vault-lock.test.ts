import assert from 'node:assert/strict';
import type { SecretKeep } from '../../../src/operations/keys/secret-keep.ts';
import { VaultLock, type VaultEvent } from '../../../src/operations/keys/vault-lock.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { HandClock, settled } from '../../support/seeded-ports.ts';
import { MemoryArchiveFiles } from '../archive/support/memory-archive-files.ts';
import { MemoryKeep, newRing, passphrase, ringSetup } from './support/sample-ring.ts';

const minuteMs = 60_000;

interface World {
  readonly files: MemoryArchiveFiles;
  readonly clock: HandClock;
  readonly keep: SecretKeep;
  readonly recoveryKey: string;
}

/** A store whose keys the system keeps too. */
async function newWorld(): Promise<World> {
  const [files, clock, keep] = [new MemoryArchiveFiles(), new HandClock(), new MemoryKeep()];
  const { ring, recoveryKey } = await newRing(ringSetup(files, clock));
  await ring.keepIn(keep);
  return { files, clock, keep, recoveryKey };
}

/** A window on it, and what it was told. */
function newWindow({ files, clock, keep }: World, idleMinutes = () => 60) {
  const events: VaultEvent[] = [];
  const errors: unknown[] = [];
  const lock = new VaultLock({
    ...ringSetup(files, clock, 3), stateFile: '/store/VAULT', timers: clock, keep, idleMinutes, onError: (error) => errors.push(error),
  });
  lock.onEvent((event) => events.push(event));
  return { lock, events, errors, names: () => events.map(({ type }) => type) };
}

describe('a vault', () => {
  it('opens at start without typing, where the system keeps a key', async () => {
    const world = await newWorld();
    const { lock, names } = newWindow(world);
    assert.ok(await lock.openAtStart());
    assert.equal(lock.ring().activeKey().id, 1);
    assert.deepEqual(names(), ['unlocked']);
    const typing = newWindow({ ...world, keep: new MemoryKeep() });
    assert.ok(!(await typing.lock.openAtStart()));
    assert.throws(() => typing.lock.ring(), { code: 'vault-locked' });
  });

  it('overwrites its keys when it locks, and tells who shows what they opened', async () => {
    const { lock, events } = newWindow(await newWorld());
    await lock.openAtStart();
    const { bytes } = lock.ring().activeKey();
    const locking = lock.lock();
    assert.deepEqual(Buffer.from(bytes), Buffer.alloc(32), 'at once, whatever the disk does');
    assert.deepEqual(events.at(-1), { type: 'locked', by: 'command' });
    await locking;
    assert.throws(() => lock.ring(), { code: 'vault-locked' });
  });

  it('stays locked over a restart, and opens by typing alone then', async () => {
    const world = await newWorld();
    const before = newWindow(world);
    await before.lock.openAtStart();
    await before.lock.lock();
    const after = newWindow(world);
    assert.ok(!(await after.lock.openAtStart()));
    await after.lock.unlock(world.recoveryKey);
    assert.ok(after.lock.isOpen);
    assert.ok(await newWindow(world).lock.openAtStart(), 'and the next start is without typing again');
  });

  it('locks its keys even where the disk cannot keep that', async () => {
    const world = await newWorld();
    const { lock } = newWindow(world);
    await lock.openAtStart();
    world.files.failing = { step: world.files.steps.length, code: 'EIO' };
    await assert.rejects(lock.lock(), { code: 'store-stopped' });
    assert.ok(!lock.isOpen);
  });

  it('locks in every window', async () => {
    const world = await newWorld();
    const [one, other] = [newWindow(world), newWindow(world)];
    await one.lock.openAtStart();
    await other.lock.openAtStart();
    await one.lock.lock();
    await world.clock.advance(minuteMs);
    assert.ok(!other.lock.isOpen);
    assert.deepEqual(other.events.at(-1), { type: 'locked', by: 'elsewhere' });
  });

  it('locks nothing for others when its window closes', async () => {
    const world = await newWorld();
    const { lock } = newWindow(world);
    await lock.openAtStart();
    const { bytes } = lock.ring().activeKey();
    lock.dispose();
    assert.deepEqual(Buffer.from(bytes), Buffer.alloc(32));
    assert.ok(await newWindow(world).lock.openAtStart());
  });

  it('does not open when the file that says whether it is locked is damaged', async () => {
    const world = await newWorld();
    world.files.contents.set('/store/VAULT', Buffer.from('{"format":1,"locked":false}\n00000000\n'));
    assert.ok(!(await newWindow(world).lock.openAtStart()));
  });
});

describe('a vault that is not used', () => {
  it('warns five minutes before it locks', async () => {
    const { clock, ...rest } = await newWorld();
    const { lock, names, events } = newWindow({ clock, ...rest });
    await lock.openAtStart();
    await clock.advance(54 * minuteMs);
    assert.deepEqual(names(), ['unlocked']);
    await clock.advance(minuteMs);
    assert.deepEqual(events.at(-1), { type: 'locks-soon', minutesLeft: 5 });
    await clock.advance(5 * minuteMs);
    assert.deepEqual(names(), ['unlocked', 'locks-soon', 'locked']);
    assert.deepEqual(events.at(-1), { type: 'locked', by: 'idle' });
    assert.equal(clock.waiting, 0);
  });

  it('warns at half the time where that is less than five minutes before', async () => {
    for (const [minutes, warnedAfterMs, minutesLeft] of [[6, 3 * minuteMs, 3], [1, minuteMs / 2, 1]] as const) {
      const world = await newWorld();
      const { lock, events } = newWindow(world, () => minutes);
      await lock.openAtStart();
      await world.clock.advance(warnedAfterMs - 1);
      assert.deepEqual(events.at(-1), { type: 'unlocked' });
      await world.clock.advance(1);
      assert.deepEqual(events.at(-1), { type: 'locks-soon', minutesLeft });
      await world.clock.advance(minutes * minuteMs - warnedAfterMs);
      assert.deepEqual(events.at(-1), { type: 'locked', by: 'idle' });
    }
  });

  it('goes on for as long again when it is used, and warns anew', async () => {
    const { clock, ...rest } = await newWorld();
    const { lock, names } = newWindow({ clock, ...rest });
    await lock.openAtStart();
    await clock.advance(56 * minuteMs);
    lock.touch();
    await clock.advance(59 * minuteMs);
    assert.deepEqual(names(), ['unlocked', 'locks-soon', 'locks-soon']);
    await clock.advance(minuteMs);
    assert.ok(!lock.isOpen);
  });

  it('goes on while another window is used', async () => {
    const world = await newWorld();
    const [idle, used] = [newWindow(world), newWindow(world)];
    await idle.lock.openAtStart();
    await used.lock.openAtStart();
    await world.clock.advance(50 * minuteMs);
    used.lock.touch();
    await world.clock.advance(30 * minuteMs);
    assert.ok(idle.lock.isOpen);
    await world.clock.advance(31 * minuteMs);
    assert.deepEqual([idle, used].map(({ lock }) => lock.isOpen), [false, false]);
  });

  it('follows the setting, and never locks by itself at 0', async () => {
    const world = await newWorld();
    let minutes = 0;
    const { lock } = newWindow(world, () => minutes);
    await lock.openAtStart();
    await world.clock.advance(500 * minuteMs);
    assert.equal(lock.isOpen, true);
    minutes = 10;
    await world.clock.advance(minuteMs);
    assert.ok(!lock.isOpen);
  });

  it('does not open for the first key pressed after the machine slept', async () => {
    const world = await newWorld();
    const asleep = { now: () => world.clock.now() + sleptMs };
    let sleptMs = 0;
    const lock = new VaultLock({
      ...ringSetup(world.files, asleep), stateFile: '/store/VAULT', timers: world.clock, keep: world.keep, idleMinutes: () => 60, onError: () => undefined,
    });
    await lock.openAtStart();
    sleptMs = 61 * minuteMs;
    assert.throws(() => lock.ring(), { code: 'vault-locked' });
    await settled();
    assert.ok(!(await newWindow(world).lock.openAtStart()));
  });
});

describe('wrong tries', () => {
  it('are counted, and the fifth closes it for a quarter of an hour', async () => {
    const { lock, events } = newWindow(await newWorld());
    for (const triesLeft of [4, 3, 2, 1]) await assert.rejects(lock.unlock('wrong'), { code: 'vault-refused', parameters: { triesLeft } });
    await assert.rejects(lock.unlock('wrong'), { code: 'vault-closed', parameters: { minutes: 15 } });
    await assert.rejects(lock.unlock(passphrase), { code: 'vault-closed', parameters: { minutes: 15 } }, 'also for the right one');
    assert.deepEqual(events, [4, 3, 2, 1, 0].map((triesLeft) => ({ type: 'refused', triesLeft })));
  });

  it('are forgotten by a right one', async () => {
    const { lock } = newWindow(await newWorld());
    for (let round = 0; round < 2; round++) {
      for (const triesLeft of [4, 3]) await assert.rejects(lock.unlock('wrong'), { code: 'vault-refused', parameters: { triesLeft } });
      await lock.unlock(passphrase);
    }
  });

  it('count over restarts, in every window, and when the process ends while it tries', async () => {
    const world = await newWorld();
    await assert.rejects(newWindow(world).lock.unlock('wrong'));
    const dying = newWindow(world);
    world.files.failing = { step: 'open /store/KEYS', code: 'EIO' };
    await assert.rejects(dying.lock.unlock('wrong'), { code: 'store-stopped' });
    world.files.failing = null;
    await assert.rejects(newWindow(world).lock.unlock('wrong'), { code: 'vault-refused', parameters: { triesLeft: 2 } });
  });

  it('are counted one by one when they come at once', async () => {
    const { lock } = newWindow(await newWorld());
    const tries = await Promise.allSettled(Array.from({ length: 7 }, () => lock.unlock('wrong')));
    const codes = tries.map((outcome) => (outcome.status === 'rejected' ? HearthlinkError.from(outcome.reason).code : 'opened'));
    assert.deepEqual(codes, [...Array.from({ length: 4 }, () => 'vault-refused'), ...Array.from({ length: 3 }, () => 'vault-closed')]);
  });

  it('keep it closed for its time, not longer when the clock is set back, and not only until a restart', async () => {
    const world = await newWorld();
    const { lock } = newWindow(world);
    for (let wrong = 0; wrong < 5; wrong++) await assert.rejects(lock.unlock('wrong'));
    await world.clock.advance(14 * minuteMs);
    await assert.rejects(newWindow(world).lock.unlock(passphrase), { code: 'vault-closed', parameters: { minutes: 1 } });
    const setBack = new HandClock(world.clock.now() - 24 * 60 * minuteMs);
    const another = newWindow({ ...world, clock: setBack });
    await assert.rejects(another.lock.unlock(passphrase), { code: 'vault-closed', parameters: { minutes: 15 } });
    await setBack.advance(15 * minuteMs);
    await assert.rejects(another.lock.unlock('wrong'), { code: 'vault-refused', parameters: { triesLeft: 4 } });
    await another.lock.unlock(passphrase);
    assert.ok(another.lock.isOpen);
  });
});
