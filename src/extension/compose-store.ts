import path from 'node:path';
import { createStoreClient, type StoreClient } from '../store/client.ts';
import { startStoreWorker } from '../store/store-worker-thread.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';

/** The store in the extension's global storage; its worker starts with the first call. */
export function composeStore({ context, log }: Hearth, { clock, timers, ids }: MachinePorts): StoreClient {
  const dist = path.join(context.extensionPath, 'dist');
  const data = { folder: path.join(context.globalStorageUri.fsPath, 'store'), wasmFile: path.join(dist, 'sql-wasm.wasm') };
  return createStoreClient({ startWorker: () => startStoreWorker(path.join(dist, 'store-worker.cjs'), data), clock, timers, ids, log });
}
