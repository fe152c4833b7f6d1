import path from 'node:path';
import { HearthlinkError } from '../../shared/errors.ts';
import { readWhole, replaceWhole } from '../archive/whole-file.ts';
import { decodeKeyRing } from './key-ring-contents.ts';
import { keyRingFile, type KeyRingSetup } from './key-ring.ts';

/** Copies of a key ring beside backups: without one, what is encrypted could not be read when the store's disk is lost. */

type Place = Pick<KeyRingSetup, 'file' | 'files' | 'random'>;

/** What the copy of a ring is called in a folder of backups, which several stores may share. */
export function keyCopyName(ringId: string): string {
  return `${keyRingFile}-${ringId}`;
}

/**
 * Brings the copy in a folder up to date: before each encrypted backup, and after each change of the ring.
 * @throws not-found where there is no ring; keys-damaged, and the copy stays as it is; store-full and the like
 */
export async function copyKeys({ file, files, random }: Place, folder: string): Promise<void> {
  const bytes = await readWhole(file, files);
  if (bytes === null) throw new HearthlinkError('not-found', { part: keyRingFile });
  const copy = path.join(folder, keyCopyName(decodeKeyRing(bytes).contents.storeId));
  const found = await readWhole(copy, files);
  if (found?.equals(bytes) !== true) await replaceWhole(copy, bytes, files, random);
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
