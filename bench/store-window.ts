/** One window on a large store, in a process of its own: `store-window <memory | start | recall> <folder> <worker> <empty worker> <questions>`. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { silentLog } from '../src/shared/ports.ts';
import { createStoreClient, type StoreClient } from '../src/store/client.ts';
import type { RecallQuery } from '../src/store/recall-port.ts';
import { startStoreWorker } from '../src/store/store-worker-thread.ts';
import { dimension, vectorModel } from './large-store.ts';
import { median, quantile } from './rows.ts';
import { clock, ids, timedTurns, timers, wasmFile } from './store-rig.ts';
import { createVectors, seededRandom } from './synthetic-corpus.ts';

const [what = '', folder = '', workerFile = '', emptyWorkerFile = '', questionText = '[]'] = process.argv.slice(2);
const questions: string[] = JSON.parse(questionText);
const vectors = createVectors(questions.length, dimension, seededRandom(9));

const open = (): StoreClient => createStoreClient({
  startWorker: () => startStoreWorker(workerFile, { folder, wasmFile }), clock, timers, ids, log: silentLog,
});

function question(i: number): RecallQuery {
  const at = i % questions.length;
  return {
    text: questions[at] ?? '',
    vector: { model: vectorModel, values: vectors.subarray(at * dimension, (at + 1) * dimension) },
    agentId: 'alden', workspaceId: null, sessionId: null, excludeMessageIds: [],
    limit: 20, tokenBudget: 1_000_000, charactersPerToken: 4, at: Date.now(),
  };
}

async function ask(store: StoreClient, i: number): Promise<void> {
  const { hits } = await store.recall(question(i));
  if (hits.length === 0) throw new Error('Nothing was found.');
}

/** Megabytes that a process takes more once it has answered. */
async function memory(): Promise<number> {
  await sleep(300);
  const before = process.memoryUsage().rss;
  const store = open();
  await ask(store, 0);
  await ask(store, 1);
  await sleep(500);
  const after = process.memoryUsage().rss;
  await store.close();
  return (after - before) / 1e6;
}

/** Time to the first answer, over that of a worker with an empty sql.js. */
async function coldStart(): Promise<number> {
  const ratios: number[] = [];
  for (let i = 0; i < 7; i++) {
    const [empty = NaN] = await timedTurns(1, async () => {
      const worker = new Worker(emptyWorkerFile, { workerData: { wasmFile } });
      await once(worker, 'message');
      await worker.terminate();
    });
    const store = open();
    const [first = NaN] = await timedTurns(1, () => ask(store, i));
    await store.close();
    ratios.push(first / empty);
  }
  return median(ratios);
}

/** Milliseconds at the 95th percentile, as the main thread sees it. */
async function recall(): Promise<number> {
  const store = open();
  for (let i = 0; i < 20; i++) await ask(store, i);
  let next = 0;
  const times = await timedTurns(200, () => ask(store, next++));
  await store.close();
  return quantile(times, 0.95);
}

const measured = { memory, start: coldStart, recall }[what];
if (measured === undefined) throw new Error(`There is nothing to measure called ${what}.`);
process.stdout.write(String(await measured()));
process.exit();
