import assert from 'node:assert/strict';
import { CircuitBreaker } from '../../src/models/circuit-breaker.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { failure, never, startKit } from './ollama-kit.ts';

const down = (): Promise<never> => Promise.reject(new HearthlinkError('model-not-running'));
const fine = (): Promise<string> => Promise.resolve('fine');

async function opened(clock: HandClock): Promise<CircuitBreaker> {
  const breaker = new CircuitBreaker(clock);
  for (let i = 0; i < 5; i++) await failure(breaker.run('background', down), 'model-not-running');
  return breaker;
}

describe('the circuit breaker', () => {
  it('leaves the server alone after five failures in a row, and says for how long', async () => {
    const clock = new HandClock();
    const breaker = await opened(clock);
    await clock.advance(10_000);
    const error = await failure(breaker.run('background', () => assert.fail('it was called')), 'model-circuit-open');
    assert.equal(error.parameters['seconds'], 50);
    assert.equal(breaker.isOpen, true);
  });

  it('counts only failures in a row', async () => {
    const breaker = new CircuitBreaker(new HandClock());
    for (let i = 0; i < 4; i++) await failure(breaker.run('background', down), 'model-not-running');
    await breaker.run('background', fine);
    for (let i = 0; i < 4; i++) await failure(breaker.run('background', down), 'model-not-running');
    assert.equal(breaker.isOpen, false);
  });

  it('lets one call through after a minute, and no second while that one runs', async () => {
    const clock = new HandClock();
    const breaker = await opened(clock);
    await clock.advance(60_000);
    const held = Promise.withResolvers<string>();
    const probe = breaker.run('background', () => held.promise);
    await failure(breaker.run('background', fine), 'model-circuit-open');
    held.resolve('fine');
    await probe;
    assert.equal(await breaker.run('background', fine), 'fine');
  });

  it('rests another minute when that call fails', async () => {
    const clock = new HandClock();
    const breaker = await opened(clock);
    await clock.advance(60_000);
    await failure(breaker.run('background', down), 'model-not-running');
    await clock.advance(59_000);
    await failure(breaker.run('background', fine), 'model-circuit-open');
    await clock.advance(1000);
    assert.equal(await breaker.run('background', fine), 'fine');
  });

  it('takes the next call as the probe when the first was cancelled', async () => {
    const clock = new HandClock();
    const breaker = await opened(clock);
    await clock.advance(60_000);
    await failure(breaker.run('background', () => Promise.reject(new HearthlinkError('cancelled'))), 'cancelled');
    assert.equal(await breaker.run('background', fine), 'fine');
  });

  it('always lets a person through, and closes when that works', async () => {
    const breaker = await opened(new HandClock());
    await failure(breaker.run('person', down), 'model-not-running');
    assert.equal(await breaker.run('person', fine), 'fine');
    assert.equal(await breaker.run('background', fine), 'fine');
  });

  it('takes an answer that refuses the question as a sign of life', async () => {
    const breaker = new CircuitBreaker(new HandClock());
    for (let i = 0; i < 4; i++) await failure(breaker.run('background', down), 'model-not-running');
    const missing = new HearthlinkError('model-missing', { model: 'absent' });
    await failure(breaker.run('background', () => Promise.reject(missing)), 'model-missing');
    await failure(breaker.run('background', down), 'model-not-running');
    assert.equal(breaker.isOpen, false);
  });
});

describe('a server that is away', () => {
  it('is not asked in the background after five failures, and is back at a person\'s click', async () => {
    await using kit = await startKit();
    await kit.ollama.stop();
    for (let i = 0; i < 5; i++) assert.equal(await kit.room.embedder.model(), null);
    await kit.ollama.restart();
    assert.equal(await kit.room.embedder.model(), null);
    await failure(kit.room.embedder.embed(['a turn'], 'document', never), 'model-circuit-open');
    assert.equal(kit.ollama.requests().length, 0);
    assert.equal((await kit.room.catalog.probe(never)).reachable, true);
    assert.notEqual(await kit.room.embedder.model(), null);
  });
});
