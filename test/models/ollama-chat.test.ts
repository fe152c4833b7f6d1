import assert from 'node:assert/strict';
import type { Framing } from '../support/ollama/exchange.ts';
import { chatModel, cloudModel, thinkingModel } from '../support/ollama/scripted-model.ts';
import { settled } from '../support/seeded-ports.ts';
import { ask, chatBodies, collect, eventually, failure, never, startKit, textOf } from './ollama-kit.ts';

describe('a reply', () => {
  it('streams as it is said and ends once, with what the server counted', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers({ text: 'Good evening to you.', promptTokens: 40 });
    const events = await collect(kit.room.chat.chat(ask('Hello'), never));
    assert.deepEqual(events.slice(0, -1), [
      { type: 'text', text: 'Good' },
      { type: 'text', text: ' evening' },
      { type: 'text', text: ' to' },
      { type: 'text', text: ' you.' },
    ]);
    const end = events.at(-1);
    assert.ok(end?.type === 'end');
    assert.equal(end.reason, 'stop');
    assert.equal(end.statistics.promptTokens, 40);
    assert.equal(end.statistics.replyTokens, 4);
    assert.equal(end.statistics.loadMs, 1);
  });

  it('asks with the whole window set, no silent cutting, no thinking, and a bound to its length', async () => {
    await using kit = await startKit({}, { contextSize: 8192, replyLength: 700, keepAlive: '30m' });
    kit.ollama.chat.answers('Yes.');
    await collect(kit.room.chat.chat(ask('Hello', { temperature: 0.2 }), never));
    assert.deepEqual(kit.ollama.requests('/api/chat')[0]?.body, {
      model: 'hearth-chat',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      think: false,
      keep_alive: '30m',
      truncate: false,
      options: { num_ctx: 8192, num_predict: 700, temperature: 0.2 },
    });
  });

  it('never asks for more context than the model was trained with', async () => {
    await using kit = await startKit({ models: [chatModel('hearth-chat', { contextLength: 2048 })] }, { contextSize: 8192 });
    await collect(kit.room.chat.chat(ask('Hello'), never));
    assert.equal(chatBodies(kit.ollama)[0]?.options.num_ctx, 2048);
  });

  it('sends a keep-alive time without a unit as a number, and none when it is empty', async () => {
    await using kit = await startKit({}, { keepAlive: '-1' });
    await collect(kit.room.chat.chat(ask('one'), never));
    kit.settings = { ...kit.settings, keepAlive: '' };
    await collect(kit.room.chat.chat(ask('two'), never));
    assert.deepEqual(chatBodies(kit.ollama).map((body) => body.keep_alive), [-1, undefined]);
  });

  for (const framing of ['line-per-write', 'one-write', 'byte-per-write', 'no-last-newline'] satisfies Framing[]) {
    it(`is whole however the bytes arrive: ${framing}`, async () => {
      await using kit = await startKit({ framing });
      kit.ollama.chat.answers('Grüße & <b>Tee</b> um 7 – 好的 👋');
      const events = await collect(kit.room.chat.chat(ask('Hello'), never));
      assert.equal(textOf(events), 'Grüße & <b>Tee</b> um 7 – 好的 👋');
      assert.equal(events.at(-1)?.type, 'end');
    });
  }

  it('says that its length ran out', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers('one two three four five');
    const events = await collect(kit.room.chat.chat(ask('Count', { maxReplyTokens: 3 }), never));
    assert.equal(textOf(events), 'one two three');
    const end = events.at(-1);
    assert.ok(end?.type === 'end' && end.reason === 'length');
  });
});

describe('thinking', () => {
  it('comes apart from the reply, where the model can and it was asked for', async () => {
    await using kit = await startKit({ models: [thinkingModel('hearth-chat')] });
    kit.ollama.chat.answers({ thinking: 'They greet me.', text: 'Hello.' });
    const events = await collect(kit.room.chat.chat(ask('Hello', { think: true }), never));
    const thought = events.map((event) => (event.type === 'thinking' ? event.text : '')).join('');
    assert.equal(thought, 'They greet me.');
    assert.equal(textOf(events), 'Hello.');
  });

  it('is not asked of a model that cannot, which would be refused', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers('Hello.');
    const events = await collect(kit.room.chat.chat(ask('Hello', { think: true }), never));
    assert.equal(textOf(events), 'Hello.');
  });

  it('is off unless it was asked for: a thinking model would think by itself', async () => {
    await using kit = await startKit({ models: [thinkingModel('hearth-chat')] });
    kit.ollama.chat.answers({ thinking: 'They greet me.', text: 'Hello.' });
    const events = await collect(kit.room.chat.chat(ask('Hello'), never));
    assert.ok(events.every(({ type }) => type !== 'thinking'));
  });
});

describe('what leaves the machine', () => {
  for (const remote of [cloudModel('big:cloud'), cloudModel('big:671b-cloud'), cloudModel('alias', { remoteHost: 'https://example.com' })]) {
    it(`says nothing to ${remote.name}, which runs elsewhere`, async () => {
      await using kit = await startKit({ models: [remote] });
      await failure(collect(kit.room.chat.chat(ask('my secret', { model: remote.name }), never)), 'model-unsupported');
      assert.equal(kit.ollama.requests('/api/chat').length, 0);
      assert.ok(kit.ollama.requests().every(({ body }) => !JSON.stringify(body ?? '').includes('my secret')));
    });
  }

  it('says nothing to a model that took the name of one which ran here', async () => {
    await using kit = await startKit();
    await collect(kit.room.chat.chat(ask('Hello'), never));
    kit.ollama.models.splice(0, 1);
    await failure(collect(kit.room.chat.chat(ask('Hello'), never)), 'model-missing');
    kit.ollama.models.push(cloudModel('hearth-chat'));
    await failure(collect(kit.room.chat.chat(ask('my secret'), never)), 'model-unsupported');
    assert.equal(kit.ollama.requests('/api/chat').length, 2);
  });

  it('keeps what was said out of the log, also when it fails', async () => {
    await using kit = await startKit();
    kit.ollama.chat.answers('my secret reply', { text: 'my secret reply', ending: 'no-done' });
    await collect(kit.room.chat.chat(ask('my secret'), never));
    await failure(collect(kit.room.chat.chat(ask('my secret'), never)), 'model-stream-cut');
    assert.ok(!kit.log.lines.join('\n').includes('my secret'));
  });
});

describe('tokens', () => {
  it('are estimated from what the server counted for this model', async () => {
    await using kit = await startKit();
    const before = kit.room.tokens.charactersPerToken('hearth-chat');
    kit.ollama.chat.answers({ text: 'ok', promptTokens: 100 });
    await collect(kit.room.chat.chat(ask('x'.repeat(200)), never));
    assert.notEqual(before, 2);
    assert.equal(kit.room.tokens.charactersPerToken('hearth-chat'), 2);
    assert.equal(kit.room.tokens.estimate('hearth-chat', 'x'.repeat(201)), 101);
  });

  it('that were clearly not all read are told, and not learned from', async () => {
    await using kit = await startKit({}, { contextSize: 1024 });
    kit.ollama.chat.answers({ text: 'ok', promptTokens: 1000 }, { text: 'ok', promptTokens: 300 });
    await collect(kit.room.chat.chat(ask('x'.repeat(4000)), never));
    const ratio = kit.room.tokens.charactersPerToken('hearth-chat');
    const events = await collect(kit.room.chat.chat(ask('x'.repeat(4000)), never));
    const end = events.at(-1);
    assert.ok(end?.type === 'end' && end.promptCut === true);
    assert.equal(kit.room.tokens.charactersPerToken('hearth-chat'), ratio);
  });
});

describe('the context window', () => {
  it('is read back from the server after the first reply', async () => {
    await using kit = await startKit({}, { contextSize: 8192 });
    kit.ollama.replace('/api/ps', {
      status: 200,
      body: JSON.stringify({ models: [{ name: 'hearth-chat:latest', context_length: 4096 }] }),
    });
    assert.equal(await kit.room.choice.contextTokens('hearth-chat', never), 8192);
    await collect(kit.room.chat.chat(ask('Hello'), never));
    await eventually(async () => (await kit.room.choice.contextTokens('hearth-chat', never)) === 4096);
  });

  it('is read back once, not after every reply', async () => {
    await using kit = await startKit();
    const asked = kit.ollama.nextRequest('/api/ps');
    await collect(kit.room.chat.chat(ask('one'), never));
    await (await asked).finished;
    await settled();
    for (const question of ['two', 'three']) await collect(kit.room.chat.chat(ask(question), never));
    await settled();
    assert.equal(kit.ollama.requests('/api/ps').length, 1);
  });

  it('is as set while the server cannot be asked', async () => {
    await using kit = await startKit({}, { contextSize: 8192 });
    await kit.ollama.stop();
    assert.equal(await kit.room.choice.contextTokens('hearth-chat', never), 8192);
  });
});
