import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMarkers } from '../../../src/store/journal/markers.ts';
import { chainAfter, encodeRecord, recordHeaderLength, type JournalRecord } from '../../../src/store/journal/record.ts';
import { scanRecord, type Scanned } from '../../../src/store/journal/record-scan.ts';
import { seededRandom } from '../support/window.ts';

const markers = createMarkers(seededRandom(11));

function recordBytes(sequence: number, body: Uint8Array): Buffer {
  const bytes = encodeRecord({
    kind: 'batch', schemaVersion: 1, sequence, chain: Buffer.alloc(16, sequence), batchId: Buffer.alloc(16, 200 + sequence), body: Buffer.from(body),
  }, markers);
  assert.ok(bytes !== null);
  return bytes;
}

/** What a reader finds in a whole file, in order: sequences of records, and how it ends. */
function readAll(file: Buffer): { sequences: number[]; torn: number; end: Scanned['type'] } {
  const sequences: number[] = [];
  let torn = 0;
  for (let at = 0; ;) {
    const found = scanRecord(file, at, true, markers);
    if (found.type === 'record') {
      sequences.push(found.record.sequence);
      at += found.bytes.length;
    } else if (found.type === 'torn') {
      torn++;
      at += found.length;
    } else {
      return { sequences, torn, end: found.type };
    }
  }
}

const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.array(fc.constantFrom(...markers.start, ...markers.end, 0), { maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
  // A body that holds a record, as when somebody stores a piece of a journal.
  fc.uint8Array({ maxLength: 40 }).map((inner) => recordBytes(9, inner)),
);

describe('reading a journal', () => {
  it('finds every record of a sound journal', () => {
    fc.assert(fc.property(fc.array(body, { maxLength: 5 }), (bodies) => {
      const file = Buffer.concat(bodies.map((bytes, i) => recordBytes(i + 1, bytes)));
      assert.deepEqual(readAll(file), { sequences: bodies.map((_, i) => i + 1), torn: 0, end: 'undecided' });
    }));
  });

  it('gives back a body that holds markers and records', () => {
    fc.assert(fc.property(body, (bytes) => {
      const found = scanRecord(recordBytes(1, bytes), 0, true, markers);
      assert.equal(found.type, 'record');
      assert.deepEqual(found.record.body, Buffer.from(bytes));
    }));
  });

  it('waits at every cut of the last record', () => {
    fc.assert(fc.property(body, body, (first, last) => {
      const whole = recordBytes(1, first);
      const cutting = recordBytes(2, last);
      for (let length = 0; length < cutting.length; length++) {
        const file = Buffer.concat([whole, cutting.subarray(0, length)]);
        assert.deepEqual(readAll(file), { sequences: [1], torn: 0, end: 'undecided' }, `cut at ${length}`);
      }
    }), { numRuns: 20 });
  });

  it('passes over a torn record of any length once another follows', () => {
    fc.assert(fc.property(body, body, (torn, next) => {
      const cutting = recordBytes(2, torn);
      for (let length = 1; length < cutting.length; length++) {
        const file = Buffer.concat([recordBytes(1, next), cutting.subarray(0, length), recordBytes(3, next)]);
        assert.deepEqual(readAll(file), { sequences: [1, 3], torn: 1, end: 'undecided' }, `cut at ${length}`);
      }
    }), { numRuns: 20 });
  });

  it('waits when two appends in a row were cut', () => {
    fc.assert(fc.property(body, body, (one, other) => {
      const first = recordBytes(1, one);
      const second = recordBytes(2, other);
      for (let a = 1; a < first.length; a += 5) {
        for (let b = 1; b < second.length; b += 3) {
          const { sequences, end } = readAll(Buffer.concat([first.subarray(0, a), second.subarray(0, b)]));
          assert.deepEqual({ sequences, end }, { sequences: [], end: 'undecided' }, `cuts at ${a} and ${b}`);
        }
      }
    }), { numRuns: 5 });
  });

  it('reports every flipped bit of a whole record as damage, also the last', () => {
    const records = [1, 2, 3].map((sequence) => recordBytes(sequence, Buffer.from(`body ${sequence}`)));
    const sound = Buffer.concat(records);
    const [first = Buffer.alloc(0)] = records;
    for (let at = 0; at < sound.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const file = Buffer.from(sound);
        file.writeUInt8(file.readUInt8(at) ^ (1 << bit), at);
        const { sequences, end } = readAll(file);
        assert.equal(end, 'damage', `byte ${at}, bit ${bit}`);
        assert.ok(sequences.length <= Math.floor(at / first.length));
      }
    }
  });

  it('reports damage to a record that stands behind a torn one', () => {
    const torn = recordBytes(1, Buffer.alloc(300, 1));
    const next = recordBytes(2, Buffer.from('acknowledged'));
    for (const length of [5, recordHeaderLength, recordHeaderLength + 1, torn.length - 100, torn.length - 8, torn.length - 1]) {
      for (let at = 0; at < next.length; at++) {
        const damaged = Buffer.from(next);
        damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
        assert.equal(readAll(Buffer.concat([torn.subarray(0, length), damaged])).end, 'damage', `cut at ${length}, byte ${at}`);
      }
    }
  });

  it('says the same however much of the file is read at once', () => {
    fc.assert(fc.property(body, body, fc.nat(), fc.nat(), (torn, next, cut, read) => {
      const cutting = recordBytes(1, torn);
      const file = Buffer.concat([cutting.subarray(0, 1 + (cut % cutting.length)), recordBytes(2, next), recordBytes(3, next)]);
      const some = scanRecord(file.subarray(0, read % file.length), 0, false, markers);
      if (some.type === 'more') assert.ok(some.length > read % file.length);
      else assert.deepEqual(some, scanRecord(file, 0, true, markers));
    }), { numRuns: 300 });
  });
});

describe('chain value', () => {
  it('differs for every difference between two records', () => {
    const record = { kind: 'batch', schemaVersion: 1, sequence: 7, chain: Buffer.alloc(16, 1), batchId: Buffer.alloc(16, 2), body: Buffer.from('body') } as const;
    const others: JournalRecord[] = [
      { ...record, kind: 'seal' },
      { ...record, schemaVersion: 2 },
      { ...record, sequence: 8 },
      { ...record, chain: Buffer.alloc(16, 3) },
      { ...record, batchId: Buffer.alloc(16, 3) },
      { ...record, body: Buffer.from('Body') },
    ];
    const values = [record, ...others].map((each) => chainAfter(encodeRecord(each, markers) ?? Buffer.alloc(64)).toString('hex'));
    assert.equal(new Set(values).size, values.length);
  });
});
