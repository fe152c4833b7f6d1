import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { ScratchPart } from '../../../src/store/engine/scratch-part.ts';

describe('a part of a backup that arrives piece by piece', () => {
  it('is whole and summed at its end, whatever was said of its size', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 5000 })), fc.oneof(fc.nat(20_000), fc.constant(2 ** 40)), (pieces, hint) => {
      const part = new ScratchPart(hint);
      for (const piece of pieces) part.put(piece);
      const whole = Buffer.concat(pieces);
      assert.ok(part.bytes.equals(whole));
      assert.equal(part.checksum, crc32(whole));
    }));
  });
});
