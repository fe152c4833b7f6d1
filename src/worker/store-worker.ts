/**
 * The store worker: builds the engine from its parts and answers the main thread. Nothing else runs here.
 */
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import initSqlJs from 'sql.js';
import * as z from 'zod';
import { rank } from '../memory/ranking.ts';
import { maskSecrets } from '../memory/secrets.ts';
import type { Clock, Log, Timers } from '../shared/ports.ts';
import { isAboutScratch } from '../store/backup-port.ts';
import { Backups } from '../store/engine/backups.ts';
import type { EngineSetup } from '../store/engine/engine-setup.ts';
import { StoreEngine } from '../store/engine/store-engine.ts';
import { nodeFileSearch } from '../store/files/node-file-search.ts';
import { nodeStoreFiles } from '../store/files/node-store-files.ts';
import { readAhead } from '../store/files/read-ahead.ts';
import { nodeWindowLock } from '../store/files/node-window-lock.ts';
import { maskedSearch } from '../store/masked-search.ts';
import { roomForFile, searchKeeping } from '../store/search-keeping.ts';
import { prepareQuestions } from '../store/search/analyzer.ts';
import type { SearchIndex } from '../store/search/search-index.ts';
import { createStoreContent } from '../store/sql/content.ts';
import type { StoreSchema } from '../store/sql/schema.ts';
import type { StoreWorkerData } from '../store/store-worker-thread.ts';
import type { ToMain, ToWorker } from '../store/worker-protocol.ts';
import { WorkerService } from '../store/worker-service.ts';
import { pooledRandom } from './pooled-random.ts';

const main = parentPort;
if (main === null) throw new Error('The store worker is started by the extension.');
const given: StoreWorkerData = z.object({ folder: z.string(), wasmFile: z.string() }).parse(workerData);

const post = (message: ToMain, transfer: readonly ArrayBuffer[] = []) => { main.postMessage(message, transfer); };
const clock: Clock = { now: () => Date.now() };
const random = pooledRandom();
const timers: Timers = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => { clearTimeout(timer); };
  },
};
const logAt = (level: Extract<ToMain, { type: 'log' }>['level']): Log['info'] => (message, fields = {}) => {
  post({ type: 'log', level, message, fields });
};
const log: Log = { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };

let service: ReturnType<typeof start> | null = null;
main.on('message', (message: ToWorker) => void receive(message));

async function start(first: ToWorker) {
  const searches = first.type === 'call' && first.method === 'recall';
  const isForScratch = first.type === 'backup' && isAboutScratch(first.request.method);
  const reading = readAhead(nodeStoreFiles(given.folder, roomForFile), given.folder, searches, roomForFile);
  const compiling = initSqlJs({ wasmBinary: new Uint8Array(fs.readFileSync(given.wasmFile)).buffer });
  if (searches) prepareQuestions();
  const [sqlJs, files] = await Promise.all([compiling, reading]);
  const content = createStoreContent({ search: maskedSearch(searchKeeping, maskSecrets), rank, random });
  const setup: EngineSetup<StoreSchema, SearchIndex> = {
    content,
    files,
    openDatabase: (bytes) => new sqlJs.Database(bytes),
    lock: nodeWindowLock(given.folder, clock, random),
    clock,
    timers,
    random,
    log,
    rotationLease: { acquire: content.methods['leases.acquire'], holder: Buffer.from(random.bytes(12)).toString('hex') },
    soon: (run) => void setImmediate(run),
  };
  const engine = new StoreEngine(setup);
  // A worker for a scratch opens the store when it restores, and has no news for anybody.
  const watch = isForScratch ? null : engine.watch();
  const backups = new Backups({ engine, setup, methods: content.methods });
  const calls = new WorkerService({ engine, methods: content.methods, fileSearch: nodeFileSearch(given.folder), backups, post });
  const close = async () => {
    watch?.dispose();
    backups.close();
    await engine.close();
  };
  return { calls, close };
}

async function receive(message: ToWorker): Promise<void> {
  // A failure to start ends the worker with its reason; the main thread rejects what it has asked for.
  service ??= start(message);
  const { calls, close } = await service;
  if (message.type !== 'close') {
    await calls.receive(message);
    return;
  }
  await close();
  main?.close(); // with nothing left to do, the thread ends
}
