import assert from 'node:assert/strict';
import { Connection, type ConnectionParts } from '../../../src/extension/chat/connection.ts';
import type { ModelInfo, ServerStatus } from '../../../src/models/port.ts';
import { HearthlinkError } from '../../../src/shared/errors.ts';
import { silentLog } from '../../../src/shared/ports.ts';

interface World {
  status: ServerStatus;
  models: ModelInfo[];
  wanted: string;
  probes: number;
  /** Runs what waits for time to pass. */
  passTime(): void;
  waiting: number;
}

function newWorld(): World & { connection: Connection } {
  const timers = new Set<() => void>();
  const world: World = {
    status: { reachable: true, version: '0.33.0', outdated: false },
    models: [],
    wanted: '',
    probes: 0,
    passTime: () => {
      for (const run of [...timers]) {
        timers.delete(run);
        run();
      }
    },
    get waiting() {
      return timers.size;
    },
  };
  const parts: ConnectionParts = {
    catalog: {
      probe: () => {
        world.probes++;
        return Promise.resolve(world.status);
      },
      list: () => Promise.resolve(world.models),
      pull: () => {
        throw new Error('nothing is pulled here');
      },
    },
    timers: {
      after: (_, run) => {
        timers.add(run);
        return () => timers.delete(run);
      },
    },
    log: silentLog,
    chatModel: () => world.wanted,
    saveChatModel: (name) => {
      world.wanted = name;
      return Promise.resolve();
    },
    canStart: () => true,
    suggestion: () => 'small:1b',
    memoryBytes: 16 * 2 ** 30,
  };
  return Object.assign(world, { connection: new Connection(parts) });
}

function model(name: string, abilities: ModelInfo['abilities'] = ['chat']): ModelInfo {
  return { name, digest: name, bytes: 3e9, contextLength: 32768, parameterSize: '4B', abilities, loaded: false, loadedContext: null };
}

const refused: ServerStatus = { reachable: false, error: new HearthlinkError('model-not-running', { detail: 'ECONNREFUSED' }) };

describe('the connection to the models', () => {
  it('is unknown until the server was asked', () => {
    assert.deepEqual(newWorld().connection.view, { state: 'unknown' });
  });

  it('is ready with the first model that can chat when none is set', async () => {
    const world = newWorld();
    world.models = [model('embed', ['embedding']), model('talk:4b')];
    await world.connection.check();
    assert.deepEqual(world.connection.view, { state: 'ready', model: 'talk:4b' });
  });

  it('takes a name without a tag for the latest one', async () => {
    const world = newWorld();
    world.wanted = 'talk';
    world.models = [model('other:1b'), model('talk:latest')];
    await world.connection.check();
    assert.equal(world.connection.model, 'talk:latest');
  });

  it('asks to pull a model that is set but not installed, and never falls back to another one', async () => {
    const world = newWorld();
    world.wanted = 'large:70b';
    world.models = [model('talk:4b')];
    await world.connection.check();
    assert.deepEqual(world.connection.view, { state: 'no-model', suggestion: 'large:70b', memoryGb: 16 });
    assert.equal(world.connection.model, null);
  });

  it('is offline with the reason when nothing answers', async () => {
    const world = newWorld();
    world.status = refused;
    await world.connection.check();
    assert.deepEqual(world.connection.view, {
      state: 'offline',
      error: { code: 'model-not-running', parameters: { detail: 'ECONNREFUSED' } },
      canStart: true,
    });
  });

  it('asks again by itself only while somebody looks and the server is away', async () => {
    const world = newWorld();
    world.status = refused;
    await world.connection.check();
    assert.equal(world.waiting, 0);
    const watching = world.connection.watch();
    assert.equal(world.waiting, 1);
    world.status = { reachable: true, version: '0.33.0', outdated: false };
    world.models = [model('talk:4b')];
    world.passTime();
    await world.connection.check();
    assert.equal(world.connection.model, 'talk:4b');
    assert.equal(world.waiting, 0);
    watching.dispose();
  });

  it('tells a change once, however many ask', async () => {
    const world = newWorld();
    world.models = [model('talk:4b')];
    const heard: string[] = [];
    world.connection.onDidChange((view) => heard.push(view.state));
    await Promise.all([world.connection.check(), world.connection.check()]);
    await world.connection.check();
    assert.deepEqual(heard, ['ready']);
    assert.equal(world.probes, 2);
  });

  it('remembers the chosen model', async () => {
    const world = newWorld();
    world.models = [model('a:1b'), model('b:1b')];
    await world.connection.choose('b:1b');
    assert.equal(world.wanted, 'b:1b');
    assert.equal(world.connection.model, 'b:1b');
  });
});
