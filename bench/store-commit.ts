import fs from 'node:fs';
import path from 'node:path';
import { silentLog } from '../src/shared/ports.ts';
import { createStoreClient } from '../src/store/client.ts';
import { openNewest } from '../src/store/engine/opening.ts';
import { nodeStoreFiles } from '../src/store/files/node-store-files.ts';
import type { JournalFile, StoreFiles } from '../src/store/files/store-files.ts';
import { startStoreWorker } from '../src/store/store-worker-thread.ts';
import { benchRow, median, type BenchRow } from './rows.ts';
import {
  clock, content, engineIn, enqueue, ids, newFolder, newJob, setupIn, SqlitePeer, sqlJs, statementsOfOneJob, timedTurns, timers, wasmFile,
} from './store-rig.ts';

const bench = 'bench:store';
const rounds = 5;
const commitsPerRound = 400;

/** One write after the other, in the worker's code and as the main thread sees it, beside SQLite's own. */
export async function commitRows(workerFile: string): Promise<BenchRow[]> {
  const folder = newFolder();
  const example = await statementsOfOneJob();
  const peer = new SqlitePeer(folder, example);
  const here = engineIn(path.join(folder, 'here'));
  const client = createStoreClient({
    startWorker: () => startStoreWorker(workerFile, { folder: path.join(folder, 'there'), wasmFile }), clock, timers, ids, log: silentLog,
  });
  const inWorker: number[] = [];
  const fromMain: number[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    const theirs = median(await timedTurns(commitsPerRound, () => { peer.commit(); }));
    const ours = median(await timedTurns(commitsPerRound, () => here.call(enqueue, newJob())));
    const asMain = median(await timedTurns(commitsPerRound, () => client.jobs.enqueue(newJob())));
    if (round === 0) continue; // everything is compiled by then
    inWorker.push(ours / theirs);
    fromMain.push(asMain / theirs);
  }
  await client.close();
  await here.engine.close();
  peer.close();
  fs.rmSync(folder, { recursive: true });
  return [
    benchRow(bench, 'commit-p50-vs-sqlite-wal', median(inWorker), 'ratio'),
    benchRow(bench, 'commit-from-main-p50-vs-sqlite-wal', median(fromMain), 'ratio'),
  ];
}

/** How many more commits 64 writers get done than one, when a flush takes 5 ms. */
export async function groupCommitRow(): Promise<BenchRow> {
  const flushMs = 5;
  const measureMs = 2000;
  const rate = async (writers: number): Promise<number> => {
    const folder = newFolder();
    const { engine, call } = engineIn(folder, { files: slowFlush(nodeStoreFiles(folder), flushMs) });
    await call(enqueue, newJob());
    const end = performance.now() + measureMs;
    let done = 0;
    await Promise.all(Array.from({ length: writers }, async () => {
      while (performance.now() < end) {
        await call(enqueue, newJob());
        done++;
      }
    }));
    await engine.close();
    fs.rmSync(folder, { recursive: true });
    return done / measureMs;
  };
  const ratios: number[] = [];
  for (let round = 0; round < 3; round++) ratios.push((await rate(64)) / (await rate(1)));
  return benchRow(bench, 'group-commit-64-writers-vs-1', median(ratios), 'ratio');
}

function slowFlush(files: StoreFiles, flushMs: number): StoreFiles {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const slow = (journal: JournalFile): JournalFile => ({ ...journal, flush: () => void Atomics.wait(sleeper, 0, 0, flushMs) });
  return {
    ...files,
    openJournal: (name) => {
      const journal = files.openJournal(name);
      return journal === null ? null : slow(journal);
    },
  };
}

/** What a read pays to know that no other window has written. */
export async function stalenessRow(): Promise<BenchRow> {
  const folder = newFolder();
  const { engine, call } = engineIn(folder);
  await call(enqueue, newJob());
  await engine.close();
  const replica = openNewest(setupIn(folder))?.replica;
  if (replica === undefined) throw new Error('The store cannot be opened.');
  replica.catchUp();
  const checks = 20_000;
  const rates: number[] = [];
  for (let round = 0; round < 10; round++) {
    const start = performance.now();
    for (let i = 0; i < checks; i++) replica.catchUp();
    rates.push(((performance.now() - start) * 1000) / checks);
  }
  replica.close();
  fs.rmSync(folder, { recursive: true });
  return benchRow(bench, 'staleness-check-us', median(rates), 'µs');
}

/** One small write to a store of 50 MB, beside writing the whole database anew. */
export async function saveRow(): Promise<BenchRow> {
  const folder = newFolder();
  const { engine, call } = engineIn(path.join(folder, 'store'));
  const payload = 5000;
  for (let batch = 0; batch < 50; batch++) await Promise.all(Array.from({ length: 200 }, () => call(enqueue, newJob(payload))));
  await engine.rotate();
  const database = new sqlJs.Database(fs.readFileSync(newestSnapshot(path.join(folder, 'store'))));
  const ours = median(await timedTurns(300, () => call(enqueue, newJob())));
  const theirs = median(await timedTurns(7, () => { exportAndReplace(database.export(), path.join(folder, 'exported.sqlite')); }));
  database.close();
  await engine.close();
  fs.rmSync(folder, { recursive: true });
  return benchRow(bench, 'save-vs-export-per-save-50mb', theirs / ours, 'ratio');
}

function newestSnapshot(folder: string): string {
  const [newest = ''] = fs.readdirSync(folder).filter((name) => /^g\d/.test(name)).sort((a, b) => b.localeCompare(a));
  return path.join(folder, newest, 'snapshot.sqlite');
}

function exportAndReplace(bytes: Uint8Array, file: string): void {
  const unfinished = `${file}.new`;
  const descriptor = fs.openSync(unfinished, 'w');
  fs.writeSync(descriptor, bytes);
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
  fs.renameSync(unfinished, file);
}

/** Applying a journal of small records, beside sql.js's own way to run the same statements. */
export async function replayRow(): Promise<BenchRow> {
  const folder = newFolder();
  const records = 20_000;
  const { engine, call } = engineIn(folder, { files: slowFlush(nodeStoreFiles(folder), 0) });
  for (let i = 0; i < records; i++) await call(enqueue, newJob());
  await engine.close();
  const written = (await statementsOfOneJob()).filter(({ sql }) => !/^\s*select/i.test(sql));
  const ratios: number[] = [];
  for (let round = 0; round < 3; round++) {
    const opened = openNewest(setupIn(folder));
    const start = performance.now();
    opened?.replica.catchUp();
    const ours = performance.now() - start;
    opened?.replica.close();
    ratios.push(runPerRecord(written, records) / ours);
  }
  fs.rmSync(folder, { recursive: true });
  return benchRow(bench, 'replay-vs-run-per-record', median(ratios), 'ratio');
}

function runPerRecord(written: Awaited<ReturnType<typeof statementsOfOneJob>>, records: number): number {
  const database = new sqlJs.Database();
  content.migrate(database, 0);
  const [id] = written[0]?.parameters ?? [];
  const start = performance.now();
  for (let i = 0; i < records; i++) {
    const ownId = ids.next();
    for (const { sql, parameters } of written) database.run(sql, parameters.map((value) => (value === id ? ownId : value)));
  }
  const took = performance.now() - start;
  database.close();
  return took;
}

