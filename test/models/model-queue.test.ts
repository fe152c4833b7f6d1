import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Lane, ModelQueue } from '../../src/models/model-queue.ts';
import { HandClock, settled } from '../support/seeded-ports.ts';
import { failure, never } from './ollama-kit.ts';

interface Work {
  readonly lane: Lane;
  readonly begun: boolean;
  readonly interrupted: boolean;
  readonly ended: Promise<unknown>;
  readonly finish: () => void;
}

/** Work that runs until it is told to finish, or is interrupted. */
function start(queue: ModelQueue, lane: Lane, signal = never): Work {
  const held = Promise.withResolvers<undefined>();
  const state = { begun: false, interrupted: false };
  const ended = queue
    .run(lane, signal, async (turn) => {
      state.begun = true;
      turn.addEventListener('abort', () => {
        state.interrupted = true;
        held.reject(turn.reason);
      });
      await held.promise;
    })
    .catch((error: unknown) => error);
  return {
    lane,
    ended,
    get begun() {
      return state.begun;
    },
    get interrupted() {
      return state.interrupted;
    },
    finish: () => {
      held.resolve(undefined);
    },
  };
}

describe('the queue of model work', () => {
  it('runs one reply after the other, in the order they came', async () => {
    const queue = new ModelQueue(new HandClock());
    const first = start(queue, 'reply');
    const second = start(queue, 'reply');
    const third = start(queue, 'reply');
    first.finish();
    await settled();
    assert.deepEqual([second.begun, third.begun], [true, false]);
  });

  it('runs a query beside a reply: the next question need not wait for the reply before', async () => {
    const queue = new ModelQueue(new HandClock());
    start(queue, 'reply');
    const query = start(queue, 'query');
    await settled();
    assert.equal(query.begun, true);
  });

  for (const lane of ['reply', 'query'] as const) {
    it(`interrupts background work for a ${lane}, which begins when that has ended`, async () => {
      const queue = new ModelQueue(new HandClock());
      const background = start(queue, 'background');
      const urgent = start(queue, lane);
      assert.equal(urgent.begun, false);
      await background.ended;
      await settled();
      assert.equal(background.interrupted, true);
      assert.equal(urgent.begun, true);
    });
  }

  it('tells interrupted work why', async () => {
    const queue = new ModelQueue(new HandClock());
    const background = queue.run('background', never, (turn) => new Promise((_, reject) => {
      turn.addEventListener('abort', () => {
        reject(turn.reason instanceof Error ? turn.reason : new Error('no reason'));
      });
    }));
    start(queue, 'reply');
    const error = await failure(background, 'cancelled');
    assert.equal(error.parameters['reason'], 'interrupted');
  });

  it('begins background work only when nothing else runs or waits', async () => {
    const queue = new ModelQueue(new HandClock());
    const reply = start(queue, 'reply');
    const background = start(queue, 'background');
    const query = start(queue, 'query');
    query.finish();
    await settled();
    assert.equal(background.begun, false);
    reply.finish();
    await settled();
    assert.equal(background.begun, true);
  });

  it('lets go of what is cancelled while it waits', async () => {
    const queue = new ModelQueue(new HandClock());
    const reply = start(queue, 'reply');
    const stop = new AbortController();
    const waiting = failure(queue.run('reply', stop.signal, () => assert.fail('it ran')), 'cancelled');
    stop.abort();
    await waiting;
    reply.finish();
    await settled();
    const after = start(queue, 'reply');
    assert.equal(after.begun, true);
  });

  it('lets waiting background work begin when the reply it waited behind is cancelled', async () => {
    const queue = new ModelQueue(new HandClock());
    const first = start(queue, 'reply');
    const stop = new AbortController();
    start(queue, 'reply', stop.signal);
    const background = start(queue, 'background');
    first.finish();
    await settled();
    stop.abort();
    await settled();
    assert.equal(background.begun, true);
  });

  it('goes on after work that failed', async () => {
    const queue = new ModelQueue(new HandClock());
    await assert.rejects(queue.run('reply', never, () => Promise.reject(new Error('broken'))), /broken/);
    await queue.run('reply', never, () => Promise.resolve());
  });

  it('knows how long nobody has waited', async () => {
    const clock = new HandClock();
    const queue = new ModelQueue(clock);
    assert.equal(queue.idleMs(), Infinity);
    const reply = start(queue, 'reply');
    await clock.advance(1000);
    assert.equal(queue.idleMs(), 0);
    reply.finish();
    await settled();
    start(queue, 'background');
    await clock.advance(1500);
    assert.equal(queue.idleMs(), 1500);
  });

  it('never runs two of a lane or background work beside another, and loses none', async () => {
    const lane = fc.constantFrom<Lane>('reply', 'query', 'background');
    const step = fc.oneof(fc.record({ add: lane }), fc.record({ finish: fc.nat(10) }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const queue = new ModelQueue(new HandClock());
        const works: Work[] = [];
        const ended = new Set<Work>();
        const check = async (): Promise<void> => {
          await settled();
          const lanes = works.filter((work) => work.begun && !ended.has(work)).map((work) => work.lane);
          assert.ok(new Set(lanes).size === lanes.length, lanes.join());
          assert.ok(!lanes.includes('background') || lanes.length === 1, lanes.join());
        };
        for (const step of steps) {
          if ('add' in step) {
            const work = start(queue, step.add);
            works.push(work);
            void work.ended.then(() => ended.add(work));
          } else works[step.finish]?.finish();
          await check();
        }
        for (const work of works) work.finish();
        await Promise.all(works.map(({ ended: end }) => end));
        assert.ok(works.every(({ begun }) => begun));
      }),
      { numRuns: 40 },
    );
  });
});
