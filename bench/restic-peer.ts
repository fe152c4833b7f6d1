import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { passphrase } from './backup-machine.ts';

/** Null where restic can be measured; otherwise why it cannot. */
export function whyNoRestic(): string | null {
  const { status, error } = spawnSync('restic', ['version']);
  return error === undefined && status === 0 ? null : 'restic is not installed';
}

/** A repository of restic's own, encrypted and compressed as it does both by default. Answers milliseconds. */
export class ResticPeer {
  readonly repository: string;
  readonly #cache: string;

  constructor(folder: string) {
    this.repository = path.join(folder, 'repository');
    this.#cache = path.join(folder, 'cache');
    this.#run('init', '--repository-version', '2');
  }

  /** What every command costs before it does anything: the process, and scrypt over the passphrase. */
  unlock(): number {
    return this.#run('cat', 'config');
  }

  backUp(folder: string): number {
    return this.#run('backup', '--quiet', folder);
  }

  verify(): number {
    return this.#run('check', '--quiet', '--read-data');
  }

  /** Restores the newest snapshot, and flushes what it has written, which restic leaves to the system. */
  restore(target: string): number {
    const start = performance.now();
    this.#run('restore', '--quiet', 'latest', '--target', target);
    flushAll(target);
    return performance.now() - start;
  }

  #run(...words: readonly string[]): number {
    const start = performance.now();
    const { status, stderr, error } = spawnSync('restic', ['--repo', this.repository, '--cache-dir', this.#cache, ...words], {
      encoding: 'utf8', env: { ...process.env, RESTIC_PASSWORD: passphrase }, stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`restic ${words.join(' ')}: ${stderr}`);
    return performance.now() - start;
  }
}

function flushAll(folder: string): void {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const opened = fs.openSync(path.join(entry.parentPath, entry.name), 'r');
    fs.fsyncSync(opened);
    fs.closeSync(opened);
  }
}
