import path from 'node:path';
import { createStoreClient, type StoreClient } from '../store/client.ts';
import { noKeys, type StoreKeys } from '../store/encryption/store-keys.ts';
import { startStoreWorker, type StoreWorker } from '../store/store-worker-thread.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';

/** The store in the extension's global storage; its worker starts with the first call, with the keys there are then. */
export function composeStore({ context, log }: Hearth, { clock, timers, ids }: MachinePorts, keys: () => StoreKeys | null): StoreClient {
  const dist = path.join(context.extensionPath, 'dist');
  const data = { folder: path.join(context.globalStorageUri.fsPath, 'store'), wasmFile: path.join(dist, 'sql-wasm.wasm') };
  const startWorker = (): StoreWorker => {
    const given = keys() ?? noKeys;
    const worker = startStoreWorker(path.join(dist, 'store-worker.cjs'), { ...data, keys: given });
    for (const { bytes } of given.keys) bytes.fill(0);
    return worker;
  };
  return createStoreClient({ startWorker, clock, timers, ids, log });
}
