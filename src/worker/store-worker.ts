/**
 * Where the store worker starts: reads the store's files, compiles SQLite, and hands both to the service. All code is evaluated
 * before the reading begins: on two cores, both at once were measured to take longer than one after the other.
 */
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import initSqlJs from 'sql.js';
import * as z from 'zod';
import { nodeStoreFiles } from '../store/files/node-store-files.ts';
import { readAhead } from '../store/files/read-ahead.ts';
import { roomForFile } from '../store/room-for-file.ts';
import { prepareQuestions } from '../store/search/analyzer.ts';
import type { StoreWorkerData } from '../store/store-worker-thread.ts';
import type { ToMain, ToWorker } from '../store/worker-protocol.ts';
import { createStoreService } from './store-service.ts';

const main = parentPort;
if (main === null) throw new Error('The store worker is started by the extension.');
const { folder, wasmFile, keys }: StoreWorkerData = z.object({
  folder: z.string(),
  wasmFile: z.string(),
  keys: z.object({ ringId: z.string(), keys: z.array(z.object({ id: z.int(), bytes: z.instanceof(Uint8Array) })) }).optional(),
}).parse(workerData);

const post = (message: ToMain, transfer: readonly ArrayBuffer[] = []) => { main.postMessage(message, transfer); };

let service: ReturnType<typeof start> | null = null;
main.on('message', (message: ToWorker) => void receive(message));

async function start(first: ToWorker) {
  const searches = first.type === 'call' && first.method === 'recall';
  const reading = readAhead(nodeStoreFiles(folder, roomForFile), folder, searches, roomForFile);
  const compiling = initSqlJs({ wasmBinary: new Uint8Array(fs.readFileSync(wasmFile)).buffer });
  if (searches) prepareQuestions();
  const [files, sqlJs] = await Promise.all([reading, compiling]);
  return createStoreService({ first, folder, files, keys, sqlJs, post });
}

async function receive(message: ToWorker): Promise<void> {
  // A failure to start ends the worker with its reason; the main thread rejects what it has asked for.
  service ??= start(message);
  const { calls, gate, close } = await service;
  if (message.type === 'migrate') {
    gate.open(message.error);
    return;
  }
  if (message.type !== 'close') {
    await calls.receive(message);
    return;
  }
  await close();
  main?.close(); // with nothing left to do, the thread ends
}
