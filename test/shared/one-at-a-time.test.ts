import assert from 'node:assert/strict';
import { OneAtATime } from '../../src/shared/one-at-a-time.ts';

describe('steps of which one runs at a time', () => {
  it('begin in the order in which they were asked for, each when the one before is over', async () => {
    const steps = new OneAtATime();
    const seen: string[] = [];
    const step = (name: string) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      return name;
    };
    assert.deepEqual(await Promise.all([steps.run(step('a')), steps.run(step('b'))]), ['a', 'b']);
    assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('tell whoever asked of a failure, and nobody else', async () => {
    const steps = new OneAtATime();
    const failing = steps.run(() => Promise.reject(new Error('no')));
    const next = steps.run(() => Promise.resolve('yes'));
    await assert.rejects(failing, /no/);
    assert.equal(await next, 'yes');
  });

  it('are over when the last of them is, also when it fails', async () => {
    const steps = new OneAtATime();
    let isDone = false;
    const failing = steps.run(async () => {
      await Promise.resolve();
      isDone = true;
      throw new Error('no');
    });
    const rejected = assert.rejects(failing, /no/);
    await steps.over();
    assert.equal(isDone, true);
    await rejected;
  });
});
