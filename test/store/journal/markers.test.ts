import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMarkers, escapeMarkers, unescapeMarkers, type Markers } from '../../../src/store/journal/markers.ts';
import { seededRandom } from '../support/window.ts';

/** Bytes in which pieces of the markers are far more frequent than chance would have it. */
function bodyNear({ start, end }: Markers): fc.Arbitrary<Buffer> {
  const piece = fc.oneof(
    fc.tuple(fc.constantFrom(start, end), fc.nat(8), fc.nat(8)).map(([marker, from, to]) => marker.subarray(from, to)),
    fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(start),
    fc.constant(end),
  );
  return fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.concat(pieces));
}

describe('markers', () => {
  it('are sixteen different bytes', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { start, end } = createMarkers(seededRandom(seed));
      assert.equal(new Set([...start, ...end]).size, 16);
    }
  });

  it('do not become each other’s neighbour by one flipped bit', () => {
    for (let seed = 0; seed < 500; seed++) {
      const { start, end } = createMarkers(seededRandom(seed));
      const differing = ((end.at(-1) ?? 0) ^ (start[0] ?? 0)).toString(2).replaceAll('0', '');
      assert.ok(differing.length > 1, `seed ${seed}`);
    }
  });

  it('never stand in an escaped body, and the body comes back', () => {
    const markers = createMarkers(seededRandom(3));
    fc.assert(fc.property(bodyNear(markers), (body) => {
      const stored = escapeMarkers(body, markers);
      assert.equal(stored.includes(markers.start), false);
      assert.equal(stored.includes(markers.end), false);
      assert.deepEqual(unescapeMarkers(stored, markers), body);
    }), { numRuns: 500 });
  });

  it('leave a body alone that holds nothing like them', () => {
    const markers = createMarkers(seededRandom(4));
    const body = Buffer.from('nothing to hide');
    assert.equal(escapeMarkers(body, markers), body);
  });
});
