import assert from 'node:assert/strict';
import fc from 'fast-check';

import { packSections, unpackSections } from '../../../src/store/search/section-file.ts';
import { StringTable } from '../../../src/store/search/string-table.ts';

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 12 });
const identity = { magic: 'TEST', formatVersion: 1, contentVersion: 0, storeId: 's' };

function tableOf(texts: readonly string[]): StringTable {
  const table = StringTable.empty();
  for (const text of texts) table.intern(text);
  return table;
}

describe('StringTable', () => {
  it('numbers strings in the order they were first seen', () => {
    fc.assert(
      fc.property(fc.array(wellFormed, { maxLength: 200 }), (texts) => {
        const table = StringTable.empty();
        const known: string[] = [];
        for (const text of texts) {
          if (!known.includes(text)) known.push(text);
          assert.equal(table.intern(text), known.indexOf(text));
        }
        assert.equal(table.size, known.length);
        for (const [number, text] of known.entries()) {
          assert.equal(table.get(number), text);
          assert.equal(table.find(text), number);
        }
      }),
    );
  });

  it('does not find what it does not hold', () => {
    fc.assert(
      fc.property(fc.array(wellFormed), wellFormed, (texts, text) => {
        assert.equal(tableOf(texts.filter((other) => other !== text)).find(text), -1);
      }),
    );
  });

  it('takes strings over from another table', () => {
    fc.assert(
      fc.property(fc.array(wellFormed), fc.array(wellFormed), (texts, otherTexts) => {
        const table = tableOf(texts);
        const other = tableOf(otherTexts);
        for (let number = 0; number < other.size; number++) {
          assert.equal(table.findFrom(other, number), table.find(other.get(number)));
          assert.equal(table.get(table.internFrom(other, number)), other.get(number));
        }
        assert.equal(table.size, new Set([...texts, ...otherTexts]).size);
      }),
    );
  });

  it('finds all strings of another table, in whichever order they stand there', () => {
    const inSomeOrder = fc.uniqueArray(wellFormed).chain((texts) => fc.tuple(fc.constant(texts), fc.shuffledSubarray(texts), fc.array(wellFormed)));
    fc.assert(
      fc.property(inSomeOrder, ([texts, some, others]) => {
        const table = tableOf(texts);
        for (const order of [texts, texts.toReversed(), [...some, ...others]]) {
          const other = tableOf(order);
          const expected = Array.from({ length: other.size }, (_, number) => table.find(other.get(number)));
          assert.deepEqual([...table.findAllFrom(other)], expected);
        }
      }),
    );
  });

  it('is the same after being written and read, and can grow again', () => {
    fc.assert(
      fc.property(fc.array(wellFormed), fc.array(wellFormed), (texts, later) => {
        const bytes = packSections(identity, tableOf(texts).sections());
        const read = StringTable.fromSections(unpackSections(bytes, identity));
        const expected = tableOf([...texts, ...later]);
        for (const text of [...texts, ...later]) assert.equal(read.intern(text), expected.find(text));
      }),
    );
  });

  it('holds strings longer than its scratch', () => {
    const long = 'kettle '.repeat(1000);
    const table = tableOf([long, `${long}é`]);
    assert.equal(table.get(0), long);
    assert.equal(table.find(`${long}é`), 1);
  });

  it('throws for a number it never gave', () => {
    assert.throws(() => StringTable.empty().get(0), RangeError);
  });
});
