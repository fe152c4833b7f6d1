import assert from 'node:assert/strict';
import fc from 'fast-check';

import { labelsThatFit } from '../../src/webview/memory/graph-labels.ts';

describe('the labels of a graph', () => {
  it('are drawn where they cover none that goes before', () => {
    const labels = [{ text: 'harbour', x: 0, y: 0 }, { text: 'keel', x: 10, y: 4 }, { text: 'tide', x: 0, y: 30 }, { text: 'buoys', x: 200, y: 0 }];
    assert.deepEqual([...labelsThatFit(labels)], [0, 2, 3]);
  });

  it('take more room in scripts with wide letters', () => {
    const beside = (text: string): ReadonlySet<number> => labelsThatFit([{ text, x: 0, y: 0 }, { text, x: 40, y: 0 }]);
    assert.equal(beside('keel').size, 2);
    assert.equal(beside('龙骨船').size, 1);
  });

  it('include the first, and every one that stands apart', () => {
    const label = fc.record({ text: fc.string({ minLength: 1, maxLength: 12 }), x: fc.integer({ min: 0, max: 600 }), y: fc.integer({ min: 0, max: 400 }) });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1 }), (labels) => {
        const drawn = labelsThatFit(labels);
        assert.ok(drawn.has(0));
        labels.forEach(({ y }, i) => {
          const isApart = labels.every((other, k) => k === i || Math.abs(other.y - y) > 20);
          if (isApart) assert.ok(drawn.has(i));
        });
      }),
    );
  });
});
