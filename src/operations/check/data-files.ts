import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemCode } from '../../store/files/file-error.ts';
import type { CheckProgress } from './live-proof.ts';

/** Files and folders below a folder, with `/` between names; none where there is no such folder. */
async function below(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { recursive: true })).map((name) => name.replaceAll(path.sep, '/'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * What somebody else on this machine may look into: those of these folders, and of what is in them, that others than their owner
 * may read or write. Null where the system has no such permissions.
 */
export async function openToOthers(folders: readonly string[], platform: NodeJS.Platform): Promise<readonly string[] | null> {
  if (platform === 'win32') return null;
  const open: string[] = [];
  for (const folder of folders) {
    for (const name of ['', ...(await below(folder))]) {
      const file = path.join(folder, name);
      const status = await statusOf(file);
      if (status !== null && !status.isSymbolicLink() && (status.mode & 0o077) !== 0) open.push(file);
    }
  }
  return open;
}

/** Documents, which are named by the SHA-256 of what is in them, and whether it still is. One that cannot be read is damaged. */
export async function checkBlobs(folder: string, progress: CheckProgress): Promise<{ readonly count: number; readonly damaged: readonly string[] }> {
  const damaged: string[] = [];
  let count = 0;
  for (const name of await below(folder)) {
    const file = path.join(folder, name);
    const expected = /^[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (expected === undefined) continue;
    progress.throwIfStopped();
    count++;
    if ((await digestOf(file)) !== expected) damaged.push(name);
  }
  return { count, damaged };
}

/** Null for what cannot be read. */
async function digestOf(file: string): Promise<string | null> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(file), digest);
  } catch {
    return null;
  }
  return digest.digest('hex');
}

/** Null for what is gone by now: files come and go while one looks. */
async function statusOf(file: string): Promise<Stats | null> {
  try {
    return await lstat(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
