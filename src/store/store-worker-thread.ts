import { Worker } from 'node:worker_threads';
import type { StoreKeys } from './encryption/store-keys.ts';
import type { ToMain, ToWorker } from './worker-protocol.ts';

/** A running store worker, as its client sees it. */
export interface StoreWorker {
  post(message: ToWorker): void;
  onMessage(listener: (message: ToMain) => void): void;
  /** Told once, however it ended. `detail` is for the log. */
  onEnd(listener: (detail: string) => void): void;
  /** Ends it at once. What was not acknowledged may or may not have been written. */
  kill(): Promise<void>;
}

/** What the worker is told at its start. */
export interface StoreWorkerData {
  /** The store's folder, absolute. */
  readonly folder: string;
  /** The file `sql-wasm.wasm` of sql.js. */
  readonly wasmFile: string;
  /** What is encrypted is opened with these; without them it is locked. */
  readonly keys?: StoreKeys | undefined;
}

/** Starts `dist/store-worker.cjs`, or in tests `src/worker/store-worker.ts`. Does not wait for it. */
export function startStoreWorker(file: string, data: StoreWorkerData): StoreWorker {
  const worker = new Worker(file, { workerData: data, name: 'hearthlink-store' });
  return {
    post: (message) => { worker.postMessage(message, memoryOf(message)); },
    onMessage: (listener) => void worker.on('message', listener),
    onEnd: (listener) => {
      let detail = '';
      worker.on('error', (error) => { detail = error instanceof Error ? error.message : String(error); });
      worker.once('exit', (code) => { listener(detail === '' ? `code ${code}` : detail); });
    },
    kill: async () => {
      await worker.terminate();
    },
  };
}

/** A piece of a backup is handed over, not copied. */
function memoryOf(message: ToWorker): ArrayBuffer[] {
  if (message.type !== 'backup' || message.request.method !== 'scratchPut') return [];
  const { buffer } = message.request.argument.bytes;
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}
