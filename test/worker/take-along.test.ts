import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ImportReader } from '../../src/extension/transfer/import-reader.ts';
import { exportAsJson } from '../../src/operations/transfer/export-text.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { StoreClient } from '../../src/store/client.ts';
import { storeHarbourChats } from '../support/store/harbour-chats.ts';
import { openRealStore } from '../support/store/real-store.ts';

const workerFile = path.join(import.meta.dirname, '../../src/worker/work-worker.ts');
const at = Date.UTC(2026, 10, 21);

/** A folder with a store in it, which is closed and removed in the end. */
async function withStore(use: (store: StoreClient, folder: string) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'hearthlink-take-along-'));
  const store = openRealStore(path.join(folder, 'store'));
  try {
    await use(store, folder);
  } finally {
    await store.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function exportTo(store: StoreClient, file: string): Promise<string> {
  const pieces: string[] = [];
  const readPage = (part: Parameters<StoreClient['transfer']['exportPage']>[0]['part'], after: string | null) => store.transfer.exportPage({ part, after, limit: 7 });
  for await (const piece of exportAsJson(readPage, { exportedAt: at, madeBy: 'test' }, () => undefined)) pieces.push(piece);
  fs.writeFileSync(file, pieces.join(''));
  return pieces.join('');
}

async function importFrom(store: StoreClient, file: string): Promise<void> {
  const reader = await ImportReader.open(workerFile, { path: file, name: path.basename(file), uri: `file://${file}` }, new AbortController().signal);
  try {
    await store.transfer.begin({ id: 'import', source: reader.summary.source, name: path.basename(file), at });
    for (let records = await reader.next(); records !== null; records = await reader.next()) await store.transfer.add({ importId: 'import', records, at });
  } finally {
    reader.dispose();
  }
}

describe('everything, taken along', () => {
  it('is exported, erased with the folder, and imported again: all of it is as before', () =>
    withStore(async (store, folder) => {
      await storeHarbourChats(store, at);
      const file = path.join(folder, 'export.json');
      const before = await exportTo(store, file);
      await store.whileStopped(() => fs.promises.rm(path.join(folder, 'store'), { recursive: true }));
      assert.deepEqual((await store.status()).counts, { sessions: 0, messages: 0, slices: 0 });
      await importFrom(store, file);
      assert.equal(await exportTo(store, file), before);
      assert.ok(before.split('\n').length > 20);
    }));

  it('is taken out again as one step', () =>
    withStore(async (store, folder) => {
      await storeHarbourChats(store, at);
      const file = path.join(folder, 'export.json');
      await exportTo(store, file);
      await store.whileStopped(() => fs.promises.rm(path.join(folder, 'store'), { recursive: true }));
      await importFrom(store, file);
      await store.transfer.undo({ id: 'import', at });
      assert.deepEqual((await store.status()).counts, { sessions: 0, messages: 0, slices: 0 });
    }));

  it('is refused in the reader’s thread where the file is broken or not there, and reading can be cancelled', () =>
    withStore(async (_, folder) => {
      const broken = path.join(folder, 'broken.json');
      fs.writeFileSync(broken, '[{"mapping":');
      const open = (file: string, signal = new AbortController().signal) => ImportReader.open(workerFile, { path: file, name: 'broken.json', uri: '' }, signal);
      await assert.rejects(open(broken), (error) => HearthlinkError.is(error, 'import-unreadable'));
      await assert.rejects(open(path.join(folder, 'gone.json')), (error) => HearthlinkError.is(error, 'not-found'));
      const abort = new AbortController();
      const reading = open(broken, abort.signal);
      abort.abort();
      await assert.rejects(reading, (error) => HearthlinkError.is(error, 'cancelled'));
    }));
});
