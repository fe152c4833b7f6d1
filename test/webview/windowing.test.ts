import assert from 'node:assert/strict';
import fc from 'fast-check';
import { offsetOf, windowAt } from '../../src/webview/chat/windowing.ts';

describe('the window of a long list', () => {
  it('holds the rows around the viewport and counts the pixels of the others', () => {
    const heights = Array.from({ length: 100 }, () => 50);
    assert.deepEqual(windowAt(heights, 1000, 200, 100), { first: 18, end: 26, before: 900, after: 3700 });
  });

  it('begins at the first row, and ends at the last one for any top beyond the end', () => {
    const heights = Array.from({ length: 100 }, () => 50);
    assert.deepEqual(windowAt(heights, -500, 200, 0), { first: 0, end: 4, before: 0, after: 4800 });
    assert.deepEqual(windowAt(heights, Number.POSITIVE_INFINITY, 200, 0), { first: 96, end: 100, before: 4800, after: 0 });
  });

  it('is empty for an empty list, and has a row also where there is no room', () => {
    assert.deepEqual(windowAt([], 0, 200, 100), { first: 0, end: 0, before: 0, after: 0 });
    assert.deepEqual(windowAt([50, 50], 60, 0, 0), { first: 1, end: 2, before: 50, after: 0 });
  });

  it('covers the viewport and loses no pixel, for any heights', () => {
    const rows = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(rows, fc.nat(100_000), fc.integer({ min: 1, max: 1200 }), fc.nat(1200), (heights, top, viewport, margin) => {
        const { first, end, before, after } = windowAt(heights, top, viewport, margin);
        const total = offsetOf(heights, heights.length);
        assert.equal(before, offsetOf(heights, first));
        assert.equal(after, total - offsetOf(heights, end));
        const upper = Math.min(top, Math.max(0, total - viewport));
        assert.ok(before <= upper, 'the upper edge is drawn');
        assert.ok(total - after >= Math.min(total, upper + viewport), 'the lower edge is drawn');
      }),
    );
  });

  it('draws no more than viewport and margins need', () => {
    const heights = Array.from({ length: 10_000 }, (_, index) => 40 + ((index * 37) % 200));
    const { first, end } = windowAt(heights, 300_000, 700, 700);
    assert.ok(offsetOf(heights, end) - offsetOf(heights, first) < 3 * 700 + 2 * 240);
  });
});
