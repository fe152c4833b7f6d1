import type { Clock } from '../../shared/ports.ts';
import type { ArchiveKey } from '../archive/archive-cipher.ts';
import { isAged, type RotationStep } from './key-ring-contents.ts';
import type { KeyRing } from './key-ring.ts';

/**
 * What is encrypted and in use, as opposed to backups, which stay under the key they were written with. Each method may be asked
 * again after it was interrupted, or after it was done.
 */
export interface RotatedContent {
  /** Writes all of it under `to`, beside what is there. */
  writeBeside(from: ArchiveKey, to: ArchiveKey): Promise<void>;
  /** Reads what was written beside with `to`, from the disk, and compares it with what is there. @throws where they differ */
  verifyBeside(from: ArchiveKey, to: ArchiveKey): Promise<void>;
  /** What was written beside takes the place of what is there. */
  swap(to: ArchiveKey): Promise<void>;
  /** The id of the key that it is under; 0: it is not encrypted. @throws where that cannot be told */
  keyInUse(): Promise<number>;
}

/** Where only backups are encrypted, there is nothing to write anew: the next backup is under the new key. */
export const nothingInUse: RotatedContent = {
  writeBeside: () => Promise.resolve(),
  verifyBeside: () => Promise.resolve(),
  swap: () => Promise.resolve(),
  keyInUse: () => Promise.resolve(0),
};

/**
 * Puts a new data key in the place of the active one, or goes on where an interrupted rotation stands. At every moment the file of
 * keys on the disk has the keys of all that is on the disk: the new key is in it before anything is written with it, and the
 * old one stays in it.
 * @throws what a step throws; calling it again goes on
 */
export async function rotateKey(ring: KeyRing, content: RotatedContent, clock: Clock): Promise<void> {
  await ring.refresh();
  if (ring.contents.rotation === null) await begin(ring, clock);
  for (let rotation = ring.contents.rotation; rotation !== null; rotation = ring.contents.rotation) {
    const [from, to] = [ring.key(rotation.from), ring.key(rotation.to)];
    switch (rotation.step) {
      case 'key-written':
        await content.writeBeside(from, to);
        await reach(ring, 'written-beside');
        break;
      case 'written-beside':
        await verify(ring, () => content.verifyBeside(from, to));
        break;
      case 'verified':
        await content.swap(to);
        await finish(ring, clock);
        break;
    }
  }
}

/**
 * Drops retired keys that nothing is under any more. Answers their ids.
 * @param inUse the ids of the keys of all backups in all folders, and of what is in use
 */
export async function dropAgedKeys(ring: KeyRing, inUse: ReadonlySet<number>, clock: Clock): Promise<readonly number[]> {
  await ring.refresh();
  const dropped = ring.contents.keys.filter((key) => isAged(key, clock.now()) && !inUse.has(key.id)).map(({ id }) => id);
  if (ring.contents.rotation !== null || dropped.length === 0) return [];
  await ring.change((contents) => ({ ...contents, keys: contents.keys.filter(({ id }) => !dropped.includes(id)) }));
  return dropped;
}

async function begin(ring: KeyRing, clock: Clock): Promise<void> {
  await ring.change((contents) => {
    const key = ring.makeDataKey(contents);
    return {
      ...contents,
      keys: [...contents.keys, key],
      nextId: key.id + 1,
      rotation: { from: contents.active, to: key.id, startedAt: clock.now(), step: 'key-written' },
    };
  });
}

/** What cannot be read back is written again. */
async function verify(ring: KeyRing, compare: () => Promise<void>): Promise<void> {
  try {
    await compare();
  } catch (error) {
    await reach(ring, 'key-written');
    throw error;
  }
  await reach(ring, 'verified');
}

async function reach(ring: KeyRing, step: RotationStep): Promise<void> {
  await ring.change((contents) => ({ ...contents, rotation: contents.rotation === null ? null : { ...contents.rotation, step } }));
}

async function finish(ring: KeyRing, clock: Clock): Promise<void> {
  await ring.change((contents) => {
    if (contents.rotation === null) return contents;
    const { from, to } = contents.rotation;
    const keys = contents.keys.map((key) => (key.id === from ? { ...key, retiredAt: clock.now() } : key));
    return { ...contents, keys, active: to, rotation: null };
  });
}
