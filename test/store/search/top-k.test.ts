import assert from 'node:assert/strict';
import fc from 'fast-check';

import { TopK } from '../../../src/store/search/top-k.ts';

describe('TopK', () => {
  it('keeps the best, of equal ones the lower number, whatever the order they came in', () => {
    const offers = fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), key: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(offers, fc.nat(12), (given, capacity) => {
        const numbered = given.map(({ score, key }, number) => ({ number, score, key }));
        const best = new TopK(capacity);
        for (const { number, score } of numbered.toSorted((a, b) => a.key - b.key)) best.offer(number, score);
        const sorted = numbered.toSorted((a, b) => b.score - a.score || a.number - b.number).slice(0, capacity);
        assert.deepEqual(
          best.take(),
          sorted.map(({ number, score }) => ({ number, score })),
        );
      }),
    );
  });

  it('says what a score must reach', () => {
    const best = new TopK(2);
    best.offer(0, 5);
    assert.equal(best.threshold, -Infinity);
    best.offer(1, 7);
    best.offer(2, 6);
    assert.equal(best.threshold, 6);
  });
});
