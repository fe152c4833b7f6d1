import assert from 'node:assert/strict';
import type { PullProgress } from '../../src/models/port.ts';
import { chatModel, cloudModel, embeddingModel, thinkingModel } from '../support/ollama/scripted-model.ts';
import { ask, collect, failure, never, startKit } from './ollama-kit.ts';

describe('the models there are', () => {
  it('are listed with size, context and abilities, chat models first', async () => {
    await using kit = await startKit({
      models: [embeddingModel('embeddinggemma'), thinkingModel('qwen3.5:9b'), chatModel('gemma4:e4b', { capabilities: ['completion', 'vision'] })],
    });
    const models = await kit.room.catalog.list(never);
    assert.deepEqual(
      models.map(({ name, abilities, contextLength, parameterSize, loaded }) => ({ name, abilities, contextLength, parameterSize, loaded })),
      [
        { name: 'gemma4:e4b', abilities: ['chat', 'pictures'], contextLength: 131_072, parameterSize: '4.3B', loaded: false },
        { name: 'qwen3.5:9b', abilities: ['chat', 'tools', 'thinking'], contextLength: 131_072, parameterSize: '4.3B', loaded: false },
        { name: 'embeddinggemma:latest', abilities: ['embedding'], contextLength: 2048, parameterSize: '307.58M', loaded: false },
      ],
    );
  });

  it('leave out what runs elsewhere, by name or by host', async () => {
    await using kit = await startKit({
      models: [chatModel('here'), cloudModel('big:cloud'), cloudModel('big:671b-cloud', {}), cloudModel('alias'), cloudModel('renamed', { remoteHost: 'https://example.com' })],
    });
    assert.deepEqual((await kit.room.catalog.list(never)).map(({ name }) => name), ['here:latest']);
  });

  it('show which one is in memory, and with what window', async () => {
    await using kit = await startKit({}, { contextSize: 2048 });
    await collect(kit.room.chat.chat(ask('Hello'), never));
    const loaded = (await kit.room.catalog.list(never)).filter((model) => model.loaded);
    assert.deepEqual(loaded.map(({ name, loadedContext }) => ({ name, loadedContext })), [{ name: 'hearth-chat:latest', loadedContext: 2048 }]);
  });

  it('are still listed when one of them cannot be looked into', async () => {
    await using kit = await startKit();
    kit.ollama.replace('/api/show', { status: 500, body: '{"error":"open blob: no such file"}' }, 1);
    assert.equal((await kit.room.catalog.list(never)).length, 2);
  });

  it('are looked into once each', async () => {
    await using kit = await startKit();
    await kit.room.catalog.list(never);
    await kit.room.catalog.list(never);
    assert.equal(kit.ollama.requests('/api/show').length, 2);
  });

  it('can be asked for in vain: the error says why', async () => {
    await using kit = await startKit();
    await kit.ollama.stop();
    await failure(kit.room.catalog.list(never), 'model-not-running');
    await failure(kit.room.catalog.list(AbortSignal.abort()), 'cancelled');
  });
});

describe('the server', () => {
  for (const [version, outdated] of Object.entries({ '0.33.0': false, '0.31.2': false, '0.31.1': true, '0.20.0': true, '0.0.0': false, '1.0.0-rc1': false, 'dev': false })) {
    it(`of version ${version} is ${outdated ? 'outdated' : 'recent enough'}`, async () => {
      await using kit = await startKit({ version });
      assert.deepEqual(await kit.room.catalog.probe(never), { reachable: true, version, outdated });
    });
  }
});

describe('pulling a model', () => {
  const fresh = chatModel('fresh:4b', { bytes: 1000 });

  async function read(progress: AsyncIterable<PullProgress>, seen: PullProgress[] = []): Promise<PullProgress[]> {
    for await (const step of progress) seen.push(step);
    return seen;
  }

  it('tells what has come of all layers, and has the model in the end', async () => {
    await using kit = await startKit();
    kit.ollama.pulls.offers({ model: fresh, layers: [1000, 200], stepBytes: 500 });
    const steps = await read(kit.room.catalog.pull('fresh:4b', never));
    assert.deepEqual(steps[0], { status: 'pulling manifest', completedBytes: null, totalBytes: null });
    assert.deepEqual(
      steps.filter(({ status }) => status.startsWith('pulling ') && status !== 'pulling manifest').map(({ completedBytes, totalBytes }) => [completedBytes, totalBytes]),
      [[0, 1000], [500, 1000], [1000, 1000], [1000, 1200], [1200, 1200]],
    );
    assert.equal(steps.at(-1)?.status, 'success');
    assert.ok((await kit.room.catalog.list(never)).some(({ name }) => name === 'fresh:4b'));
  });

  it('can be cancelled at the server, and goes on later from where it was', async () => {
    await using kit = await startKit();
    const rest = Promise.withResolvers<undefined>();
    kit.ollama.pulls.offers({ model: fresh, layers: [1000], stepBytes: 100, holdAt: { bytes: 500, until: rest.promise } });
    const stop = new AbortController();
    const arrived = kit.ollama.nextRequest('/api/pull');
    const seen: PullProgress[] = [];
    const pulling = failure(read(kit.room.catalog.pull('fresh:4b', stop.signal), seen), 'cancelled');
    const request = await arrived;
    await request.sentLines(7);
    stop.abort();
    await pulling;
    await request.finished;
    assert.equal(request.aborted, true);
    rest.resolve(undefined);
    const again = await read(kit.room.catalog.pull('fresh:4b', never));
    assert.equal(again[1]?.completedBytes, 500);
    assert.equal(again.at(-1)?.status, 'success');
  });

  it('ends at the server when nobody follows it any more', async () => {
    await using kit = await startKit();
    kit.ollama.pulls.offers({ model: fresh, layers: [1000], holdAt: { bytes: 500, until: new Promise(() => undefined) } });
    const arrived = kit.ollama.nextRequest('/api/pull');
    for await (const step of kit.room.catalog.pull('fresh:4b', never)) if (step.completedBytes !== null) break;
    const request = await arrived;
    await request.finished;
    assert.equal(request.aborted, true);
  });

  it('fails with the server\'s words: no such model, or a full disk', async () => {
    await using kit = await startKit();
    const unknown = await failure(read(kit.room.catalog.pull('nosuch', never)), 'model-missing');
    assert.equal(unknown.parameters['detail'], 'pull model manifest: file does not exist');
    const words = 'write /models/blobs/sha256-1-partial-0: no space left on device';
    kit.ollama.pulls.offers({ model: fresh, layers: [1000], failAt: { bytes: 500, error: words } });
    const full = await failure(read(kit.room.catalog.pull('fresh:4b', never)), 'model-server-error');
    assert.equal(full.parameters['detail'], words);
  });

  it('is refused for a model that runs elsewhere', async () => {
    await using kit = await startKit();
    await failure(read(kit.room.catalog.pull('big:cloud', never)), 'model-unsupported');
    assert.equal(kit.ollama.requests().length, 0);
  });
});

describe('the model to chat with', () => {
  it('is the one of the settings, without asking', async () => {
    await using kit = await startKit({}, { chatModel: 'mine:7b' });
    assert.equal(await kit.room.choice.chatModel(never), 'mine:7b');
    assert.equal(kit.ollama.requests().length, 0);
  });

  it('is the best of what is installed when none is set', async () => {
    await using kit = await startKit({ models: [chatModel('unknown:70b'), chatModel('llama3.2:3b'), chatModel('gemma4:e4b-it-qat'), embeddingModel('embeddinggemma')] });
    assert.equal(await kit.room.choice.chatModel(never), 'gemma4:e4b-it-qat');
  });

  it('is none when none is installed, and an error when the server cannot be asked', async () => {
    await using kit = await startKit({ models: [embeddingModel('embeddinggemma')] });
    assert.equal(await kit.room.choice.chatModel(never), null);
    await using away = await startKit();
    await away.ollama.stop();
    await failure(away.room.choice.chatModel(never), 'model-not-running');
  });

  it('is found again as soon as one was pulled', async () => {
    await using kit = await startKit({ models: [] });
    assert.equal(await kit.room.choice.chatModel(never), null);
    kit.ollama.pulls.offers({ model: chatModel('fresh:4b', { bytes: 100 }) });
    for await (const step of kit.room.catalog.pull('fresh:4b', never)) assert.ok(step.status !== '');
    assert.equal(await kit.room.choice.chatModel(never), 'fresh:4b');
  });

  it('follows a change of the endpoint at once', async () => {
    await using kit = await startKit({ models: [chatModel('here:1b')] });
    await using other = await startKit({ models: [chatModel('there:1b')] });
    assert.equal(await kit.room.choice.chatModel(never), 'here:1b');
    kit.settings = { ...kit.settings, endpoint: other.ollama.url };
    assert.equal(await kit.room.choice.chatModel(never), 'there:1b');
  });
});
