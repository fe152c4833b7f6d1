import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { nodeArchiveFiles } from '../../../src/operations/archive/node-archive-files.ts';
import { createArchives } from '../../../src/operations/backup/archives.ts';
import { BackupService } from '../../../src/operations/backup/backup-service.ts';
import { defaultRetention } from '../../../src/operations/backup/retention.ts';
import { defaultSchedule } from '../../../src/operations/backup/schedule.ts';
import { proposeKeyRing } from '../../../src/operations/keys/key-ring-proposal.ts';
import { unlockKeyRing, type KeyRing, type KeyRingSetup } from '../../../src/operations/keys/key-ring.ts';
import { createIdSource } from '../../../src/shared/ids.ts';
import { silentLog, type Clock, type RandomSource } from '../../../src/shared/ports.ts';
import { encryptedFiles } from '../../../src/store/encryption/encrypted-files.ts';
import { Backups } from '../../../src/store/engine/backups.ts';
import { nodeStoreFiles } from '../../../src/store/files/node-store-files.ts';
import { nodeWindowLock } from '../../../src/store/files/node-window-lock.ts';
import { notesContent } from '../../store/support/notes-content.ts';
import { NotesWindow, type NotesSetup } from '../../store/support/window.ts';

/** Where everything of one tortured store lies, and when it is. */
export interface Place {
  readonly root: string;
  /** The release that a process is of: 2 migrates. */
  readonly schemaVersion: number;
  /** How far the clock of a process is ahead, in milliseconds: a lease that a killed one has left is over in the next round. */
  readonly aheadMs: number;
}

export const storeIn = (root: string): string => path.join(root, 'store');
export const backupsIn = (root: string): string => path.join(root, 'backups');
/** While this file is there, no write is begun: a restore waits for a quiet moment. */
export const quietFile = (root: string): string => path.join(root, 'quiet');

const passphrase = 'gull rows quiet harbour';
export const systemRandom: RandomSource = { bytes: (length) => randomBytes(length) };

export function clockOf({ aheadMs }: Place): Clock {
  return { now: () => Date.now() + aheadMs };
}

/** @param ring has the keys of whatever is encrypted in the store, as far as it was read */
export function openWindow(name: string, place: Place, ring: KeyRing, changed: Partial<NotesSetup> = {}): NotesWindow {
  const clock = clockOf(place);
  const folder = storeIn(place.root);
  const keys = { ringId: ring.storeId, get keys() { return ring.contents.keys.map(({ id }) => ring.key(id)); } };
  return new NotesWindow(name, encryptedFiles(nodeStoreFiles(folder), keys, systemRandom), {
    content: notesContent(place.schemaVersion), clock, random: systemRandom, lock: nodeWindowLock(folder, clock, systemRandom), ...changed,
  });
}

function ringSetup({ root, ...place }: Place): KeyRingSetup {
  // The least work that is allowed: it is done in every process.
  return {
    file: path.join(root, 'KEYS'), files: nodeArchiveFiles, random: systemRandom, clock: clockOf({ root, ...place }),
    guessesOf: (text) => Promise.resolve(text.length), cost: { N: 1 << 14, r: 8, p: 1 },
  };
}

export async function makeRing(place: Place): Promise<void> {
  const proposal = await proposeKeyRing(ringSetup(place), 'ab'.repeat(16), passphrase);
  await proposal.confirmRecoveryKey(proposal.recoveryKey);
}

export function unlockRing(place: Place): Promise<KeyRing> {
  return unlockKeyRing(ringSetup(place), passphrase);
}

/** The product's backups over a window's store, encrypted with the newest key of the ring. */
export function serviceOver(window: NotesWindow, holder: string, ring: KeyRing, place: Place, folder = backupsIn(place.root)): BackupService {
  const clock = clockOf(place);
  return new BackupService({
    store: { backup: new Backups({ engine: window.engine, setup: window.setup, methods: noQuestions }) },
    archives: createArchives({
      files: nodeArchiveFiles, random: systemRandom, keyOf: ring.keyOf,
      key: async () => {
        await ring.refresh();
        return ring.activeKey();
      },
    }),
    folder,
    settings: () => ({ ...defaultSchedule, ...defaultRetention, secondFolder: null }),
    extensionVersion: '0.1.0',
    holder,
    clock,
    ids: createIdSource(clock, systemRandom),
    log: silentLog,
  });
}

const unanswered = { kind: 'read', run: () => Promise.reject(new Error('Notes answer no questions of chats.')) } as const;

const noQuestions = {
  'sessions.get': unanswered, 'sessions.list': unanswered, 'sessions.search': unanswered, 'messages.page': unanswered, 'messages.path': unanswered,
  'slices.get': unanswered, 'slices.list': unanswered, 'browsing.page': unanswered, 'browsing.count': unanswered, 'browsing.detail': unanswered,
  'transfer.exportPage': unanswered,
};
