import assert from 'node:assert/strict';
import { explore } from './explore.ts';
import { allRules, goingOn, type Budget, type Rules } from './going-on.ts';

const oneWriteEach: Budget = { writes: [1, 1], damage: 1, purges: 0, crashes: 0 };
const onePurge: Budget = { writes: [1, 0], damage: 1, purges: 1, crashes: 0 };

describe('starting a store and going on after damage, in every order in which two windows can take their steps', () => {
  const budgets: Record<string, Budget> = {
    'while both write and one dies': { ...oneWriteEach, crashes: 1 },
    'while one writes, one purges, and one dies': { ...onePurge, crashes: 1 },
    'again, after damage to what went on': { ...oneWriteEach, writes: [2, 0], damage: 2 },
  };
  for (const [name, budget] of Object.entries(budgets)) {
    it(`loses nothing of what goes on, and ends in one history: ${name}`, function () {
      this.timeout(120_000);
      const { states, violation } = explore(goingOn(allRules, budget));
      assert.equal(violation, null);
      assert.ok(states > 5_000, `only ${states} states were reached`);
    });
  }

  it('begins with one store, whichever of two windows that find none starts it, also when one dies at it', () => {
    const budget = { ...oneWriteEach, damage: 0, crashes: 1 };
    const { states, violation } = explore(goingOn(allRules, budget, 'empty'));
    assert.equal(violation, null);
    assert.ok(states > 1_000, `only ${states} states were reached`);
    assert.match(explore(goingOn({ ...allRules, fixedName: false }, budget, 'empty')).violation?.wrong ?? 'nothing is wrong', /leads elsewhere/);
  });

  const neededFor: readonly { without: keyof Rules; budget: Budget; wrong: RegExp }[] = [
    { without: 'looksBeforeAcknowledging', budget: oneWriteEach, wrong: /acknowledged in a history that had been left/ },
    { without: 'fileFirst', budget: oneWriteEach, wrong: /acknowledged in a history that had been left/ },
    { without: 'fixedName', budget: oneWriteEach, wrong: /leads elsewhere/ },
    { without: 'knowsWhatItOpened', budget: onePurge, wrong: /stays in another history/ },
    { without: 'tidiesJournals', budget: onePurge, wrong: /leads elsewhere/ },
  ];
  for (const { without, budget, wrong } of neededFor) {
    it(`needs each of its rules: ${without}`, () => {
      const { violation } = explore(goingOn({ ...allRules, [without]: false }, budget));
      assert.match(violation?.wrong ?? 'nothing is wrong', wrong);
    });
  }
});
