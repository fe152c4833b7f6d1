import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';

import { generateKernel } from '../../../scripts/build-kernel.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { quantise, quantiseQuery } from '../../../src/store/search/quantisation.ts';
import { VectorIndex } from '../../../src/store/search/vector-index.ts';
import { createVectorRows, maxProducts, roomForVectors, ScriptRows, SimdRows, strideOf } from '../../../src/store/search/vector-rows.ts';

const dimension = 40;
const vector = fc.array(fc.float({ noNaN: true, min: -1, max: 1 }), { minLength: dimension, maxLength: dimension }).map((list) => Float32Array.from(list));
const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');

type Step =
  | { readonly do: 'put'; readonly id: string; readonly vector: Float32Array }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'store'; readonly inPlace: boolean };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ id: ids, vector }).map((fields): Step => ({ do: 'put', ...fields })) },
    { weight: 2, arbitrary: ids.map((id): Step => ({ do: 'remove', id })) },
    { weight: 1, arbitrary: fc.boolean().map((inPlace): Step => ({ do: 'store', inPlace })) },
  ),
  { maxLength: 25 },
);

/** The cosine as the index should have it: whole numbers, multiplied and summed without rounding. */
function exactCosine(stored: Float32Array, query: Float32Array): number {
  const row = quantise(stored);
  const asked = quantiseQuery(query, strideOf(dimension));
  const product = row.values.reduce((sum, value, i) => sum + value * (asked.values[i] ?? 0), 0);
  return product * asked.scale * Math.fround(row.scale);
}

/** As when a file is read to where its rows are searched. */
function readIntoRoom(file: Uint8Array): Uint8Array {
  const room = roomForVectors(file.length);
  room.set(file);
  return room;
}

function rowsOf(Kind: typeof SimdRows | typeof ScriptRows, stride: number, values: Int8Array): SimdRows | ScriptRows {
  const rows = new Kind(stride);
  rows.reserve(values.length / stride);
  rows.values.set(values);
  return rows;
}

describe('VectorIndex', () => {
  it('finds the nearest by the exact product of its whole numbers, after any putting, removing, writing and reading', () => {
    fc.assert(
      fc.property(steps, vector, fc.nat(6), (given, query, limit) => {
        const known = new Map<string, Float32Array>();
        let index = new VectorIndex('model', dimension);
        for (const step of given) {
          if (step.do === 'put') {
            known.set(step.id, step.vector);
            index.put(step.id, quantise(step.vector));
          } else if (step.do === 'remove') {
            assert.equal(index.remove(step.id), known.delete(step.id));
          } else {
            index = VectorIndex.load(step.inPlace ? readIntoRoom(index.serialise('store')) : index.serialise('store'), 'store');
          }
        }
        assert.equal(index.size, known.size);
        for (const id of ['a', 'f']) assert.equal(index.has(id), known.has(id));
        const expected = [...known.values()].map((stored) => exactCosine(stored, query)).sort((a, b) => b - a);
        const found = index.search(query, limit);
        assert.equal(found.length, Math.min(limit, known.size));
        for (const [i, { id, cosine }] of found.entries()) {
          assert.ok(Math.abs(cosine - (expected[i] ?? NaN)) < 1e-6);
          assert.ok(Math.abs(cosine - exactCosine(known.get(id) ?? query, query)) < 1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is near the true cosine', () => {
    fc.assert(
      fc.property(vector, vector, (stored, query) => {
        const norm = (of: Float32Array): number => Math.sqrt(of.reduce((sum, component) => sum + component * component, 0));
        const lengths = norm(stored) * norm(query);
        fc.pre(lengths > 1e-3);
        const index = new VectorIndex('model', dimension);
        index.put('a', quantise(stored));
        const exact = stored.reduce((sum, component, i) => sum + component * (query[i] ?? 0), 0) / lengths;
        assert.ok(Math.abs((index.search(query, 1)[0]?.cosine ?? NaN) - exact) < 0.02);
      }),
    );
  });

  it('keeps its model and dimension, and takes no vector or query of another', () => {
    const index = new VectorIndex('nomic', 3);
    index.put('a', quantise(Float32Array.of(1, 0, 0)));
    const read = VectorIndex.load(index.serialise('store'), 'store');
    assert.deepEqual([read.model, read.dimension], ['nomic', 3]);
    assert.throws(() => {
      read.put('b', quantise(Float32Array.of(1, 0)));
    }, /invalid-input/u);
    assert.throws(() => read.search(Float32Array.of(1, 0), 1), /invalid-input/u);
  });

  it('leaves nothing of what was removed in its bytes', () => {
    const index = new VectorIndex('model', dimension);
    const gone = quantise(Float32Array.from({ length: dimension }, (_, i) => i - 13));
    index.put('kept', quantise(new Float32Array(dimension).fill(1)));
    index.put('forgotten', gone);
    index.remove('forgotten');
    const bytes = Buffer.from(index.serialise('store'));
    assert.equal(bytes.includes('forgotten'), false);
    assert.equal(bytes.includes(Buffer.from(gone.values.buffer)), false);
    assert.ok(bytes.includes('kept'));
  });

  it('leaves nothing of what was removed in memory', () => {
    const rows = new ScriptRows(strideOf(3));
    const index = new VectorIndex('model', 3, rows);
    index.put('a', quantise(Float32Array.of(1, 2, 3)));
    index.put('b', quantise(Float32Array.of(3, 2, 1)));
    index.remove('a');
    index.remove('b');
    assert.ok(rows.values.every((value) => value === 0));
  });

  it('refuses bytes that were changed or cut', () => {
    const index = new VectorIndex('model', 3);
    index.put('a', quantise(Float32Array.of(1, 2, 3)));
    const bytes = index.serialise('store');
    const isDamaged = (error: unknown): boolean => HearthlinkError.is(error, 'store-damaged');
    for (let position = 0; position < bytes.length; position++) {
      const changed = bytes.slice();
      changed[position] = (changed[position] ?? 0) ^ 0x10;
      assert.throws(() => VectorIndex.load(changed, 'store'), isDamaged);
      assert.throws(() => VectorIndex.load(bytes.slice(0, position), 'store'), isDamaged);
    }
    assert.throws(() => VectorIndex.load(bytes, 'other'), isDamaged);
  });
});

describe('the vector kernel', () => {
  it('is what the .wat gives', async () => {
    const committed = new URL('../../../src/store/search/vector-kernel.generated.ts', import.meta.url);
    assert.equal(await readFile(committed, 'utf8'), await generateKernel());
  });

  it('runs here', () => {
    assert.ok(createVectorRows(32) instanceof SimdRows);
  });

  it('gives the products that plain JavaScript gives', () => {
    const shape = fc.record({ lanes: fc.integer({ min: 1, max: 4 }), count: fc.integer({ min: 1, max: 9 }), from: fc.nat(8) });
    const cases = shape.chain(({ lanes, count, from }) =>
      fc.record({
        stride: fc.constant(lanes * 32),
        values: fc.int8Array({ minLength: lanes * 32 * count, maxLength: lanes * 32 * count }),
        query: fc.int16Array({ minLength: lanes * 32, maxLength: lanes * 32, min: -32_000, max: 32_000 }),
        start: fc.constant(Math.min(from, count - 1)),
      }),
    );
    fc.assert(
      fc.property(cases, ({ stride, values, query, start }) => {
        const count = values.length / stride - start;
        const expected = rowsOf(ScriptRows, stride, values).products(query, start, count);
        assert.deepEqual(rowsOf(SimdRows, stride, values).products(query, start, count), expected);
      }),
    );
  });

  it('does not overflow at the largest numbers', () => {
    const stride = 4096;
    const { values: query } = quantiseQuery(new Float32Array(stride).fill(-1), stride);
    const values = new Int8Array(stride).fill(127);
    const expected = values.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0);
    for (const Kind of [SimdRows, ScriptRows] as const) assert.equal(rowsOf(Kind, stride, values).products(query, 0, 1)[0], expected);
  });

  it('keeps rows while its memory grows', () => {
    const rows = new SimdRows(32);
    rows.reserve(1);
    rows.values.fill(3, 0, 32);
    rows.reserve(maxProducts * 4);
    assert.equal(rows.products(new Int16Array(32).fill(2), 0, 1)[0], 3 * 2 * 32);
  });
});
