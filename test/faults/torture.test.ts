import assert from 'node:assert/strict';
import { torture } from './torture/rounds.ts';

describe('processes killed at random instants', () => {
  it('lose no acknowledged write, apply none twice, and leave replicas equal', async () => {
    const lines: string[] = [];
    const result = await torture(10, (line) => lines.push(line));
    assert.equal(result.rounds, 10);
    assert.ok(result.acknowledged > 100 && result.generations > 1, `something must have happened: ${lines.join(' ')}`);
  });
});
