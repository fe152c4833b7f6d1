import assert from 'node:assert/strict';
import type { Deed } from './torture/deeds.ts';
import { expectedAfter, expectedIn, misfit, type Expected } from './torture/expected.ts';
import { torture } from './torture/rounds.ts';

describe('processes killed at random instants', () => {
  it('lose no acknowledged write, apply none twice, leave replicas equal, and no backup that cannot be restored', async function () {
    this.timeout(600_000);
    const lines: string[] = [];
    const result = await torture(10, (line) => lines.push(line));
    assert.deepEqual([result.rounds, result.migrations], [10, 1]);
    assert.ok(result.acknowledged > 20 && result.generations > 1, `something must have happened: ${lines.join(' ')}`);
    // How much of each depends on how busy the machine is.
    assert.ok(result.backups > 0 && result.proved + result.restores + result.rotations > 0, JSON.stringify(result));
  });
});

describe('what a tortured store is expected to hold', () => {
  const deed = (type: Deed['type'], id: string, begun: number, over: number): Deed => ({ type, id, begun, over });
  const before = new Set(['old', 'older']);
  const contentOf = (): ReadonlySet<string> => new Set(['older']);
  const fits = (found: readonly string[], expected: readonly Expected[]): boolean => expected.some((one) => misfit(new Set(found), one) === null);

  it('is everything that was acknowledged, where nothing was restored', () => {
    const expected = expectedAfter(before, [deed('wrote', 'a', 1, 2)], contentOf);
    assert.ok(fits(['old', 'older', 'a', 'not acknowledged'], expected));
    assert.ok(!fits(['old', 'a'], expected));
  });

  it('is what the backup holds and what was begun behind its restore, where one was', () => {
    const deeds = [deed('wrote', 'a', 1, 2), deed('restoring', 'b1', 10, 10), deed('wrote', 'between', 12, 14), deed('restored', 'b1', 10, 20), deed('wrote', 'b', 21, 22)];
    const expected = expectedAfter(before, deeds, contentOf);
    assert.ok(fits(['older', 'b'], expected) && fits(['older', 'between', 'b'], expected));
    assert.ok(!fits(['older', 'between'], expected), 'a write behind it is lost');
    assert.ok(!fits(['older', 'a', 'b'], expected), 'what was there before has stayed');
    assert.ok(!fits(['b'], expected), 'something of the backup is missing');
  });

  it('is either, where the process that restored was killed at it, and the first, where it was refused', () => {
    const killed = expectedAfter(before, [deed('wrote', 'a', 1, 2), deed('restoring', 'b1', 10, 10)], contentOf);
    assert.ok(fits(['older'], killed) && fits(['old', 'older', 'a'], killed) && !fits(['old', 'older'], killed));
    const refused = expectedAfter(before, [deed('restoring', 'b1', 10, 10), deed('refused', 'b1', 10, 12)], contentOf);
    assert.ok(fits(['old', 'older'], refused) && !fits(['older'], refused));
  });

  it('is in a backup what had been acknowledged when it was begun, and nothing that was begun later', () => {
    const backup = deed('backed-up', 'b1', 10, 20);
    const deeds = [deed('wrote', 'a', 1, 2), deed('wrote', 'meanwhile', 11, 13), backup, deed('wrote', 'later', 21, 22)];
    const expected = expectedIn(backup, before, deeds);
    assert.ok(expected !== null);
    assert.ok(fits(['old', 'older', 'a'], [expected]) && fits(['old', 'older', 'a', 'meanwhile'], [expected]));
    assert.ok(!fits(['old', 'older'], [expected]) && !fits(['old', 'older', 'a', 'later'], [expected]));
    assert.equal(expectedIn(backup, before, [deed('restoring', 'b0', 5, 5), ...deeds]), null);
  });
});
