import assert from 'node:assert/strict';
import fc from 'fast-check';

import { HearthlinkError } from '../../../src/shared/errors.ts';
import { jsonSection, packSections, unpackSections } from '../../../src/store/search/section-file.ts';

const identity = { magic: 'TEST', formatVersion: 3, contentVersion: 7, storeId: 'store-1' };

function sample(): Uint8Array<ArrayBuffer> {
  return packSections(identity, [jsonSection({ a: 1 }), Uint8Array.of(1, 2, 3), Float64Array.of(0.5, -2), new Int32Array(0)]);
}

function detailOf(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    assert.ok(HearthlinkError.is(error, 'store-damaged'), String(error));
    return error.parameters['detail'];
  }
  return null;
}

describe('section files', () => {
  it('give back what was packed, as the arrays it was', () => {
    const reader = unpackSections(sample(), identity);
    assert.deepEqual(reader.nextJson(), { a: 1 });
    assert.deepEqual(reader.next(Uint8Array), Uint8Array.of(1, 2, 3));
    assert.deepEqual(reader.next(Float64Array), Float64Array.of(0.5, -2));
    assert.deepEqual(reader.next(Int32Array), new Int32Array(0));
    assert.equal(
      detailOf(() => reader.next(Uint8Array)),
      'sections',
    );
  });

  it('can be read from the middle of a larger buffer', () => {
    const bytes = sample();
    const larger = new Uint8Array(bytes.length + 11);
    larger.set(bytes, 3);
    const reader = unpackSections(larger.subarray(3, 3 + bytes.length), identity);
    assert.deepEqual(reader.nextJson(), { a: 1 });
  });

  it('are refused when cut anywhere', () => {
    const bytes = sample();
    for (let length = 0; length < bytes.length; length++) {
      assert.notEqual(
        detailOf(() => unpackSections(bytes.slice(0, length), identity)),
        null,
      );
    }
    assert.notEqual(
      detailOf(() => unpackSections(new Uint8Array([...bytes, 0]), identity)),
      null,
    );
  });

  it('are taken as they are when somebody else has checked them, but for what they say of themselves', () => {
    const changed = sample();
    changed[4] = (changed[4] ?? 0) ^ 1;
    assert.equal(detailOf(() => unpackSections(changed, identity)), 'checksum');
    assert.deepEqual(unpackSections(changed, identity, true).nextJson(), { a: 1 });
    assert.equal(detailOf(() => unpackSections(changed, { ...identity, storeId: 'store-2' }, true)), 'store id');
    assert.equal(detailOf(() => unpackSections(changed.subarray(0, -1), identity, true)), 'length');
  });

  it('are refused when any bit is changed', () => {
    const bytes = sample();
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = bytes.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.notEqual(
          detailOf(() => unpackSections(changed, identity)),
          null,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('are refused with the reason when they are of another kind, version or store', () => {
    const read = (other: Partial<typeof identity>): unknown => detailOf(() => unpackSections(sample(), { ...identity, ...other }));
    assert.equal(read({ magic: 'ELSE' }), 'magic');
    assert.equal(read({ formatVersion: 4 }), 'format version');
    assert.equal(read({ contentVersion: 8 }), 'content version');
    assert.equal(read({ storeId: 'store-2' }), 'store id');
  });

  it('have no room for a store id over 32 bytes', () => {
    assert.throws(() => packSections({ ...identity, storeId: 'x'.repeat(33) }, []), /invalid-input/u);
  });
});
