import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { leaseFileName } from '../../../src/operations/backup/folder-lease.ts';
import { systemCode } from '../../../src/store/files/file-error.ts';
import { deedIn, type Deed } from './deeds.ts';
import { backupsIn, quietFile, type Place } from './place.ts';

const writers = 3;
/**
 * A process is killed shortly after it has done a random number of deeds, so that as much happens on a machine that is busy: the
 * first after so many with backups, the others after so many writes.
 */
const mostWithBackups = 12;
const mostWrites = 200;
const longestMs = 15_000;
const root = path.resolve(import.meta.dirname, '../../..');

/** What came of one round: what its processes said they had done, and what was done to them. */
export interface Round {
  readonly deeds: readonly Deed[];
  readonly kills: number;
  readonly suspensions: number;
}

/** One file, so that a process is at work soon after its start. */
export function bundleWriter(folder: string): string {
  const outfile = path.join(folder, 'writer.mjs');
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'writer.ts')],
    outfile, bundle: true, platform: 'node', format: 'esm', absWorkingDir: root, logLevel: 'error',
    banner: { js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${JSON.stringify(`${root}/package.json`)});` },
    define: { 'import.meta.url': JSON.stringify(`file://${root}/package.json`), __dirname: JSON.stringify(root) },
  });
  return outfile;
}

/**
 * Starts processes on a store, and kills each at a random instant.
 * @param whileOpening also before they are at work, while they open the store, and migrate it
 */
export async function killWriters(script: string, place: Place, round: number, whileOpening: boolean): Promise<Round> {
  const deeds: Deed[] = [];
  let suspensions = 0;
  await Promise.all(Array.from({ length: writers }, async (_, i) => {
    const child = spawn(process.execPath, [script, `r${round}w${i}`, JSON.stringify(place)], { stdio: ['ignore', 'pipe', 'pipe'] });
    const writer = listenTo(child, deeds);
    if (whileOpening) await writer.opening;
    else await Promise.race([i === 0 ? writer.hasKept(Math.random() * mostWithBackups) : writer.hasWritten(Math.random() * mostWrites), sleep(longestMs)]);
    await sleep(Math.random() * 100);
    if (Math.random() < 0.2) {
      // It may hold the lock, and wakes up to a store that has gone on without it.
      suspensions++;
      child.kill('SIGSTOP');
      await sleep(Math.random() * 1500);
      child.kill('SIGCONT');
      await sleep(Math.random() * 100);
    }
    child.kill('SIGKILL');
    await writer.ended;
    endLease(place, `r${round}w${i}`);
  }));
  return { deeds: deeds.toSorted((a, b) => a.over - b.over), kills: writers, suspensions };
}

/** As if the time of a lease were over that a killed process has left, so that those that live get at the backups, and begin writes again. */
function endLease({ root: folder }: Place, holder: string): void {
  for (const file of [path.join(backupsIn(folder), leaseFileName), quietFile(folder)]) {
    try {
      if (fs.readFileSync(file, 'utf8').includes(`"${holder}"`)) fs.rmSync(file, { force: true });
    } catch (error) {
      // It was never there, or whoever has it now has removed it.
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  }
}

interface Listening {
  /** It has been loaded, and opens the store next. */
  readonly opening: Promise<void>;
  /** Resolves once so many writes have been acknowledged. */
  hasWritten(count: number): Promise<void>;
  /** Resolves once so much has been done with backups. */
  hasKept(count: number): Promise<void>;
  /** Rejects where it ended by itself. */
  readonly ended: Promise<void>;
}

/** Keeps what a process says, to the last whole line that it got out. */
function listenTo(child: ChildProcess, deeds: Deed[]): Listening {
  const lines: string[] = [];
  let rest = '';
  let complained = '';
  let isOver = false;
  const waiting: { readonly isReached: () => boolean; readonly resolve: () => void }[] = [];
  const tell = (): void => { for (const { isReached, resolve } of waiting) if (isOver || isReached()) resolve(); };
  const reached = (isReached: () => boolean): Promise<void> => new Promise((resolve) => {
    waiting.push({ isReached, resolve });
    tell();
  });
  const writes = (): number => lines.filter((line) => line.startsWith('wrote ')).length;
  const isAtWork = (): boolean => lines.includes('ready');
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop() ?? '';
    lines.push(...pieces);
    tell();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { complained += text; });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('close', (_, signal) => {
      isOver = true;
      tell();
      for (const line of lines) {
        const deed = deedIn(line);
        if (deed !== null) deeds.push(deed);
      }
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`A writer ended by itself: ${complained}`));
    });
  });
  return {
    opening: reached(() => lines.length > 0),
    hasWritten: (count) => reached(() => isAtWork() && writes() >= count),
    hasKept: (count) => reached(() => isAtWork() && lines.length - writes() - 2 >= count),
    ended,
  };
}
