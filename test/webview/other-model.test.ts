import assert from 'node:assert/strict';
import { otherModel } from '../../src/webview/chat/other-model.ts';
import { models } from './chat/sample-content.ts';

describe('another model to offer', () => {
  it('is the largest smaller one that fits', () => {
    assert.equal(otherModel(models, 'qwen3:8b'), 'llama3.1:8b');
    assert.equal(otherModel(models, 'llama3.1:8b'), 'qwen3:4b');
  });

  it('is the smallest where none is smaller, or the failed one is not installed', () => {
    assert.equal(otherModel(models, 'qwen3:4b'), 'llama3.1:8b');
    assert.equal(otherModel(models, 'missing:7b'), 'qwen3:8b');
  });

  it('is none where there is no other that the machine can hold', () => {
    assert.equal(otherModel(models.filter(({ name }) => name === 'qwen3:8b' || name === 'gemma3:12b'), 'qwen3:8b'), null);
    assert.equal(otherModel([], null), null);
  });
});
