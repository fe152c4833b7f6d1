import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import { readWhole, replaceWhole } from '../archive/whole-file.ts';
import { decodeKeyRing } from './key-ring-contents.ts';
import { keyRingFile, type KeyRing, type KeyRingSetup } from './key-ring.ts';

/** Copies of a key ring beside backups: without one, what is encrypted could not be read when the store's disk is lost. */

type Place = Pick<KeyRingSetup, 'file' | 'files' | 'random'>;

/** What the copy of a ring is called in a folder of backups, which several stores may share. */
export function keyCopyName(ringId: string): string {
  return `${keyRingFile}-${ringId}`;
}

/**
 * Brings the copy in a folder up to date: before each encrypted backup, and after each change of the ring. A machine that shares the folder
 * and the ring may have added keys to the copy; they are taken over first.
 * @param ring the same ring, open
 * @throws keys-damaged, and the copy stays as it is; vault-locked; store-full and the like
 */
export async function copyKeys(ring: KeyRing, { file, files, random }: Place, folder: string): Promise<void> {
  const copy = path.join(folder, keyCopyName(ring.storeId));
  const found = await readWhole(copy, files);
  if (found !== null) await takeFromCopy(ring, found);
  const bytes = await readWhole(file, files);
  if (bytes === null) throw new HearthlinkError('not-found', { part: keyRingFile });
  decodeKeyRing(bytes);
  if (found?.equals(bytes) !== true) await replaceWhole(copy, bytes, files, random);
}

/** A copy that cannot be read has nothing to take over. */
async function takeFromCopy(ring: KeyRing, bytes: Buffer): Promise<void> {
  try {
    await ring.takeFrom(decodeKeyRing(bytes));
  } catch (error) {
    if (!HearthlinkError.is(error, 'keys-damaged')) throw error;
  }
}

/**
 * Puts the copy of a ring in the place of one that is not there, on another machine say.
 * @throws conflict where there is a ring; not-found, keys-damaged
 */
export async function adoptKeys({ file, files, random }: Place, copy: string): Promise<void> {
  const bytes = await readWhole(copy, files);
  if (bytes === null) throw new HearthlinkError('not-found', { part: keyRingFile });
  decodeKeyRing(bytes);
  if ((await readWhole(file, files)) !== null) throw new HearthlinkError('conflict', { part: keyRingFile });
  await replaceWhole(file, bytes, files, random);
}

/** Keeps what is left of keys that are given up, beside what was put aside before: it may be worth something to somebody. */
export async function putAside({ file, files, random }: Place): Promise<void> {
  const left = await readWhole(file, files);
  if (left === null) return;
  const aside = `${file}.damaged`;
  const isTaken = (await readWhole(aside, files)) !== null;
  await replaceWhole(isTaken ? `${aside}-${Buffer.from(random.bytes(4)).toString('hex')}` : aside, left, files, random);
  await files.remove(file);
}
