import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createTokenEstimator } from '../../src/models/token-estimator.ts';

describe('the token estimate', () => {
  it('begins cautiously, for each model by itself', () => {
    const tokens = createTokenEstimator();
    tokens.learn('a', 1000, 500);
    assert.equal(tokens.charactersPerToken('a'), 2);
    assert.equal(tokens.charactersPerToken('b'), 3.5);
    assert.equal(tokens.estimate('b', 'x'.repeat(36)), 11);
  });

  it('follows newer prompts more than older ones', () => {
    const tokens = createTokenEstimator();
    for (let i = 0; i < 50; i++) tokens.learn('m', 400, 100);
    for (let i = 0; i < 10; i++) tokens.learn('m', 200, 100);
    const ratio = tokens.charactersPerToken('m');
    assert.ok(ratio > 2 && ratio < 2.3, String(ratio));
  });

  it('does not learn from short prompts, or from counts of something else', () => {
    const tokens = createTokenEstimator();
    tokens.learn('m', 40, 20);
    tokens.learn('m', 10_000, 40);
    tokens.learn('m', 10, 4000);
    tokens.learn('m', 100, 0);
    assert.equal(tokens.charactersPerToken('m'), 3.5);
  });

  it('stays between what was learned, and never falls for a longer text', () => {
    const counted = fc.record({ tokens: fc.integer({ min: 32, max: 8000 }), ratio: fc.double({ min: 0.6, max: 7, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(counted, { minLength: 1, maxLength: 20 }), fc.string(), fc.string(), (prompts, a, b) => {
        const tokens = createTokenEstimator();
        for (const prompt of prompts) tokens.learn('m', prompt.tokens * prompt.ratio, prompt.tokens);
        const ratio = tokens.charactersPerToken('m');
        const ratios = prompts.map((prompt) => prompt.ratio);
        assert.ok(ratio >= Math.min(...ratios) - 1e-9 && ratio <= Math.max(...ratios) + 1e-9);
        assert.ok(tokens.estimate('m', a + b) >= tokens.estimate('m', a));
      }),
    );
  });
});
