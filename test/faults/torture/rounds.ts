import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { nodeStoreFiles } from '../../../src/store/files/node-store-files.ts';
import { counterId, listNotes, searchNotes, versionsById } from '../../store/support/notes-content.ts';
import { NotesWindow } from '../../store/support/window.ts';
import { wallClock } from './wall-clock.ts';

const writers = 3;
/** A store grows with every round, and reading it whole after each gets slow; so it begins anew after this many. */
const roundsPerStore = 10;
const root = path.resolve(import.meta.dirname, '../../..');

export interface TortureResult {
  readonly rounds: number;
  readonly kills: number;
  readonly suspensions: number;
  readonly acknowledged: number;
  readonly generations: number;
}

/**
 * Lets several processes write to one store, rotate and purge it, and kills them at random instants, round after round.
 * After each round everything that was acknowledged must be there, once, and a window that has been open all the time, and
 * one that opens then, must agree. Throws an AssertionError otherwise, and leaves the store's folder for looking at.
 * @param say told about each round
 */
export async function torture(rounds: number, say: (line: string) => void): Promise<TortureResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-torture-'));
  const script = bundleWriter(folder);
  const total = { rounds: 0, kills: 0, suspensions: 0, acknowledged: 0, generations: 0 };
  while (total.rounds < rounds) {
    const store = path.join(folder, `store-${total.rounds}`);
    fs.mkdirSync(store);
    const acknowledged = new Set<string>();
    const watcher = openWindow('watcher', store);
    let generation = 0;
    for (let i = 0; i < roundsPerStore && total.rounds < rounds; i++) {
      const { kills, suspensions } = await killWritersOf(script, store, total.rounds, acknowledged);
      total.kills += kills;
      total.suspensions += suspensions;
      total.rounds++;
      generation = await check(watcher, store, acknowledged);
      say(`Round ${total.rounds}: ${acknowledged.size} acknowledged writes, generation ${generation}.`);
    }
    total.acknowledged += acknowledged.size;
    total.generations += generation;
    await watcher.engine.close();
    fs.rmSync(store, { recursive: true });
  }
  fs.rmSync(folder, { recursive: true });
  return total;
}

function openWindow(name: string, folder: string): NotesWindow {
  return new NotesWindow(name, nodeStoreFiles(folder), { clock: wallClock });
}

/** One file, so that a process is at work soon after its start. */
function bundleWriter(folder: string): string {
  const outfile = path.join(folder, 'writer.mjs');
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'writer.ts')],
    outfile, bundle: true, platform: 'node', format: 'esm', absWorkingDir: root, logLevel: 'error',
    banner: { js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(`${root}/package.json`)});` },
    define: { 'import.meta.url': JSON.stringify(`file://${root}/package.json`), __dirname: JSON.stringify(root) },
  });
  return outfile;
}

async function killWritersOf(
  script: string,
  store: string,
  round: number,
  acknowledged: Set<string>,
): Promise<{ kills: number; suspensions: number }> {
  let suspensions = 0;
  await Promise.all(Array.from({ length: writers }, async (_, i) => {
    const child = spawn(process.execPath, [script, store, `r${round}w${i}`], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = listenTo(child, acknowledged);
    await ended.ready;
    await sleep(Math.random() * 400);
    if (Math.random() < 0.2) {
      // It may hold the lock, and wakes up to a store that has gone on without it.
      suspensions++;
      child.kill('SIGSTOP');
      await sleep(Math.random() * 1500);
      child.kill('SIGCONT');
      await sleep(Math.random() * 100);
    }
    child.kill('SIGKILL');
    await ended.ended;
  }));
  return { kills: writers, suspensions };
}

/** Keeps what a writer says was acknowledged, to the last line that it got out. */
function listenTo(child: ChildProcess, acknowledged: Set<string>): { ready: Promise<void>; ended: Promise<void> } {
  let said = '';
  let complained = '';
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => { isReady = resolve; });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes('ready\n')) isReady();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { complained += text; });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('close', (_, signal) => {
      isReady();
      const lines = said.split('\n').slice(0, -1);
      for (const line of lines) if (line !== 'ready') acknowledged.add(line);
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`A writer ended by itself: ${complained}`));
    });
  });
  return { ready, ended };
}

/** Answers the generation that the store has come to. */
async function check(watcher: NotesWindow, store: string, acknowledged: ReadonlySet<string>): Promise<number> {
  const opened = openWindow('opened', store);
  const views = [];
  for (const window of [watcher, opened]) {
    const status = await window.engine.status();
    assert.equal(status.state, 'ready', JSON.stringify(status.problem));
    const notes = versionsById(await window.call(listNotes));
    const lost = [...acknowledged].filter((id) => !notes.has(id));
    assert.deepEqual(lost, [], 'acknowledged and not there');
    const done = [...notes.keys()].filter((id) => id !== counterId && !id.startsWith('forgotten'));
    assert.equal(notes.get(counterId) ?? 0, done.length, 'each write is applied once');
    const found = await window.call(searchNotes, 'done');
    assert.deepEqual(found, done.toSorted(), 'the index follows the rows');
    views.push({ chain: status.chain, sequence: status.sequence, notes: [...notes] });
  }
  assert.deepEqual(views[0], views[1], 'the window that was open all the time and the one that opened now');
  const { generation } = await opened.engine.status();
  await opened.engine.close();
  return generation;
}
