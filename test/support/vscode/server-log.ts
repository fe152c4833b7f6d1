import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a VS Code server writes to its log folder, and what can be told from it. */
export class ServerLog {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The pids of the extension hosts that are up, one for each open window. */
  extensionHostPids(): number[] {
    const up = /Extension host with pid (\d+) started(?:(?!with pid)[^])*?Eager extensions activated/g;
    const logs = this.#read('remoteexthost.log');
    return logs.flatMap((log) => [...log.matchAll(up)].map(([, pid]) => Number(pid))).filter(isAlive);
  }

  /** What an output channel created with `{ log: true }` holds, from every extension host so far. */
  outputChannel(name: string): string {
    return this.#read(`${name}.log`).join('');
  }

  /** The logs of that name, oldest first. */
  #read(name: string): string[] {
    if (!existsSync(this.#folder)) return [];
    const files = readdirSync(this.#folder, { recursive: true, encoding: 'utf8' });
    const matching = files.filter((file) => path.basename(file) === name).sort();
    return matching.map((file) => readFileSync(path.join(this.#folder, file), 'utf8'));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
