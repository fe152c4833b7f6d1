import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeBatch, encodeBatch, type BatchBody } from '../../../src/store/journal/batch-body.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const parameter = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  text,
  fc.uint8Array({ maxLength: 300 }),
);
const effect = fc.oneof(
  fc.record({ type: fc.constantFrom('remove-document', 'remove-vectors'), id: text }),
  fc.record({ type: fc.constant('set-visible'), ids: fc.array(text), visible: fc.boolean() }),
  fc.record({
    type: fc.constant('put-vector'), id: text, model: text, values: fc.int8Array({ maxLength: 800 }), scale: fc.double({ noNaN: true }),
  }),
  fc.record({
    type: fc.constant('put-document'),
    document: fc.record({
      id: text, group: text, order: fc.nat(), text, speaker: text, at: fc.maxSafeInteger(),
      kind: fc.constantFrom('episodic', 'semantic', 'procedural', 'working'), factOf: fc.option(text), scope: text, visible: fc.boolean(),
    }),
  }),
);
const batch: fc.Arbitrary<BatchBody> = fc.record({
  at: fc.maxSafeInteger(),
  calls: fc.array(fc.record({ id: text, result: fc.option(text) })),
  statements: fc.array(fc.record({ sql: text, parameters: fc.array(parameter, { maxLength: 6 }) }), { maxLength: 5 }),
  effects: fc.array(effect, { maxLength: 5 }),
  changes: fc.record({ sessions: fc.array(text), messages: fc.array(text), slices: fc.array(text), jobs: fc.boolean(), agents: fc.boolean() }),
});

/** Text that is not well-formed becomes so on its way to UTF-8, as in every store of texts; -0 is bound as 0. */
function asStored(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (value instanceof Uint8Array || value instanceof Int8Array) return Array.from(value);
  if (Array.isArray(value)) return value.map(asStored);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asStored(inner)]));
  return value;
}

describe('body of a batch', () => {
  it('comes back as it was written', () => {
    fc.assert(fc.property(batch, (written) => {
      assert.deepEqual(asStored(decodeBatch(encodeBatch(written))), asStored(written));
    }), { numRuns: 300 });
  });

  it('keeps numbers as SQLite would be given them', () => {
    const numbers = [0, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 1_735_689_600_000, 0.1, -1e300, Number.MAX_SAFE_INTEGER];
    const written: BatchBody = {
      at: 0, calls: [], effects: [], statements: [{ sql: 'x', parameters: numbers }],
      changes: { sessions: [], messages: [], slices: [], jobs: false, agents: false },
    };
    assert.deepEqual(decodeBatch(encodeBatch(written)).statements[0]?.parameters, numbers);
  });

  it('is refused when it ends too early', () => {
    fc.assert(fc.property(batch, fc.nat(), (written, cut) => {
      const bytes = encodeBatch(written);
      assert.throws(() => decodeBatch(bytes.subarray(0, cut % bytes.length)), RangeError);
    }));
  });
});
