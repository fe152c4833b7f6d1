import assert from 'node:assert/strict';
import { Pull } from '../../../src/extension/chat/pull.ts';
import type { ModelCatalog, PullProgress } from '../../../src/models/port.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import type { PullView } from '../../../src/shared/protocol/chat-views.ts';

type Step = PullProgress & { readonly at: number };

/** A pull whose steps come at given times; `end` is what happens after the last one. */
function newPull(steps: readonly Step[], end: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()): { pull: Pull; shown: (PullView | null)[] } {
  let now = 0;
  const shown: (PullView | null)[] = [];
  const catalog: ModelCatalog = {
    probe: () => Promise.reject(new Error('not asked here')),
    list: () => Promise.reject(new Error('not asked here')),
    async *pull(_, signal) {
      for (const { at, ...progress } of steps) {
        now = at;
        yield await Promise.resolve(progress);
      }
      await end(signal);
    },
  };
  return { pull: new Pull(catalog, { now: () => now }, (view) => shown.push(view)), shown };
}

function step(at: number, completedBytes: number | null, totalBytes: number | null): Step {
  return { at, status: 'pulling', completedBytes, totalBytes };
}

describe('pulling a model', () => {
  it('tells the time left from what was measured, and none before that', async () => {
    const { pull, shown } = newPull([step(0, 0, 1000), step(1000, 100, 1000), step(4000, 400, 1000)]);
    assert.equal(await pull.run('talk:4b'), true);
    assert.deepEqual(shown.filter((view) => view?.status === 'pulling').map((view) => view?.secondsLeft), [null, null, 6]);
  });

  it('measures from where an earlier pull had stopped', async () => {
    const { pull, shown } = newPull([step(0, 900, 1000), step(4000, 950, 1000)]);
    await pull.run('talk:4b');
    assert.equal(shown.at(-2)?.secondsLeft, 4);
  });

  it('has nothing to show once it is done', async () => {
    const { pull } = newPull([step(0, 1, 1)]);
    await pull.run('talk:4b');
    assert.equal(pull.view, null);
  });

  it('keeps the server’s words when it fails', async () => {
    const { pull } = newPull([], () => Promise.reject(new HearthlinkError('model-server-error', { detail: 'pull model manifest: file does not exist' })));
    assert.equal(await pull.run('tlak'), false);
    assert.deepEqual(pull.view?.error, { code: 'model-server-error', parameters: { detail: 'pull model manifest: file does not exist' } });
  });

  it('shows nothing after it was stopped, and aborts at the server', async () => {
    const { pull } = newPull([step(0, 1, 10)], (signal) => new Promise((_, reject) => {
      const stop = (): void => { reject(new HearthlinkError('cancelled')); };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    }));
    const running = pull.run('talk:4b');
    pull.cancel();
    assert.equal(await running, false);
    assert.equal(pull.view, null);
  });

  it('is one at a time', async () => {
    const { pull } = newPull([step(0, 1, 1)]);
    const first = pull.run('a');
    assert.equal(await pull.run('b'), false);
    assert.equal(await first, true);
  });
});
