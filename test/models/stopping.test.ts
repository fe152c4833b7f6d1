import assert from 'node:assert/strict';
import type { ChatEvent } from '../../src/models/port.ts';
import { ask, collect, eventually, failure, never, startKit, textOf } from './ollama-kit.ts';

const forever = new Promise(() => undefined);

describe('stopping a reply', () => {
  it('aborts it at the server at once, and keeps what was said', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers({ text: 'la la la', endless: true });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const stop = new AbortController();
    const seen: ChatEvent[] = [];
    const replied = failure(collect(kit.room.chat.chat(ask('Sing', { maxReplyTokens: 1_000_000 }), stop.signal), seen), 'cancelled');
    const request = await arrived;
    await eventually(() => seen.length > 20);
    stop.abort();
    await replied;
    await request.finished;
    assert.equal(request.aborted, true);
    assert.ok(textOf(seen).startsWith('la la la'));
    assert.ok(request.linesSent < 10_000);
  });

  it('works before the first byte, while the model still reads', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers({ text: 'late', hold: forever });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const stop = new AbortController();
    const replied = failure(collect(kit.room.chat.chat(ask('Hello'), stop.signal)), 'cancelled');
    const request = await arrived;
    stop.abort();
    await replied;
    await request.finished;
    assert.equal(request.aborted, true);
  });

  it('works while it waits for another in this window: it never reaches the server', async () => {
    await using kit = await startKit();
    const first = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'first', hold: first.promise }, 'third');
    const arrived = kit.ollama.nextRequest('/api/chat');
    const replied = collect(kit.room.chat.chat(ask('one'), never));
    await arrived;
    const stop = new AbortController();
    const queued = failure(collect(kit.room.chat.chat(ask('two'), stop.signal)), 'cancelled');
    const third = collect(kit.room.chat.chat(ask('three'), never));
    stop.abort();
    await queued;
    first.resolve(undefined);
    assert.equal(textOf(await replied), 'first');
    assert.equal(textOf(await third), 'third');
    assert.equal(kit.ollama.requests('/api/chat').length, 2);
  });

  it('works while it waits at the server behind another window: it is never run', async () => {
    await using first = await startKit();
    const release = Promise.withResolvers<undefined>();
    first.ollama.chat.answers({ text: 'first', hold: release.promise }, 'third');
    const begun = first.ollama.nextRequest('/api/chat');
    const replied = collect(first.room.chat.chat(ask('one'), never));
    await begun;
    await using second = await startKit({}, { endpoint: first.ollama.url });
    const stop = new AbortController();
    const waiting = first.ollama.nextRequest('/api/chat');
    const queued = failure(collect(second.room.chat.chat(ask('two'), stop.signal)), 'cancelled');
    const request = await waiting;
    stop.abort();
    await queued;
    await request.finished;
    release.resolve(undefined);
    await replied;
    assert.equal(request.aborted, true);
    assert.equal(request.linesSent, 0);
  });

  it('happens when the reader goes away, and the next reply does not wait for it', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers({ text: 'la la la', endless: true }, 'next');
    const arrived = kit.ollama.nextRequest('/api/chat');
    for await (const event of kit.room.chat.chat(ask('Sing', { maxReplyTokens: 1_000_000 }), never)) {
      if (event.type === 'text') break;
    }
    const request = await arrived;
    await request.finished;
    assert.equal(request.aborted, true);
    assert.equal(textOf(await collect(kit.room.chat.chat(ask('Hello'), never))), 'next');
  });

  it('before it began asks nothing', async () => {
    await using kit = await startKit();
    await failure(collect(kit.room.chat.chat(ask('Hello'), AbortSignal.abort())), 'cancelled');
    assert.equal(kit.ollama.requests().length, 0);
  });
});

describe('work in the background', () => {
  it('is interrupted at the server by a reply, which does not wait for its end', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers({ text: 'facts', endless: true }, 'Hello.');
    const arrived = kit.ollama.nextRequest('/api/chat');
    const background = failure(
      collect(kit.room.chat.chat(ask('extract', { background: true, maxReplyTokens: 1_000_000 }), never)),
      'cancelled',
    );
    const request = await arrived;
    await request.sentLines(3);
    assert.equal(textOf(await collect(kit.room.chat.chat(ask('Hello'), never))), 'Hello.');
    const error = await background;
    assert.equal(error.parameters['reason'], 'interrupted');
    assert.equal(request.aborted, true);
  });

  it('is interrupted by the embedding of a question', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers({ text: 'facts', endless: true });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const background = failure(
      collect(kit.room.chat.chat(ask('extract', { background: true, maxReplyTokens: 1_000_000 }), never)),
      'cancelled',
    );
    await (await arrived).sentLines(3);
    const [vector] = await kit.room.embedder.embed(['where did I put it?'], 'query', never);
    assert.equal(vector?.length, 512);
    assert.equal((await background).parameters['reason'], 'interrupted');
  });

  it('waits until the reply has ended', async () => {
    await using kit = await startKit();
    const spoken = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'one two', holdAfter: { tokens: 1, until: spoken.promise } });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const replied = collect(kit.room.chat.chat(ask('Hello'), never));
    await (await arrived).sentLines(1);
    const embedded = kit.room.embedder.embed(['a turn'], 'document', never);
    await kit.room.embedder.model();
    assert.equal(kit.ollama.requests('/api/embed').length, 0);
    spoken.resolve(undefined);
    await replied;
    assert.equal((await embedded).length, 1);
  });
});
