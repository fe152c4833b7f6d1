import assert from 'node:assert/strict';
import fc from 'fast-check';

import { GroupChains, none, standAloneGroup } from '../../../src/store/search/group-chains.ts';
import { packSections, unpackSections } from '../../../src/store/search/section-file.ts';

const identity = { magic: 'TEST', formatVersion: 1, contentVersion: 0, storeId: 's' };

interface Member {
  readonly name: string;
  readonly order: number;
  readonly length: number;
  readonly removed: boolean;
}

const members = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', standAloneGroup),
    order: fc.nat(5),
    length: fc.nat(9),
    removed: fc.boolean(),
  }),
  { maxLength: 30 },
);

function chainsOf(given: readonly Member[]): GroupChains {
  const chains = new GroupChains();
  for (const [document, { name, order, length }] of given.entries()) chains.add(document, name, order, length);
  for (const [document, { removed, length }] of given.entries()) if (removed) chains.remove(document, length);
  return chains;
}

/** The documents of each group that are left, in the order of their positions. */
function expectedChains(given: readonly Member[]): number[][] {
  return ['a', 'b'].map((name) =>
    [...given.entries()]
      .filter(([, member]) => member.name === name && !member.removed)
      .sort(([a, one], [b, other]) => one.order - other.order || a - b)
      .map(([document]) => document),
  );
}

function assertChains(chains: GroupChains, expected: readonly (readonly number[])[]): void {
  for (const chain of expected) {
    for (const [i, document] of chain.entries()) {
      assert.equal(chains.previous(document), chain[i - 1] ?? none);
      assert.equal(chains.next(document), chain[i + 1] ?? none);
    }
  }
}

describe('GroupChains', () => {
  it('chain what is left of a group in the order of its positions', () => {
    fc.assert(
      fc.property(members, (given) => {
        const chains = chainsOf(given);
        const expected = expectedChains(given);
        assertChains(chains, expected);
        const left = given.filter(({ name, removed }) => !removed && name !== standAloneGroup);
        assert.equal(chains.filled, expected.filter((chain) => chain.length > 0).length);
        assert.equal(
          chains.totalLength,
          left.reduce((sum, { length }) => sum + length, 0),
        );
        for (const [i, name] of ['a', 'b'].entries()) {
          const length = left.filter((member) => member.name === name).reduce((sum, member) => sum + member.length, 0);
          const first = expected[i]?.[0];
          if (first !== undefined) assert.equal(chains.length(chains.group(first)), length);
        }
      }),
    );
  });

  it('leave what stands alone without neighbours', () => {
    const chains = new GroupChains();
    chains.add(0, standAloneGroup, 0, 1);
    chains.add(1, standAloneGroup, 1, 1);
    assert.deepEqual([chains.next(0), chains.previous(1), chains.group(1)], [none, none, none]);
  });

  it('survive renumbering, writing and reading, and grow again', () => {
    fc.assert(
      fc.property(members, (given) => {
        const kept = given.filter(({ removed }) => !removed);
        const renumbered = new Int32Array(given.length).fill(none);
        let count = 0;
        for (const [document, { removed }] of given.entries()) if (!removed) renumbered[document] = count++;
        const lengths = Uint32Array.from(given, ({ length }) => length);
        const packed = chainsOf(given).renumbered(renumbered, count, lengths);
        assertChains(packed, expectedChains(kept));

        const read = GroupChains.fromSections(unpackSections(packSections(identity, packed.sections(count)), identity));
        const later: Member = { name: 'a', order: 2, length: 1, removed: false };
        read.add(count, later.name, later.order, later.length);
        assertChains(read, expectedChains([...kept, later]));
      }),
    );
  });
});
