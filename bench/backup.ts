/**
 * Backups beside restic: the same store and documents, encrypted, compressed and flushed by both, and each step from the passphrase.
 * `npm run bench:backup`, with `-- --json` for rows.
 */
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { narrowSnowball } from '../scripts/narrow-snowball.ts';
import { addSmallChange, bytesIn, makeBackupStore } from './backup-data.ts';
import { makeKeyRing, openMachine, type BackupMachine } from './backup-machine.ts';
import { report, say } from './report.ts';
import { ResticPeer, whyNoRestic } from './restic-peer.ts';
import { benchRow, median, missingRow, timedAsync, type BenchRow } from './rows.ts';
import { engineIn, newFolder } from './store-rig.ts';

const bench = 'bench:backup';
const rounds = 3;
const steps = ['full', 'incremental', 'verify', 'restore'] as const;
type Times = Record<typeof steps[number], number>;

const folder = newFolder();
const store = path.join(folder, 'store');
const workerFile = await bundleWorker(folder);
const whyNot = whyNoRestic();
say('Filling a store ...');
await makeBackupStore(store);
say(`The store and its documents are ${megabytes(bytesIn(store))}.`);

const ours: Times[] = [];
const theirs: Times[] = [];
for (let round = 0; round < rounds; round++) {
  const { our, their } = await measureRound(path.join(folder, `round-${round}`), round);
  ours.push(our);
  if (their !== null) theirs.push(their);
}
fs.rmSync(folder, { recursive: true });
report('Backups', steps.map(rowOf));

function rowOf(step: typeof steps[number]): BenchRow {
  const name = `${step}-vs-restic`;
  if (whyNot !== null) return missingRow(bench, name, 'ratio', whyNot);
  const ratios = ours.map((our, i) => our[step] / (theirs[i]?.[step] ?? NaN));
  return benchRow(bench, name, median(ratios), 'ratio');
}

/** Both do each step one after the other, and each begins with the passphrase. */
async function measureRound(place: string, round: number): Promise<{ readonly our: Times; readonly their: Times | null }> {
  fs.mkdirSync(place);
  const restic = whyNot === null ? new ResticPeer(place) : null;
  const at = { store, backups: path.join(place, 'backups'), keys: path.join(place, 'KEYS') };
  await makeKeyRing(at.keys);
  const machine = openMachine(workerFile, at);
  await machine.store.status();
  const [our, their] = [noTimes(), noTimes()];

  our.full = await fromPassphrase(machine, () => backUp(machine, 'full'));
  their.full = restic?.backUp(store) ?? NaN;
  await machine.service.prove(await newest(machine)); // as the schedule does behind each backup
  await change(round);
  our.incremental = await fromPassphrase(machine, () => backUp(machine, 'changes'));
  their.incremental = restic?.backUp(store) ?? NaN;
  const changes = await newest(machine);
  our.verify = await fromPassphrase(machine, () => machine.service.prove(changes));
  their.verify = restic?.verify() ?? NaN;
  await machine.store.close();

  const other = await newMachine(path.join(place, 'new'), at);
  our.restore = await fromPassphrase(other, () => other.service.restore({ type: 'backup', id: changes }));
  their.restore = restic?.restore(path.join(place, 'restored')) ?? NaN;
  const over = await fromPassphrase(other, () => other.service.restore({ type: 'backup', id: changes }));
  const unlock = await fromPassphrase(other, () => Promise.resolve());
  await other.store.close();

  say(`Round ${round + 1}, Hearthlink: ${words(our)}, of which the passphrase takes ${seconds(unlock)} each time; both backups are ${megabytes(bytesIn(at.backups))}. Over a store that holds as much, which is backed up and proved first, a restore takes ${seconds(over)}.`);
  if (restic !== null) say(`Round ${round + 1}, restic: ${words(their)}, of which process and passphrase take ${seconds(restic.unlock())} each time; both backups are ${megabytes(bytesIn(restic.repository))}.`);
  fs.rmSync(place, { recursive: true });
  return { our, their: restic === null ? null : their };
}

function noTimes(): Times {
  return { full: NaN, incremental: NaN, verify: NaN, restore: NaN };
}

function fromPassphrase(machine: BackupMachine, step: () => Promise<unknown>): Promise<number> {
  return timedAsync(async () => {
    await machine.unlock();
    await step();
  });
}

/** By another window. */
async function change(round: number): Promise<void> {
  const writing = engineIn(store);
  await addSmallChange(writing, round + 1);
  await writing.engine.close();
}

/** One that has the backups and the keys, and an empty store. */
async function newMachine(place: string, from: { readonly backups: string; readonly keys: string }): Promise<BackupMachine> {
  const machine = openMachine(workerFile, { store: path.join(place, 'store'), backups: path.join(place, 'backups'), keys: from.keys });
  fs.cpSync(from.backups, path.join(place, 'backups'), { recursive: true, preserveTimestamps: true });
  await machine.store.status();
  return machine;
}

async function backUp({ service }: BackupMachine, kind: 'full' | 'changes'): Promise<void> {
  const made = await service.backUp(kind, 'hand');
  if (made?.kind !== kind) throw new Error(`The backup is not of the kind ${kind}.`);
}

async function newest({ service }: BackupMachine): Promise<string> {
  const [backup] = (await service.overview()).backups;
  if (backup === undefined) throw new Error('There is no backup.');
  return backup.id;
}

function words(of: Times): string {
  return steps.map((step) => `${step} ${seconds(of[step])}`).join(', ');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** As it ships: one file, minified. */
async function bundleWorker(outdir: string): Promise<string> {
  await build({
    absWorkingDir: path.resolve(import.meta.dirname, '..'), outdir, bundle: true, minify: true, platform: 'node', target: 'node22', format: 'cjs', outExtension: { '.js': '.cjs' },
    entryPoints: ['src/worker/store-worker.ts'], logLevel: 'error', supported: { 'dynamic-import': false }, plugins: [narrowSnowball],
  });
  return path.join(outdir, 'store-worker.cjs');
}
