import assert from 'node:assert/strict';
import fc from 'fast-check';

import { nearPairs } from '../../../src/store/sql/near-pairs.ts';
import { overlap } from '../../../src/store/sql/sameness.ts';

const sets = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 14 }).map(String), { maxLength: 10 }).map((list) => new Set(list)), { maxLength: 14 });

describe('pairs that share most words', () => {
  it('are all found, as if each were compared with each', () => {
    fc.assert(
      fc.property(sets, fc.constantFrom(0.3, 0.5, 0.6, 0.75, 0.8, 1), (wordSets, least) => {
        const items = wordSets.map((words, index) => ({ index, words }));
        const found = nearPairs(items, least).map(({ first, second }) => `${String(first.index)}-${String(second.index)}`);
        const expected = items.flatMap((a) => items.filter((b) => a.index < b.index && overlap(a.words, b.words) >= least).map((b) => `${String(a.index)}-${String(b.index)}`));
        assert.deepEqual(found.toSorted(), expected.toSorted());
      }),
      { numRuns: 400 },
    );
  });

  it('come with the closest first', () => {
    fc.assert(
      fc.property(sets, (wordSets) => {
        const shares = nearPairs(wordSets.map((words) => ({ words })), 0.2).map(({ share }) => share);
        assert.deepEqual(shares, shares.toSorted((a, b) => b - a));
      }),
    );
  });
});
