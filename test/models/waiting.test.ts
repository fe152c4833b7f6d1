import assert from 'node:assert/strict';
import type { ChatEvent } from '../../src/models/port.ts';
import { chatModel } from '../support/ollama/scripted-model.ts';
import { settled } from '../support/seeded-ports.ts';
import { ask, collect, eventually, never, startKit } from './ollama-kit.ts';

type Waiting = Extract<ChatEvent, { type: 'waiting' }>;

function waitingOf(events: readonly ChatEvent[]): readonly Waiting[] {
  return events.filter((event) => event.type === 'waiting');
}

describe('while a person waits for the first token', () => {
  it('nothing is said for two seconds, then the seconds once a second', async () => {
    await using kit = await startKit();
    const read = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'Hello.', hold: read.promise });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const seen: ChatEvent[] = [];
    const replied = collect(kit.room.chat.chat(ask('Hello'), never), seen);
    await arrived;
    await kit.clock.advance(2999);
    assert.deepEqual(seen, []);
    await kit.clock.advance(3000);
    assert.deepEqual(waitingOf(seen).map(({ seconds }) => seconds), [3, 4, 5]);
    read.resolve(undefined);
    await replied;
  });

  it('it is told whether the model loads or reads, by what the server has in memory', async () => {
    await using kit = await startKit();
    const loaded = Promise.withResolvers<undefined>();
    const read = Promise.withResolvers<undefined>();
    kit.ollama.runners.holdLoads(loaded.promise);
    kit.ollama.chat.answers({ text: 'Hello.', hold: read.promise });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const seen: ChatEvent[] = [];
    const replied = collect(kit.room.chat.chat(ask('Hello'), never), seen);
    await arrived;
    await kit.clock.advance(4000);
    assert.deepEqual(waitingOf(seen).map(({ phase }) => phase), ['loading', 'loading']);
    loaded.resolve(undefined);
    await eventually(async () => {
      await kit.clock.advance(2000);
      return waitingOf(seen).at(-1)?.phase === 'reading';
    });
    read.resolve(undefined);
    await replied;
  });

  it('it is told that another reply goes first', async () => {
    await using kit = await startKit();
    const first = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'first', hold: first.promise });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const before = collect(kit.room.chat.chat(ask('one'), never));
    await arrived;
    const seen: ChatEvent[] = [];
    const queued = collect(kit.room.chat.chat(ask('two'), never), seen);
    await settled();
    await kit.clock.advance(3000);
    assert.deepEqual(waitingOf(seen).map(({ phase, seconds }) => ({ phase, seconds })), [{ phase: 'queued', seconds: 3 }]);
    first.resolve(undefined);
    await Promise.all([before, queued]);
  });

  it('it is told how long the last load took', async () => {
    await using kit = await startKit({ models: [chatModel('hearth-chat')] });
    kit.ollama.replace(
      '/api/chat',
      {
        status: 200,
        headers: { 'Content-Type': 'application/x-ndjson' },
        body: '{"message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"stop","load_duration":12400000000}\n',
      },
      1,
    );
    await collect(kit.room.chat.chat(ask('one'), never));
    const read = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'Hello.', hold: read.promise });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const seen: ChatEvent[] = [];
    const replied = collect(kit.room.chat.chat(ask('two'), never), seen);
    await arrived;
    await kit.clock.advance(3000);
    assert.equal(waitingOf(seen)[0]?.lastLoadSeconds, 12);
    read.resolve(undefined);
    await replied;
  });

  it('one question that the server cannot answer is no silence, however long it has worked', async () => {
    await using kit = await startKit({}, { silenceSeconds: 20 });
    const read = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'Hello.', hold: read.promise });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const replied = collect(kit.room.chat.chat(ask('Hello'), never));
    await arrived;
    const poll = async (): Promise<void> => {
      const asked = kit.ollama.nextRequest('/api/ps');
      await eventually(async () => {
        await kit.clock.advance(500);
        return kit.ollama.requests('/api/ps').length > before;
      });
      before = kit.ollama.requests('/api/ps').length;
      await (await asked).finished;
      await settled();
    };
    let before = 0;
    while (before < 15) await poll();
    kit.ollama.replace('/api/ps', { status: 500, body: '{"error":"busy with something else"}' }, 1);
    await poll();
    await poll();
    read.resolve(undefined);
    assert.equal((await replied).at(-1)?.type, 'end');
  });

  it('nothing more is said, and nothing asked, once it has come', async () => {
    await using kit = await startKit();
    const rest = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'one two', holdAfter: { tokens: 1, until: rest.promise } });
    const seen: ChatEvent[] = [];
    const replied = collect(kit.room.chat.chat(ask('Hello'), never), seen);
    await eventually(() => seen.length === 1);
    await kit.clock.advance(60_000);
    assert.deepEqual(waitingOf(seen), []);
    assert.equal(kit.ollama.requests('/api/ps').length, 0);
    rest.resolve(undefined);
    await replied;
  });
});
