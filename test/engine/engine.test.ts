import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describeWireContract } from '../models/wire-contract.ts';

describe('a real engine', function () {
  this.timeout(60_000);
  let engine: ChildProcess | undefined;
  let endpoint: string | undefined;

  before(async () => {
    engine = spawn(process.execPath, [path.join(import.meta.dirname, 'engine-server.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (engine.stdout === null) throw new Error('The engine has no output.');
    const ended = once(engine, 'exit').then(([code]) => {
      throw new Error(`The engine ended with ${String(code)} before it listened.`);
    });
    for await (const line of createInterface({ input: engine.stdout })) {
      endpoint = line;
      break;
    }
    if (endpoint === undefined) await ended;
    ended.catch(() => undefined);
  });

  after(async () => {
    if (engine?.exitCode !== null) return;
    const ended = once(engine, 'exit');
    engine.stdin?.end();
    await ended;
  });

  describeWireContract('a real engine', () => {
    if (endpoint === undefined) throw new Error('The engine has not started.');
    return { endpoint, chatModel: 'tiny-chat', embeddingModel: 'tiny-embedding' };
  });
});
