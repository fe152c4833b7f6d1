import assert from 'node:assert/strict';
import fc from 'fast-check';

import {
  maxFrequency,
  postingDocument,
  postingFrequency,
  PostingLists,
  type PostingRun,
  unitedRun,
} from '../../../src/store/search/posting-lists.ts';
import { packSections, unpackSections } from '../../../src/store/search/section-file.ts';

const identity = { magic: 'TEST', formatVersion: 1, contentVersion: 0, storeId: 's' };

/** For each document of ascending number, how often each of its terms stands in it. */
const documents = fc.array(
  fc.uniqueArray(fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 400 })), { selector: ([term]) => term, maxLength: 4 }),
  { maxLength: 40 },
);

type Pairs = readonly (readonly [document: number, frequency: number])[];

function pairsOf(...runs: readonly PostingRun[]): Pairs {
  return runs.flatMap(({ entries, from, to }) =>
    Array.from(entries.subarray(from, to), (posting) => [postingDocument(posting), postingFrequency(posting)] as const),
  );
}

function fill(lists: PostingLists, given: readonly (readonly (readonly [number, number])[])[], firstDocument = 0): void {
  for (const [i, terms] of given.entries()) for (const [term, frequency] of terms) lists.add(term, firstDocument + i, frequency);
}

function expected(given: readonly (readonly (readonly [number, number])[])[], term: number): Pairs {
  return given.flatMap((terms, document) =>
    terms.filter(([other]) => other === term).map(([, frequency]) => [document, Math.min(frequency, maxFrequency)] as const),
  );
}

describe('PostingLists', () => {
  it('lists the documents of each term in order, in base and tail', () => {
    fc.assert(
      fc.property(documents, fc.nat(40), (given, foldAfter) => {
        let lists = PostingLists.empty();
        fill(lists, given.slice(0, foldAfter));
        lists = lists.folded(7);
        assert.equal(lists.tailSize, 0);
        fill(lists, given.slice(foldAfter), Math.min(foldAfter, given.length));
        for (let term = 0; term < 8; term++) {
          const pairs = expected(given, term);
          assert.deepEqual(pairsOf(lists.base(term), lists.tail(term)), pairs);
          for (let document = 0; document < given.length; document++) {
            assert.equal(lists.frequency(term, document), pairs.find(([other]) => other === document)?.[1] ?? 0);
          }
        }
        assert.equal(lists.size, given.flat().length);
      }),
    );
  });

  it('drops documents and the terms that only they had', () => {
    fc.assert(
      fc.property(documents, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (given, kept) => {
        const lists = PostingLists.empty();
        fill(lists, given);
        const renumbered = new Int32Array(given.length).fill(-1);
        const left = given.filter((_, document) => kept[document]);
        let next = 0;
        for (const document of given.keys()) if (kept[document] === true) renumbered[document] = next++;
        const { postings, keptTerms } = lists.packed(7, renumbered);
        assert.deepEqual(
          keptTerms,
          [0, 1, 2, 3, 4, 5, 6].filter((term) => expected(left, term).length > 0),
        );
        for (const [number, term] of keptTerms.entries()) assert.deepEqual(pairsOf(postings.base(number)), expected(left, term));
        assert.equal(postings.size, left.flat().length);
      }),
    );
  });

  it('is the same after being written and read', () => {
    fc.assert(
      fc.property(documents, (given) => {
        const lists = PostingLists.empty();
        fill(lists, given);
        const read = PostingLists.fromSections(unpackSections(packSections(identity, lists.folded(7).sections()), identity));
        for (let term = 0; term < 8; term++) assert.deepEqual(pairsOf(read.base(term), read.tail(term)), expected(given, term));
      }),
    );
  });
});

describe('unitedRun', () => {
  it('has each document of any list once, with its highest frequency', () => {
    fc.assert(
      fc.property(documents, fc.uniqueArray(fc.nat(6)), (given, terms) => {
        const lists = PostingLists.empty();
        fill(lists, given);
        const best = new Map<number, number>();
        for (const term of terms) {
          for (const [document, frequency] of expected(given, term)) best.set(document, Math.max(frequency, best.get(document) ?? 0));
        }
        const run = unitedRun(terms.map((term) => [lists.base(term), lists.tail(term)]));
        assert.deepEqual(
          pairsOf(run),
          [...best].sort(([a], [b]) => a - b),
        );
      }),
    );
  });
});
