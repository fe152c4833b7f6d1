import assert from 'node:assert/strict';
import fc from 'fast-check';
import { batchesOf } from '../../../src/operations/transfer/import-batches.ts';
import { memoryRecord } from '../../../src/operations/transfer/imported-chat.ts';

const memoryOf = (length: number, i: number) => memoryRecord({ id: `m${i}`, text: 'x'.repeat(length), createdAt: 0, provenance: { type: 'user' } });

describe('the batches of an import', () => {
  it('hold every record once, in order, and none is larger than it must be', () => {
    const lengths = fc.array(fc.oneof(fc.nat(1000), fc.integer({ min: 100_000, max: 300_000 })), { maxLength: 300 });
    fc.assert(
      fc.property(lengths, (all) => {
        const records = all.map(memoryOf);
        const batches = [...batchesOf(records)];
        assert.deepEqual(batches.flat().map(({ type }) => type).length, records.length);
        assert.deepEqual(batches.flat(), records);
        for (const batch of batches) {
          const characters = batch.reduce((sum, record) => sum + (record.type === 'memory' ? (record.text ?? '').length : 0), 0);
          assert.ok(batch.length > 0 && batch.length <= 100 && (batch.length === 1 || characters <= 200_000));
        }
      }),
      { numRuns: 30 },
    );
  });
});
