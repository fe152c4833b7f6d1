import assert from 'node:assert/strict';
import type { ChatEvent } from '../../src/models/port.ts';
import { chatModel, embeddingModel } from '../support/ollama/scripted-model.ts';
import { ask, collect, eventually, failure, never, startKit, textOf } from './ollama-kit.ts';

describe('a reply that fails', () => {
  it('because nothing listens: says so, with where', async () => {
    await using kit = await startKit();
    await kit.ollama.stop();
    const error = await failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-not-running');
    assert.equal(error.parameters['endpoint'], kit.ollama.url);
    assert.match(String(error.parameters['detail']), /ECONNREFUSED/);
  });

  it('because the model is not installed: names it, so that it can be pulled', async () => {
    await using kit = await startKit();
    const error = await failure(collect(kit.room.chat.chat(ask('Hello', { model: 'absent:4b' }), never)), 'model-missing');
    assert.deepEqual(error.parameters, { model: 'absent:4b', detail: "model 'absent:4b' not found", status: 404 });
  });

  it('because it was deleted in the meantime: the same', async () => {
    await using kit = await startKit();
    await collect(kit.room.chat.chat(ask('Hello'), never));
    kit.ollama.models.splice(0);
    await failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-missing');
  });

  it('because too many wait: the server is busy', async () => {
    await using kit = await startKit({ limits: { maxQueue: 0 } });
    const error = await failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-busy');
    assert.equal(error.parameters['detail'], 'server busy, please try again.  maximum pending requests exceeded');
  });

  it('because the prompt is longer than the window: with both numbers, and learns from them', async () => {
    await using kit = await startKit({}, { contextSize: 1024 });
    const error = await failure(collect(kit.room.chat.chat(ask('x'.repeat(8000)), never)), 'model-context-overflow');
    assert.equal(error.parameters['promptTokens'], 2000);
    assert.equal(error.parameters['contextTokens'], 1024);
    assert.match(String(error.parameters['detail']), /^request \(2000 tokens\) exceeds/);
    assert.equal(kit.room.tokens.charactersPerToken('hearth-chat'), 4);
  });

  it('because the model cannot chat: it is unsupported', async () => {
    await using kit = await startKit({ models: [embeddingModel('hearth-embed')] });
    const error = await failure(collect(kit.room.chat.chat(ask('Hello', { model: 'hearth-embed' }), never)), 'model-unsupported');
    assert.equal(error.parameters['detail'], '"hearth-embed" does not support chat');
  });

  it('because it could not be loaded: with the loader\'s words', async () => {
    await using kit = await startKit();
    const words = 'model requires more system memory (9.2 GiB) than is available (5.1 GiB)';
    kit.ollama.chat.answers({ refusal: { status: 500, error: words } });
    const error = await failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-load-failed');
    assert.equal(error.parameters['detail'], words);
  });

  it('because the engine died in mid-stream: typed, and what was said is kept', async () => {
    await using kit = await startKit();
    const error = 'an error was encountered while running the model: unexpected EOF';
    kit.ollama.chat.answers({ text: 'I was just about to say', endAfter: 3, ending: { error } });
    const seen: ChatEvent[] = [];
    const thrown = await failure(collect(kit.room.chat.chat(ask('Hello'), never), seen), 'model-crashed');
    assert.equal(thrown.parameters['detail'], error);
    assert.equal(textOf(seen), 'I was just');
  });

  for (const ending of ['no-done', 'cut'] as const) {
    it(`because the stream ends too early (${ending}): it was cut, and what was said is kept`, async () => {
      await using kit = await startKit();
      kit.ollama.chat.answers({ text: 'I was just about to say', endAfter: 3, ending });
      const seen: ChatEvent[] = [];
      await failure(collect(kit.room.chat.chat(ask('Hello'), never), seen), 'model-stream-cut');
      assert.equal(textOf(seen), 'I was just');
      assert.ok(seen.every(({ type }) => type !== 'end'));
    });
  }

  it('because a line is not JSON: it was cut, and nothing of it goes to the console', async () => {
    await using kit = await startKit();
    kit.ollama.replace('/api/chat', {
      status: 200,
      headers: { 'Content-Type': 'application/x-ndjson' },
      body: '{"message":{"role":"assistant","content":"my"},"done":false}\n{"message":{"content":"sec\n',
    });
    const seen: ChatEvent[] = [];
    const error = await failure(collect(kit.room.chat.chat(ask('Hello'), never), seen), 'model-stream-cut');
    assert.ok(!JSON.stringify([error.parameters, error.message, String(error.cause)]).includes('sec'));
  });
});

describe('what is not the server', () => {
  const answers = {
    'a page': { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Sign in</h1>' },
    'a proxy without the right': { status: 403, headers: {}, body: '' },
    'a server without this route': { status: 404, headers: { 'Content-Type': 'text/plain' }, body: '404 page not found' },
    'a server that wants a name': { status: 401, headers: {}, body: '{"error":"unauthorized"}' },
    'a redirect': { status: 302, headers: { Location: 'http://127.0.0.1:9/elsewhere' }, body: '' },
    'other JSON': { status: 200, headers: {}, body: '{"object":"list","data":[]}' },
    'broken JSON': { status: 200, headers: {}, body: '{"mod' },
  };
  for (const [name, answer] of Object.entries(answers)) {
    it(`is told as the wrong server: ${name}`, async () => {
      await using kit = await startKit();
      for (const path of ['/api/show', '/api/tags', '/api/ps', '/api/version']) kit.ollama.replace(path, answer);
      const status = await kit.room.catalog.probe(never);
      assert.ok(!status.reachable);
      assert.equal(status.error.code, 'model-wrong-server');
      const error = await failure(kit.room.catalog.list(never), 'model-wrong-server');
      assert.equal(error.parameters['endpoint'], kit.ollama.url);
    });
  }

  it('is told for an endpoint that is no address', async () => {
    await using kit = await startKit({}, { endpoint: 'not an address' });
    await failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-wrong-server');
  });

  it('is told for a server that speaks TLS to plain requests, or the other way', async () => {
    await using kit = await startKit();
    kit.settings = { ...kit.settings, endpoint: kit.ollama.url.replace('http:', 'https:') };
    await failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-wrong-server');
  });
});

describe('silence', () => {
  it('between two tokens ends the reply after the set time, and the request at the server', async () => {
    await using kit = await startKit({}, { silenceSeconds: 30 });
    kit.ollama.chat.answers({ text: 'one two three', holdAfter: { tokens: 2, until: new Promise(() => undefined) } });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const seen: ChatEvent[] = [];
    const replied = failure(collect(kit.room.chat.chat(ask('Hello'), never), seen), 'model-silent');
    const request = await arrived;
    await eventually(() => textOf(seen) === 'one two');
    await kit.clock.advance(29_999);
    assert.equal(request.aborted, false);
    await kit.clock.advance(1);
    const error = await replied;
    assert.deepEqual(error.parameters, { model: 'hearth-chat', seconds: 30 });
    await request.finished;
    assert.equal(request.aborted, true);
  });

  it('is counted from the last token, not from the one before', async () => {
    await using kit = await startKit({}, { silenceSeconds: 30 });
    const second = Promise.withResolvers<undefined>();
    const third = Promise.withResolvers<undefined>();
    kit.ollama.chat.answers({ text: 'one two three', holdAfter: [{ tokens: 1, until: second.promise }, { tokens: 2, until: third.promise }] });
    const seen: ChatEvent[] = [];
    const replied = collect(kit.room.chat.chat(ask('Hello'), never), seen);
    await eventually(() => textOf(seen) === 'one');
    await kit.clock.advance(29_000);
    second.resolve(undefined);
    await eventually(() => textOf(seen) === 'one two');
    await kit.clock.advance(29_000);
    third.resolve(undefined);
    await replied;
    assert.equal(textOf(seen), 'one two three');
  });

  it('of a server that answers nothing at all ends the wait for the first token', async () => {
    await using kit = await startKit({}, { silenceSeconds: 20 });
    await collect(kit.room.chat.chat(ask('Hello'), never));
    kit.ollama.chat.answers({ text: 'late', hold: new Promise(() => undefined) });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const replied = failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-silent');
    const request = await arrived;
    kit.ollama.replace('/api/ps', { status: 200, hold: new Promise(() => undefined) });
    for (let second = 0; second < 30; second++) await kit.clock.advance(1000);
    await replied;
    await request.finished;
    assert.equal(request.aborted, true);
  });

  it('of a server that accepts and does not answer a question from memory is told after 5 seconds', async () => {
    await using kit = await startKit();
    kit.ollama.replace('/api/version', { status: 200, hold: new Promise(() => undefined) });
    const arrived = kit.ollama.nextRequest('/api/version');
    const probed = kit.room.catalog.probe(never);
    await arrived;
    await kit.clock.advance(5000);
    const status = await probed;
    assert.ok(!status.reachable && status.error.code === 'model-silent');
  });
});

describe('a long wait for the first token', () => {
  it('has no limit while the server answers: ten minutes of loading and reading end in a reply', async () => {
    await using kit = await startKit({ models: [chatModel('hearth-chat')] });
    const loaded = Promise.withResolvers<undefined>();
    const read = Promise.withResolvers<undefined>();
    kit.ollama.runners.holdLoads(loaded.promise);
    kit.ollama.chat.answers({ text: 'At last.', hold: read.promise });
    const arrived = kit.ollama.nextRequest('/api/chat');
    const seen: ChatEvent[] = [];
    const replied = collect(kit.room.chat.chat(ask('Hello'), never), seen);
    await arrived;
    const polled = async (): Promise<void> => {
      const poll = kit.ollama.nextRequest('/api/ps');
      await kit.clock.advance(2000);
      await (await poll).finished;
    };
    await polled();
    await kit.clock.advance(600_000);
    await eventually(() => seen.some((event) => event.type === 'waiting' && event.phase === 'loading' && event.seconds > 590));
    loaded.resolve(undefined);
    await eventually(async () => {
      await polled();
      return seen.some((event) => event.type === 'waiting' && event.phase === 'reading');
    });
    read.resolve(undefined);
    await replied;
    assert.equal(textOf(seen), 'At last.');
  });
});
