import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A file system of its own in memory, as large as it is told, for a test to fill and to write-protect. */
export class SmallDisk implements Disposable {
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'hearthlink-disk-'));
  /** Where a store may lie on it. */
  readonly store = path.join(this.path, 'store');

  constructor(bytes: number) {
    run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.path);
  }

  /** Leaves this many bytes free at most, by a file that stands in the way until it is removed. */
  fill(leave: number): { remove(): void } {
    const { bavail, bsize } = fs.statfsSync(this.path);
    const file = path.join(this.path, 'filling');
    fs.writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
    return { remove: () => { fs.rmSync(file); } };
  }

  /** Makes it larger or smaller, with what is on it. */
  resize(bytes: number): void {
    run('mount', '-o', `remount,size=${bytes}`, this.path);
  }

  protect(): void {
    run('mount', '-o', 'remount,ro', this.path);
  }

  unprotect(): void {
    run('mount', '-o', 'remount,rw', this.path);
  }

  [Symbol.dispose](): void {
    run('umount', this.path);
    fs.rmdirSync(this.path);
  }
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** Skips, and says why, where the machine cannot give a test disks. */
export function needsDisks(context: Mocha.Context): void {
  const reason = whyNoDisks();
  if (reason === null) return;
  process.stdout.write(`    Skipped: ${reason}.\n`);
  context.skip();
}

/** Why this machine lends no disk to a test; null where it does. */
function whyNoDisks(): string | null {
  if (process.platform !== 'linux') return 'small disks are mounted on Linux alone';
  if (process.getuid?.() !== 0) return 'only root may mount a small disk';
  try {
    new SmallDisk(4096)[Symbol.dispose]();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
