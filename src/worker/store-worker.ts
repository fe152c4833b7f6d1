/**
 * Where the store worker starts. It has the store's files read by other threads first, and loads the rest of itself while they
 * are at it: what this file imports is all that is evaluated before.
 */
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import initSqlJs from 'sql.js';
import { nodeStoreFiles } from '../store/files/node-store-files.ts';
import { readAhead } from '../store/files/read-ahead.ts';
import { roomForFile } from '../store/room-for-file.ts';
import { isStoreWorkerData } from '../store/store-worker-thread.ts';
import type { ToMain, ToWorker } from '../store/worker-protocol.ts';

const main = parentPort;
const given: unknown = workerData;
if (main === null || !isStoreWorkerData(given)) throw new Error('The store worker is started by the extension.');
const { folder, wasmFile } = given;

const post = (message: ToMain, transfer: readonly ArrayBuffer[] = []) => { main.postMessage(message, transfer); };

let service: ReturnType<typeof start> | null = null;
main.on('message', (message: ToWorker) => void receive(message));

async function start(first: ToWorker) {
  const searches = first.type === 'call' && first.method === 'recall';
  const [files, sqlJs, createStoreService] = await Promise.all([
    readAhead(nodeStoreFiles(folder, roomForFile), folder, searches, roomForFile),
    initSqlJs({ wasmBinary: new Uint8Array(fs.readFileSync(wasmFile)).buffer }),
    loadService(searches),
  ]);
  return createStoreService({ first, folder, files, sqlJs, post });
}

/** Also makes ready for a first question, since there is nothing to do afterwards but to wait for the files. */
async function loadService(searches: boolean) {
  const [{ createStoreService }, { prepareQuestions }] = await Promise.all([import('./store-service.ts'), import('../store/search/analyzer.ts')]);
  if (searches) prepareQuestions();
  return createStoreService;
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
