import { createRequire } from 'node:module';
import path from 'node:path';
import { createIdSource } from '../../../src/shared/ids.ts';
import { silentLog, type Clock, type IdSource, type Timers } from '../../../src/shared/ports.ts';
import { createStoreClient, type StoreClient } from '../../../src/store/client.ts';
import { noKeys, type StoreKeys } from '../../../src/store/encryption/store-keys.ts';
import type { Store } from '../../../src/store/port.ts';
import { startStoreWorker } from '../../../src/store/store-worker-thread.ts';

const clock: Clock = { now: () => Date.now() };
const timers: Timers = {
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Ids as the product makes them. */
export const realIds: IdSource = createIdSource(clock, { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });

/**
 * The product's store over a folder: its worker, its journal, its files. Close it in the end.
 * @param keys asked for whenever a worker starts
 */
export function openRealStore(folder: string, keys: () => StoreKeys = () => noKeys): StoreClient {
  const wasmFile = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  const workerFile = path.join(import.meta.dirname, '../../../src/worker/store-worker.ts');
  return createStoreClient({ startWorker: () => startStoreWorker(workerFile, { folder, wasmFile, keys: keys() }), clock, timers, ids: realIds, log: silentLog });
}

/** Opens the product's store over a folder for as long as it is used. */
export async function inStore<T>(folder: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = openRealStore(folder);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
