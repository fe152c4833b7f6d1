import assert from 'node:assert/strict';
import * as z from 'zod';
import { createOllama, type OllamaRoom } from '../../src/models/create-ollama.ts';
import type { ModelSettings } from '../../src/models/model-settings.ts';
import { askForShape } from '../../src/models/structured-output.ts';
import { silentLog } from '../../src/shared/ports.ts';
import { ask, collect, failure, never, settingsFor } from './ollama-kit.ts';

/** A server that speaks the protocol, and what it has to offer. */
export interface ContractHost {
  readonly endpoint: string;
  readonly chatModel: string;
  readonly embeddingModel: string;
}

const clock = { now: () => Date.now() };
const timers = {
  after: (milliseconds: number, run: () => void) => {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};

function roomAt(host: ContractHost, changes: Partial<ModelSettings> = {}): OllamaRoom {
  const settings = settingsFor(host.endpoint, { chatModel: host.chatModel, embeddingModel: host.embeddingModel, contextSize: 1024, replyLength: 64, ...changes });
  return createOllama({ settings: () => settings, clock, timers, log: silentLog });
}

/**
 * What Hearthlink relies on, whoever answers: the scripted server, a real engine, or a host that was named. Nothing here
 * depends on what a model says.
 */
export function describeWireContract(name: string, host: () => ContractHost): void {
  describe(`the protocol, spoken by ${name}`, () => {
    it('tells its version and its models, with what they can do', async () => {
      const { catalog } = roomAt(host());
      assert.ok((await catalog.probe(never)).reachable);
      const models = await catalog.list(never);
      const able = (wanted: string): readonly string[] => models.find((model) => model.name.split(':')[0] === wanted.split(':')[0])?.abilities ?? [];
      assert.ok(able(host().chatModel).includes('chat'));
      assert.ok(able(host().embeddingModel).includes('embedding'));
      assert.ok(models.every(({ digest, bytes }) => digest !== '' && bytes > 0));
    });

    it('streams a reply in pieces and ends it once, with counts', async () => {
      const { chat } = roomAt(host());
      const events = await collect(chat.chat(ask('Tell me about your day, at some length.', { model: host().chatModel }), never));
      const pieces = events.filter(({ type }) => type === 'text');
      assert.ok(pieces.length > 1, `${String(pieces.length)} pieces`);
      assert.equal(events.filter(({ type }) => type === 'end').length, 1);
      const end = events.at(-1);
      assert.ok(end?.type === 'end');
      assert.ok((end.statistics.promptTokens ?? 0) > 0 && (end.statistics.replyTokens ?? 0) > 1);
    });

    it('stops at the length that was asked for, and says so', async () => {
      const { chat } = roomAt(host());
      const events = await collect(chat.chat(ask('Count to one hundred, in words.', { model: host().chatModel, maxReplyTokens: 2 }), never));
      const end = events.at(-1);
      assert.ok(end?.type === 'end');
      assert.equal(end.reason, 'length');
      assert.ok((end.statistics.replyTokens ?? Infinity) <= 2);
    });

    it('answers in the shape that was asked for', async () => {
      const shape = z.object({ a_reason: z.string().max(80), b_mood: z.enum(['calm', 'glad', 'sad']), c_sure: z.boolean() });
      const content = 'In what mood is someone who had a quiet evening? Answer as JSON with the keys a_reason (a few words), b_mood (calm, glad or sad) and c_sure.';
      const value = await askForShape(
        roomAt(host()).chat,
        { model: host().chatModel, messages: [{ role: 'user', content }], shape, maxReplyTokens: 300 },
        never,
      );
      assert.ok(shape.safeParse(value).success);
    });

    it('ends a reply when it is stopped, and is free for the next one', async () => {
      const { chat } = roomAt(host());
      const stop = new AbortController();
      const request = ask('Tell me a very long story.', { model: host().chatModel, maxReplyTokens: 900 });
      const readOneWord = async (): Promise<void> => {
        for await (const event of chat.chat(request, stop.signal)) if (event.type === 'text') stop.abort();
      };
      await failure(readOneWord(), 'cancelled');
      const next = await collect(chat.chat(ask('Hello', { model: host().chatModel, maxReplyTokens: 4 }), never));
      assert.equal(next.at(-1)?.type, 'end');
    });

    it('refuses a prompt that is longer than the window, with both numbers', async () => {
      const { chat } = roomAt(host(), { contextSize: 512 });
      const long = 'The bread is in the oven and the soup is ready. '.repeat(200);
      const error = await failure(collect(chat.chat(ask(long, { model: host().chatModel }), never)), 'model-context-overflow');
      assert.ok(Number(error.parameters['promptTokens']) > 512);
      assert.equal(error.parameters['contextTokens'], 512);
    });

    it('gives the window that was asked for, and says so of what is in memory', async () => {
      const { chat, catalog } = roomAt(host());
      await collect(chat.chat(ask('Hello', { model: host().chatModel, maxReplyTokens: 2 }), never));
      const loaded = (await catalog.list(never)).filter((model) => model.loaded);
      assert.ok(loaded.some(({ loadedContext }) => loadedContext === 1024));
    });

    it('counts the tokens of a prompt, from which the estimate learns', async () => {
      const { chat, tokens } = roomAt(host());
      const before = tokens.charactersPerToken(host().chatModel);
      await collect(chat.chat(ask('The bread is in the oven. '.repeat(30), { model: host().chatModel, maxReplyTokens: 2 }), never));
      assert.notEqual(tokens.charactersPerToken(host().chatModel), before);
    });

    it('knows no model that is not installed', async () => {
      const { chat } = roomAt(host());
      const error = await failure(collect(chat.chat(ask('Hello', { model: 'no-such-model:1b' }), never)), 'model-missing');
      assert.match(String(error.parameters['detail']), /no-such-model:1b/);
    });

    it('does not chat with an embedding model', async () => {
      const { chat } = roomAt(host());
      await failure(collect(chat.chat(ask('Hello', { model: host().embeddingModel }), never)), 'model-unsupported');
    });

    it('makes vectors of length one, nearer for nearer texts, the same for a question asked again', async () => {
      const { embedder } = roomAt(host());
      assert.notEqual(await embedder.model(), null);
      const texts = ['You drink green tea in the morning.', 'In the morning you drink tea.', 'The red bicycle stands behind the house.'];
      const [tea, alike, bicycle] = await embedder.embed(texts, 'document', never);
      const [again] = await embedder.embed(texts.slice(0, 1), 'document', never);
      assert.ok(Math.abs(dot(tea, tea) - 1) < 1e-5);
      assert.ok(dot(tea, alike) > dot(tea, bicycle));
      assert.ok(dot(tea, again) > 0.999);
    });
  });
}

function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  assert.ok(a !== undefined && b !== undefined && a.length === b.length);
  return a.reduce((sum, component, index) => sum + component * (b[index] ?? 0), 0);
}
