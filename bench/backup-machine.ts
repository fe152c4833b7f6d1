import path from 'node:path';
import type { ArchiveKey } from '../src/operations/archive/archive-cipher.ts';
import { nodeArchiveFiles } from '../src/operations/archive/node-archive-files.ts';
import { createArchives } from '../src/operations/backup/archives.ts';
import { BackupService } from '../src/operations/backup/backup-service.ts';
import { defaultRetention } from '../src/operations/backup/retention.ts';
import { defaultSchedule } from '../src/operations/backup/schedule.ts';
import { proposeKeyRing } from '../src/operations/keys/key-ring-proposal.ts';
import { unlockKeyRing, type KeyRing, type KeyRingSetup } from '../src/operations/keys/key-ring.ts';
import { silentLog } from '../src/shared/ports.ts';
import { createStoreClient, type StoreClient } from '../src/store/client.ts';
import { startStoreWorker } from '../src/store/store-worker-thread.ts';
import { clock, ids, random, timers, wasmFile } from './store-rig.ts';

export const passphrase = 'gull rows quiet harbour';

export interface BackupMachine {
  readonly store: StoreClient;
  readonly service: BackupService;
  /** Opens the ring with the passphrase, at the cost it has in the product, and gives its key to what follows. */
  unlock(): Promise<void>;
}

interface Folders {
  readonly store: string;
  readonly backups: string;
  /** The file of the key ring. */
  readonly keys: string;
}

/** The product's store and encrypted backups as a window has them; locked. */
export function openMachine(workerFile: string, { store: folder, backups, keys }: Folders): BackupMachine {
  const store = createStoreClient({ startWorker: () => startStoreWorker(workerFile, { folder, wasmFile }), clock, timers, ids, log: silentLog });
  let ring: KeyRing | null = null;
  const key = (): ArchiveKey | null => ring?.activeKey() ?? null;
  const archives = createArchives({ files: nodeArchiveFiles, random, key, keyOf: (id, ringId) => ring?.keyOf(id, ringId) ?? null });
  const service = new BackupService({
    store, archives, folder: backups, clock, ids,
    settings: () => ({ ...defaultSchedule, ...defaultRetention, secondFolder: null }),
    extensionVersion: '0.1.0', holder: path.basename(backups), log: silentLog,
  });
  return { store, service, unlock: async () => { ring = await unlockKeyRing(ringSetup(keys), passphrase); } };
}

export async function makeKeyRing(file: string): Promise<void> {
  const proposal = await proposeKeyRing(ringSetup(file), 'ab'.repeat(16), passphrase);
  await proposal.confirmRecoveryKey(proposal.recoveryKey);
}

function ringSetup(file: string): KeyRingSetup {
  return { file, files: nodeArchiveFiles, random, clock, guessesOf: () => Promise.resolve(20) };
}
