import assert from 'node:assert/strict';
import { prefixesOf } from '../../src/models/embedding-prefixes.ts';
import { familyName, isCloudName, isSameModel } from '../../src/models/model-name.ts';
import type { ModelInfo } from '../../src/models/port.ts';
import { bestChatModel, bestEmbeddingModel, recommendedModels } from '../../src/models/recommended-models.ts';

const gigabyte = 1e9;

function installed(name: string, more: Partial<ModelInfo> = {}): ModelInfo {
  return {
    name,
    digest: name,
    bytes: gigabyte,
    contextLength: 8192,
    parameterSize: null,
    abilities: ['chat'],
    loaded: false,
    loadedContext: null,
    ...more,
  };
}

describe('names of models', () => {
  it('are the same with and without the default tag, in any case', () => {
    assert.ok(isSameModel('Gemma4', 'gemma4:latest'));
    assert.ok(!isSameModel('gemma4:e2b', 'gemma4:e4b'));
    assert.ok(isSameModel('localhost:5000/me/tea', 'localhost:5000/me/tea:latest'));
  });

  it('have a family without host, namespace and tag', () => {
    assert.equal(familyName('hf.co/me/qwen3-embedding:0.6b'), 'qwen3-embedding');
  });

  it('of models that run elsewhere end in cloud', () => {
    for (const name of ['kimi-k2:cloud', 'gpt-oss:120b-cloud', 'GPT-OSS:120B-Cloud ']) assert.ok(isCloudName(name), name);
    for (const name of ['cloudy:7b', 'cloud-model:latest', 'nimbus']) assert.ok(!isCloudName(name), name);
  });
});

describe('the prefixes of an embedding', () => {
  it('are those of the family, the longest name first', () => {
    assert.equal(prefixesOf('snowflake-arctic-embed2:568m').query, 'query: ');
    assert.match(prefixesOf('snowflake-arctic-embed:33m').query, /^Represent/);
    assert.deepEqual(prefixesOf('all-minilm'), { query: '', document: '' });
  });
});

describe('recommended models', () => {
  for (const [memory, chat] of [[4, 'gemma4:e2b-it-qat'], [8, 'gemma4:e2b-it-qat'], [16, 'gemma4:e4b-it-qat'], [24, 'qwen3.5:9b'], [64, 'gemma4:26b']] as const) {
    it(`fit beside other work on a machine with ${String(memory)} GB`, () => {
      assert.equal(recommendedModels(memory * gigabyte).chat.name, chat);
    });
  }
});

describe('the best of what is installed', () => {
  it('is a recommended one, then one of a known family, then any', () => {
    const any = installed('zzz:70b');
    const family = installed('gemma3:4b');
    const recommended = installed('gemma4:e4b-it-qat');
    assert.equal(bestChatModel([any, family, recommended])?.name, 'gemma4:e4b-it-qat');
    assert.equal(bestChatModel([any, family])?.name, 'gemma3:4b');
    assert.equal(bestChatModel([any])?.name, 'zzz:70b');
  });

  it('prefers one that is in memory among equals, and never one that cannot', () => {
    assert.equal(bestChatModel([installed('aaa:1b'), installed('bbb:1b', { loaded: true })])?.name, 'bbb:1b');
    assert.equal(bestChatModel([installed('embeddinggemma', { abilities: ['embedding'] })]), null);
    assert.equal(bestEmbeddingModel([installed('gemma4'), installed('all-minilm', { abilities: ['embedding'] })])?.name, 'all-minilm');
  });

  it('does not change the order of the list it was given', () => {
    const models = [installed('zzz:1b'), installed('gemma3:4b')];
    bestChatModel(models);
    assert.deepEqual(models.map(({ name }) => name), ['zzz:1b', 'gemma3:4b']);
  });
});
