import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { Timers } from '../../src/shared/ports.ts';
import type { Protocol, RequestEnvelope } from '../../src/shared/protocol/channel.ts';
import { openChannel } from '../../src/webview/ui/channel.ts';

const protocol = {
  methods: {
    add: { parameters: z.object({ a: z.number(), b: z.number() }), result: z.object({ sum: z.number() }) },
    pick: { parameters: z.object({}), result: z.object({}) },
  },
  events: { tick: z.object({ count: z.number() }) },
} satisfies Protocol;

/** A channel whose other end and clock are in the test's hands. */
function openTestChannel() {
  const posted: RequestEnvelope[] = [];
  const problems: HearthlinkError[] = [];
  const timeouts = new Map<() => void, number>();
  let receive: (message: unknown) => void = () => undefined;
  const timers: Timers = {
    after: (milliseconds, run) => {
      timeouts.set(run, milliseconds);
      return () => timeouts.delete(run);
    },
  };
  const channel = openChannel(
    protocol,
    { post: (message) => void posted.push(message), listen: (listener) => { receive = listener; } },
    { timers, timeoutOf: (method) => (method === 'pick' ? null : 5000), onProblem: (problem) => void problems.push(problem) },
  );
  return { channel, posted, problems, timeouts, receive: (message: unknown) => { receive(message); } };
}

describe('the channel of a view', () => {
  it('answers each request with the reply of its own id, in whatever order they come', async () => {
    const { channel, posted, receive } = openTestChannel();
    const first = channel.request('add', { a: 1, b: 2 });
    const second = channel.request('add', { a: 10, b: 20 });
    assert.deepEqual(posted.map(({ method, parameters }) => ({ method, parameters })), [
      { method: 'add', parameters: { a: 1, b: 2 } },
      { method: 'add', parameters: { a: 10, b: 20 } },
    ]);
    receive({ type: 'reply', id: posted[1]?.id, result: { sum: 30 } });
    receive({ type: 'reply', id: posted[0]?.id, result: { sum: 3 } });
    assert.deepEqual(await Promise.all([first, second]), [{ sum: 3 }, { sum: 30 }]);
  });

  it('rejects with the error of the extension', async () => {
    const { channel, posted, receive } = openTestChannel();
    const request = channel.request('add', { a: 1, b: 2 });
    receive({ type: 'error', id: posted[0]?.id, error: { code: 'store-full', parameters: { detail: 'ENOSPC' } } });
    await assert.rejects(request, (error) => HearthlinkError.is(error, 'store-full') && error.parameters['detail'] === 'ENOSPC');
  });

  it('gives up after the time of the method, and ignores the answer that comes later', async () => {
    const { channel, posted, timeouts, receive, problems } = openTestChannel();
    const request = channel.request('add', { a: 1, b: 2 });
    const [timeout] = timeouts;
    assert.equal(timeout?.[1], 5000);
    timeout[0]();
    await assert.rejects(request, (error) => HearthlinkError.is(error, 'view-timeout') && error.parameters['seconds'] === 5);
    receive({ type: 'reply', id: posted[0]?.id, result: { sum: 3 } });
    assert.deepEqual(problems, []);
  });

  it('stops its timeout with the answer', async () => {
    const { channel, posted, timeouts, receive } = openTestChannel();
    const request = channel.request('add', { a: 1, b: 2 });
    receive({ type: 'reply', id: posted[0]?.id, result: { sum: 3 } });
    await request;
    assert.equal(timeouts.size, 0);
  });

  it('waits without end for a person', () => {
    const { channel, timeouts } = openTestChannel();
    void channel.request('pick', {});
    assert.equal(timeouts.size, 0);
  });

  it('does not take an answer that is none', async () => {
    const { channel, posted, receive } = openTestChannel();
    const request = channel.request('add', { a: 1, b: 2 });
    receive({ type: 'reply', id: posted[0]?.id, result: { sum: 'three' } });
    await assert.rejects(request, (error) => HearthlinkError.is(error, 'view-bad-message'));
  });

  it('hands events to their listeners, and only what their schema accepts', () => {
    const { channel, receive, problems } = openTestChannel();
    const counts: number[] = [];
    channel.on('tick', ({ count }) => void counts.push(count));
    channel.on('tick', ({ count }) => void counts.push(-count));
    receive({ type: 'event', name: 'tick', data: { count: 1 } });
    receive({ type: 'event', name: 'tick', data: { count: '2' } });
    receive({ type: 'event', name: 'tock', data: {} });
    assert.deepEqual(counts, [1, -1]);
    assert.deepEqual(new Set(problems.map(({ code }) => code)), new Set(['view-bad-message']));
  });

  for (const message of [null, 'reply', { type: 'reply' }, { type: 'reply', id: '1', result: 1 }, { type: 'error', id: 1, error: { code: 'no-such-code', parameters: {} } }]) {
    it(`drops ${JSON.stringify(message)} and says so`, () => {
      const { receive, problems } = openTestChannel();
      receive(message);
      assert.deepEqual(problems.map(({ code, parameters }) => ({ code, parameters })), [{ code: 'view-bad-message', parameters: { name: 'envelope' } }]);
    });
  }
});
