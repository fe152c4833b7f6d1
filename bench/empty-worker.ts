/** The least that a worker with sql.js can be: answers once that it has an empty database. */
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import initSqlJs from 'sql.js';
import * as z from 'zod';

const { wasmFile } = z.object({ wasmFile: z.string() }).parse(workerData);
void initSqlJs({ wasmBinary: new Uint8Array(fs.readFileSync(wasmFile)).buffer }).then((sqlJs) => {
  const rows = new sqlJs.Database().exec('SELECT 1');
  parentPort?.postMessage(rows.length);
});
