import assert from 'node:assert/strict';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/ports.ts';
import { createStoreClient } from '../../src/store/client.ts';
import { beforeTexts } from '../../src/store/packed-message-page.ts';
import { HandClock, seededIds, settled } from '../support/seeded-ports.ts';
import { FakeWorker } from './support/fake-worker.ts';

function clientWithFakes() {
  const clock = new HandClock();
  const workers: FakeWorker[] = [];
  const client = createStoreClient({
    startWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    clock,
    timers: clock,
    ids: seededIds(clock),
    log: silentLog,
  });
  const worker = () => workers.at(-1) ?? assert.fail('No worker was started.');
  return { client, clock, workers, worker };
}

const position = { storeId: '0'.repeat(32), schemaVersion: 1, generation: 1, journal: 'journal-1-a.log', offset: 0, sequence: 0, chain: '0'.repeat(32), at: 0 };
const frozenContent = { frozen: 'f', position, base: position, summary: { tables: {}, newest: {} }, parts: [] };

/** The id under which the last message asks for something to be done once. */
const callIdOf = (worker: FakeWorker) => {
  const last = worker.received.at(-1);
  return last?.type === 'call' ? last.callId : assert.fail('The last message is no call.');
};

describe('store client', () => {
  it('starts a worker with the first call, and one is enough', async () => {
    const { client, workers, worker } = clientWithFakes();
    assert.equal(workers.length, 0);
    const first = client.agents.settings('alden');
    worker().answer('first');
    const second = client.agents.settings('alden');
    worker().answer('second');
    assert.deepEqual([await first, await second, workers.length], ['first', 'second', 1]);
    assert.deepEqual(worker().received.map((message) => message.type === 'call' && [message.method, message.argument]), [
      ['agents.settings', 'alden'], ['agents.settings', 'alden'],
    ]);
  });

  it('gives answers to those who asked, whatever their order', async () => {
    const { client, worker } = clientWithFakes();
    const one = client.sessions.get('1');
    const two = client.sessions.get('2');
    worker().say({ type: 'answer', number: 2, result: 'two' });
    worker().say({ type: 'answer', number: 1, result: 'one' });
    assert.deepEqual([await one, await two], ['one', 'two']);
  });

  it('unpacks a page of messages where it is read, in order', async () => {
    const { client, worker } = clientWithFakes();
    const asked = client.messages.page({ sessionId: 's1', limit: 2 });
    const packed = [1, 'm2', 'm1', 'assistant', 'model', 'complete', 5, '', null, 'llama', 5, 6, null, null];
    const page = {
      sessionId: 's1', total: 3, hasMore: true, messages: [packed, [...packed].with(0, 0).with(1, 'm1').with(6, 3)],
      lists: [['m2', [], [[1, 'b'], [0, 'a']]]], siblings: [['m1', ['m1', 'm0']]],
    };
    worker().say({ type: 'packed-answer', number: 1, texts: [JSON.stringify(page), `${beforeTexts}"Très"?`] });
    const { messages, total, hasMore } = await asked;
    assert.deepEqual([total, hasMore], [3, true]);
    assert.deepEqual(messages.map(({ id, sessionId, siblings }) => [id, sessionId, siblings]), [['m1', 's1', ['m1', 'm0']], ['m2', 's1', ['m2']]]);
    assert.deepEqual(messages.map(({ text }) => text), ['s"?', '"Trè']);
    assert.deepEqual(messages.map(({ memoriesUsed, attachments }) => [memoriesUsed, attachments]), [[[], []], [['a', 'b'], []]]);
  });

  it('repeats calls that were under way when the worker died, under their id, to the next one', async () => {
    const { client, workers, worker } = clientWithFakes();
    const renamed = client.sessions.expire(5);
    const id = callIdOf(worker());
    worker().end('crash');
    assert.equal(workers.length, 2);
    assert.equal(callIdOf(worker()), id);
    worker().answer(3);
    assert.equal(await renamed, 3);
  });

  it('rejects what a second worker dies of, and the next call starts another', async () => {
    const { client, workers, worker } = clientWithFakes();
    const call = client.sessions.expire(5);
    worker().end('crash');
    worker().end('crash again');
    await assert.rejects(call, (error) => HearthlinkError.is(error, 'store-stopped'));
    const next = client.sessions.expire(5);
    worker().answer(0);
    assert.deepEqual([await next, workers.length], [0, 3]);
  });

  it('repeats a write that is not known to be saved once, under its id', async () => {
    const { client, worker } = clientWithFakes();
    const call = client.sessions.expire(5);
    const id = callIdOf(worker());
    worker().fail('store-not-known-saved');
    assert.equal(callIdOf(worker()), id);
    worker().fail('store-not-known-saved');
    await assert.rejects(call, (error) => HearthlinkError.is(error, 'store-not-known-saved'));
    assert.equal(worker().received.length, 2);
  });

  it('hands on every other failure as it is', async () => {
    const { client, worker } = clientWithFakes();
    const call = client.sessions.expire(5);
    worker().fail('store-full');
    await assert.rejects(call, (error) => HearthlinkError.is(error, 'store-full'));
  });

  it('does not wait for ever', async () => {
    const { client, clock, worker } = clientWithFakes();
    const call = client.sessions.get('1');
    call.catch(() => undefined);
    await clock.advance(50_000);
    worker().say({ type: 'log', level: 'info', message: 'still there', fields: {} });
    await clock.advance(30_000);
    await assert.rejects(call, (error) => HearthlinkError.is(error, 'store-timeout'));
  });

  it('lets the worker end after ten minutes without a call or a visible view', async () => {
    const { client, clock, workers, worker } = clientWithFakes();
    const asked = client.sessions.get('1');
    worker().answer(null);
    await asked;
    const view = client.keepOpen();
    await clock.advance(11 * 60_000);
    assert.equal(worker().received.at(-1)?.type, 'call', 'a view is open');
    view.dispose();
    await clock.advance(9 * 60_000);
    assert.equal(worker().received.at(-1)?.type, 'call');
    await clock.advance(2 * 60_000);
    assert.equal(worker().received.at(-1)?.type, 'close');
    worker().end('code 0');
    const again = client.sessions.get('1');
    worker().answer(null);
    assert.deepEqual([await again, workers.length], [null, 2]);
  });

  it('ends a worker that does not end by itself', async () => {
    const { client, clock, worker } = clientWithFakes();
    const asked = client.sessions.get('1');
    worker().answer(null);
    await asked;
    const closed = client.close();
    await clock.advance(6000);
    await closed;
    assert.equal(worker().killed, true);
  });

  it('refuses every call once it is closed, and starts no other worker', async () => {
    const { client, workers, worker } = clientWithFakes();
    const underWay = client.sessions.expire(5);
    const closed = client.close();
    await assert.rejects(client.sessions.get('1'), { code: 'store-stopped' });
    await assert.rejects(client.status(), { code: 'store-stopped' });
    worker().say({ type: 'answer', number: 1, result: 3 });
    worker().end('code 0');
    await closed;
    assert.equal(await underWay, 3);
    await client.close();
    await assert.rejects(client.sessions.get('1'), { code: 'store-stopped' });
    assert.equal(workers.length, 1);
  });

  it('refuses what was under way when a worker dies in closing', async () => {
    const { client, workers, worker } = clientWithFakes();
    const underWay = client.sessions.expire(5);
    const closed = client.close();
    worker().end('crash');
    await closed;
    await assert.rejects(underWay, { code: 'store-stopped' });
    assert.equal(workers.length, 1);
  });

  it('refuses calls also when it was closed before the first', async () => {
    const { client, workers } = clientWithFakes();
    await client.close();
    await assert.rejects(client.sessions.get('1'), { code: 'store-stopped' });
    assert.equal(workers.length, 0);
  });

  it('lets the folder be changed while no worker is there, and what is asked meanwhile waits for the next', async () => {
    const { client, workers, worker } = clientWithFakes();
    const first = client.agents.settings('alden');
    worker().answer('first');
    await first;
    const told: boolean[] = [];
    client.onDidChange(({ everything }) => told.push(everything));
    const { promise: changed, resolve: change } = Promise.withResolvers<string>();
    const stopped = client.whileStopped(() => changed);
    const meanwhile = client.agents.settings('alden');
    await settled();
    assert.deepEqual(worker().received.at(-1), { type: 'close' });
    worker().end('code 0');
    await settled();
    assert.equal(workers.length, 1, 'no other worker while the folder changes');
    change('changed');
    assert.equal(await stopped, 'changed');
    await settled();
    worker().answer('after');
    assert.deepEqual([await meanwhile, workers.length, told], ['after', 2, [true]]);
  });

  it('goes on as before when the folder could not be changed, and says why', async () => {
    const { client, worker } = clientWithFakes();
    const failure = new HearthlinkError('store-full');
    await assert.rejects(client.whileStopped(() => Promise.reject(failure)), failure);
    const asked = client.agents.settings('alden');
    worker().answer('there');
    assert.equal(await asked, 'there');
  });

  it('lets a store be migrated once what is in it was backed up, and not when it was not', async () => {
    const { client, worker } = clientWithFakes();
    void client.status();
    worker().say({ type: 'migrating', frozen: frozenContent });
    await settled();
    assert.deepEqual(worker().received.at(-1), { type: 'migrate', error: null }, 'nobody asked to be waited for');
    const asked: string[] = [];
    client.guardMigrations((content) => {
      asked.push(content.frozen);
      return Promise.reject(new HearthlinkError('store-full'));
    });
    worker().say({ type: 'migrating', frozen: frozenContent });
    await settled();
    assert.deepEqual([asked, worker().received.at(-1)], [['f'], { type: 'migrate', error: { code: 'store-full', parameters: {} } }]);
  });

  it('waits for as long as a backup before a migration takes, and as ever for what comes after it', async () => {
    for (const outcome of ['backed up', 'not backed up']) {
      const { client, clock, worker } = clientWithFakes();
      const backup = Promise.withResolvers<undefined>();
      client.guardMigrations(() => backup.promise);
      let isOver = false;
      const call = client.sessions.get('1').finally(() => { isOver = true; });
      call.catch(() => undefined);
      worker().say({ type: 'migrating', frozen: frozenContent });
      await clock.advance(10 * 60_000);
      assert.equal(isOver, false, 'the worker holds it, and answers later');
      if (outcome === 'backed up') backup.resolve(undefined);
      else backup.reject(new HearthlinkError('store-full'));
      await settled();
      assert.equal(worker().received.at(-1)?.type, 'migrate');
      await clock.advance(50_000);
      assert.equal(isOver, false, outcome);
      await clock.advance(30_000);
      await assert.rejects(call, (error) => HearthlinkError.is(error, 'store-timeout'), outcome);
    }
  });

  it('tells of changes, and of everything after a worker died', async () => {
    const { client, worker } = clientWithFakes();
    const heard: boolean[] = [];
    client.onDidChange((change) => heard.push(change.everything));
    const asked = client.sessions.get('1');
    const change = { origin: 'other-window', everything: false, sessions: ['s'], messages: [], slices: [], jobs: false, agents: false, status: false } as const;
    worker().say({ type: 'change', change });
    worker().answer(null);
    await asked;
    worker().end('crash');
    await settled();
    assert.deepEqual(heard, [false, true]);
  });
});
