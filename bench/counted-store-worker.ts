/** The store worker as it is, with each flush that it asks the system for counted in shared memory. */
import fs from 'node:fs';
import { workerData } from 'node:worker_threads';
import * as z from 'zod';

const { flushes } = z.object({ flushes: z.instanceof(SharedArrayBuffer) }).parse(workerData);
const counter = new Int32Array(flushes);

function counted<Arguments extends unknown[], Result>(flush: (...given: Arguments) => Result): (...given: Arguments) => Result {
  return function (this: unknown, ...given) {
    Atomics.add(counter, 0, 1);
    return flush.apply(this, given);
  };
}

fs.fsyncSync = counted(fs.fsyncSync);
fs.fdatasyncSync = counted(fs.fdatasyncSync);

// File handles have no class that could be named, so it is taken from one of them.
const handle = await fs.promises.open(import.meta.filename);
const handles: Pick<fs.promises.FileHandle, 'sync' | 'datasync'> = Object.getPrototypeOf(handle);
await handle.close();
handles.sync = counted(handles.sync);
handles.datasync = counted(handles.datasync);

await import('../src/worker/store-worker.ts');
