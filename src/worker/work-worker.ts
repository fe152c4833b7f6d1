/**
 * The work worker: reads what a person brings in, where it holds up neither the editor nor the store. Started for one file and
 * ended after it; whoever cancels ends the thread.
 */
import fs from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { HearthlinkError } from '../shared/errors.ts';
import type { FileToRead, FromImportReader, ToImportReader } from '../operations/transfer/import-messages.ts';
import { batchesOf } from '../operations/transfer/import-batches.ts';
import { summaryOf, type ImportPlan } from '../operations/transfer/import-plan.ts';
import { largestImportBytes, readImport } from '../operations/transfer/read-import.ts';

const main = parentPort;
if (main === null) throw new Error('The work worker is started by the extension.');

const post = (message: FromImportReader) => { main.postMessage(message); };
let batches: ReturnType<typeof batchesOf> | null = null;

main.on('message', (message: ToImportReader) => {
  try {
    if (message.type === 'read') {
      const plan = planOf(message.file);
      batches = batchesOf(plan.records);
      post({ type: 'summary', summary: summaryOf(plan), total: plan.records.length });
      return;
    }
    const next = batches?.next();
    post(next === undefined || next.done === true ? { type: 'end' } : { type: 'records', records: next.value });
  } catch (error) {
    post({ type: 'failed', error: HearthlinkError.from(error).toData() });
  }
});

function planOf({ path, name, uri }: FileToRead): ImportPlan {
  const { size, mtimeMs } = statOf(path);
  if (size > largestImportBytes) throw new HearthlinkError('import-too-large', { detail: `${Math.ceil(size / 1024 / 1024)} MB` });
  const text = fs.readFileSync(path, 'utf8');
  return readImport({ name, uri, text: text.startsWith('\uFEFF') ? text.slice(1) : text, modifiedAt: Math.round(mtimeMs) });
}

function statOf(path: string): fs.Stats {
  try {
    return fs.statSync(path);
  } catch (error) {
    throw new HearthlinkError('not-found', {}, error);
  }
}
