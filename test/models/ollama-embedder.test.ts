import assert from 'node:assert/strict';
import { embedBody, type EmbedBody } from '../support/ollama/request-bodies.ts';
import { chatModel, digestOf, embeddingModel } from '../support/ollama/scripted-model.ts';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { failure, never, startKit } from './ollama-kit.ts';

function embedBodies(ollama: ScriptedOllama): readonly EmbedBody[] {
  return ollama.requests('/api/embed').map(({ body }) => embedBody.parse(body));
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  assert.ok(a !== undefined && b !== undefined);
  return a.reduce((sum, component, index) => sum + component * (b[index] ?? NaN), 0);
}

describe('the embedding model', () => {
  it('is known by the digest of its weights', async () => {
    await using kit = await startKit({ models: [chatModel('hearth-chat'), embeddingModel('embeddinggemma')] });
    assert.equal(await kit.room.embedder.model(), digestOf('embeddinggemma'));
  });

  it('is the one of the settings, else the best that is installed', async () => {
    await using kit = await startKit({ models: [embeddingModel('all-minilm'), embeddingModel('embeddinggemma')] });
    assert.equal(await kit.room.embedder.model(), digestOf('embeddinggemma'));
    kit.settings = { ...kit.settings, embeddingModel: 'ALL-MINILM' };
    assert.equal(await kit.room.embedder.model(), digestOf('all-minilm'));
  });

  it('is null where there is none, where the chosen one is gone, and where nothing answers', async () => {
    await using kit = await startKit({ models: [chatModel('hearth-chat')] });
    assert.equal(await kit.room.embedder.model(), null);
    await using other = await startKit({}, { embeddingModel: 'absent' });
    assert.equal(await other.room.embedder.model(), null);
    await using away = await startKit();
    await away.ollama.stop();
    assert.equal(await away.room.embedder.model(), null);
  });

  it('is asked for once in half a minute, not with every turn', async () => {
    await using kit = await startKit();
    await kit.room.embedder.model();
    await kit.clock.advance(29_000);
    await kit.room.embedder.model();
    assert.equal(kit.ollama.requests('/api/tags').length, 1);
    await kit.clock.advance(1000);
    await kit.room.embedder.model();
    assert.equal(kit.ollama.requests('/api/tags').length, 2);
  });
});

describe('vectors', () => {
  it('are of length one, one per text in order, near for near texts', async () => {
    await using kit = await startKit();
    const texts = ['I drink green tea in the morning', 'The wall fell down', 'Green tea is what I drink in the morning'];
    const [tea, wall, again] = await kit.room.embedder.embed(texts, 'document', never);
    for (const vector of [tea, wall, again]) assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-6);
    assert.ok(cosine(tea, again) > 0.5 && cosine(tea, wall) < 0.3);
  });

  it('are normalised here where the server did not', async () => {
    await using kit = await startKit();
    kit.ollama.embeddings.next({ embeddings: [[3, 4]] });
    const [vector] = await kit.room.embedder.embed(['a'], 'document', never);
    assert.deepEqual([...(vector ?? [])].map((component) => Number(component.toFixed(6))), [0.6, 0.8]);
  });

  it('are made by what is installed now, once the old model turned out to be gone or replaced', async () => {
    await using kit = await startKit({ models: [embeddingModel('embeddinggemma')] });
    await kit.room.embedder.embed(['a'], 'document', never);
    kit.ollama.models.splice(0, 1, embeddingModel('all-minilm'));
    await failure(kit.room.embedder.embed(['a'], 'document', never), 'model-missing');
    assert.equal(await kit.room.embedder.model(), digestOf('all-minilm'));
    await kit.room.embedder.embed(['a'], 'document', never);
    kit.ollama.models.splice(0, 1, embeddingModel('all-minilm', { digest: digestOf('another'), dimensions: 64 }));
    await failure(kit.room.embedder.embed(['a'], 'document', never), 'model-bad-output');
    assert.equal(await kit.room.embedder.model(), digestOf('another'));
    assert.equal((await kit.room.embedder.embed(['a'], 'document', never))[0]?.length, 64);
  });

  it('of many texts are made in requests of 16, so that an interruption costs little', async () => {
    await using kit = await startKit();
    const texts = Array.from({ length: 40 }, (_, index) => `turn ${String(index)}`);
    assert.equal((await kit.room.embedder.embed(texts, 'document', never)).length, 40);
    assert.deepEqual(embedBodies(kit.ollama).map(({ input }) => input.length), [16, 16, 8]);
    assert.deepEqual(await kit.room.embedder.embed([], 'document', never), []);
  });

  it('of questions and of documents are asked for as the model wants it', async () => {
    await using kit = await startKit({ models: [embeddingModel('embeddinggemma:300m')] });
    await kit.room.embedder.embed(['tea?'], 'query', never);
    await kit.room.embedder.embed(['I like tea.'], 'document', never);
    assert.deepEqual(embedBodies(kit.ollama).map(({ input }) => input), [['task: search result | query: tea?'], ['title: none | text: I like tea.']]);
  });

  it('of a text that is too long are made of its beginning', async () => {
    await using kit = await startKit();
    await kit.room.embedder.embed([`${'x'.repeat(6450)}👋${'x'.repeat(9000)}`], 'document', never);
    const [body] = embedBodies(kit.ollama);
    assert.ok(Array.isArray(body?.input) && (body.input[0]?.length ?? 0) <= 6452);
    assert.equal(body.options.num_ctx, 2048);
  });

  it('that make no sense are refused: too few, of another size, without a length', async () => {
    await using kit = await startKit();
    await kit.room.embedder.embed(['first'], 'document', never);
    kit.ollama.embeddings.next({ embeddings: [] });
    await failure(kit.room.embedder.embed(['a'], 'document', never), 'model-bad-output');
    kit.ollama.embeddings.next({ dimensions: 64 });
    await failure(kit.room.embedder.embed(['a'], 'document', never), 'model-bad-output');
    kit.ollama.embeddings.next({ embeddings: [Array.from({ length: 512 }, () => 0)] });
    await failure(kit.room.embedder.embed(['a'], 'document', never), 'model-bad-output');
  });

  it('are not made by a model that cannot', async () => {
    await using kit = await startKit({ models: [embeddingModel('broken', { dimensions: 0 })] });
    await failure(kit.room.embedder.embed(['a'], 'document', never), 'model-unsupported');
  });

  it('without a model say that there is none', async () => {
    await using kit = await startKit({ models: [] });
    await failure(kit.room.embedder.embed(['a'], 'query', never), 'model-none-chosen');
  });

  it('are cancelled at the server with the caller', async () => {
    await using kit = await startKit();
    kit.ollama.embeddings.next({ hold: new Promise(() => undefined) });
    const arrived = kit.ollama.nextRequest('/api/embed');
    const stop = new AbortController();
    const embedding = failure(kit.room.embedder.embed(['a'], 'query', stop.signal), 'cancelled');
    const request = await arrived;
    stop.abort();
    await embedding;
    await request.finished;
    assert.equal(request.aborted, true);
  });
});
