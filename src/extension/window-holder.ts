import { hostname } from 'node:os';

/**
 * The name under which this window holds leases: machine, process, and something random, so that a later process with the
 * same number is another holder.
 */
export function windowHolder(random: string): string {
  return [hostname(), String(process.pid), random].join('/');
}

/** Holders of this machine whose process is gone: what they were writing will not be finished. */
export function deadHolders(holders: readonly string[]): readonly string[] {
  return holders.filter((holder) => {
    const [machine, pid] = holder.split('/');
    return machine === hostname() && !isAlive(Number(pid));
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Only "no such process" proves it dead; a process of another user answers with EPERM.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
