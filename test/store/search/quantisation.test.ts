import assert from 'node:assert/strict';
import fc from 'fast-check';

import { quantise, quantiseQuery } from '../../../src/store/search/quantisation.ts';

const vectors = fc.array(fc.float({ noNaN: true, min: -4, max: 4 }), { minLength: 1, maxLength: 64 }).map((list) => Float32Array.from(list));

describe('quantise', () => {
  it('is within half a step of the normalised vector', () => {
    fc.assert(
      fc.property(vectors, (vector) => {
        const norm = Math.sqrt(vector.reduce((sum, component) => sum + component * component, 0));
        const { values, scale } = quantise(vector);
        for (const [i, component] of vector.entries()) {
          const exact = norm === 0 ? 0 : component / norm;
          assert.ok(Math.abs((values[i] ?? 0) * scale - exact) <= scale * 0.51 + 1e-6);
        }
      }),
    );
  });

  it('does not depend on the length of the vector', () => {
    const vector = Float32Array.of(0.25, -0.5, 1);
    assert.deepEqual(quantise(vector.map((component) => component * 8)), quantise(vector));
  });

  it('keeps the zero vector zero', () => {
    assert.deepEqual(quantise(new Float32Array(3)), { values: new Int8Array(3), scale: 0 });
  });

  it('refuses what is no number', () => {
    assert.throws(() => quantise(Float32Array.of(1, NaN)), /invalid-input/u);
    assert.throws(() => quantise(Float32Array.of(Infinity)), /invalid-input/u);
  });
});

describe('quantiseQuery', () => {
  it('leaves room for the product with the largest row', () => {
    for (const dimension of [1, 384, 768, 1024, 4096]) {
      const stride = Math.ceil(dimension / 32) * 32;
      const { values } = quantiseQuery(new Float32Array(dimension).fill(1), stride);
      const largest = values.reduce((sum, value) => sum + Math.abs(value) * 128, 0);
      assert.ok(largest <= 2 ** 31 - 1, `${dimension}: ${largest}`);
      assert.equal(values.length, stride);
    }
  });
});
