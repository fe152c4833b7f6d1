import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeArchiveFiles } from '../../../../src/operations/archive/node-archive-files.ts';
import { writeArchive } from '../../../../src/operations/archive/archive-writer.ts';
import { backupFileName } from '../../../../src/operations/backup/file-name.ts';
import type { RotatedContent } from '../../../../src/operations/keys/key-rotation.ts';
import { Vault, type KeysEvent } from '../../../../src/operations/keys/vault.ts';
import { seededIds, keepingLog, type HandClock } from '../../../support/seeded-ports.ts';
import { sampleHead, sampleParts, seededRandom } from '../../archive/support/sample-archive.ts';
import { passphrase, ringSetup, type MemoryKeep } from './sample-ring.ts';

/** A machine with a folder for its keys and one for its backups, on the disk. */
export interface SampleMachine {
  readonly root: string;
  readonly backups: string;
  readonly clock: HandClock;
  readonly keep: MemoryKeep;
}

export async function newMachine(clock: HandClock, keep: MemoryKeep): Promise<SampleMachine> {
  const root = await mkdtemp(path.join(tmpdir(), 'hearthlink-vault-'));
  const backups = path.join(root, 'backups');
  await mkdir(backups);
  return { root, backups, clock, keep };
}

export async function removeMachine({ root }: SampleMachine): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}

/** Another machine that has the backups of the first, and nothing else of it. */
export async function machineWithBackupsOf(machine: SampleMachine, keep: MemoryKeep): Promise<SampleMachine> {
  const other = await newMachine(machine.clock, keep);
  for (const file of await readdir(machine.backups)) await copyFile(path.join(machine.backups, file), path.join(other.backups, file));
  return other;
}

export interface SampleVault {
  readonly vault: Vault;
  readonly events: KeysEvent[];
}

/** A window of a machine. */
export function openVault({ root, backups, clock, keep }: SampleMachine, { seed = 1, content }: { readonly seed?: number; readonly content?: RotatedContent } = {}): SampleVault {
  const events: KeysEvent[] = [];
  const vault = new Vault(
    {
      ...ringSetup(nodeArchiveFiles, clock, seed),
      file: path.join(root, 'store/KEYS'),
      stateFile: path.join(root, 'store/VAULT'),
      timers: clock,
      keep,
      idleMinutes: () => 60,
      lease: { take: () => Promise.resolve(true), release: () => Promise.resolve() },
      makeFolder: async () => { await mkdir(path.join(root, 'store'), { recursive: true }); },
      backupFolders: () => [backups],
      log: keepingLog(),
    },
    content === undefined ? undefined : () => content,
  );
  vault.onEvent((event) => events.push(event));
  return { vault, events };
}

/** Switches encryption on; answers the recovery key. */
export async function encrypt(vault: Vault): Promise<string> {
  const { recoveryKey, confirmRecoveryKey } = await vault.propose(passphrase);
  await confirmRecoveryKey(recoveryKey);
  return recoveryKey;
}

/** Writes a backup as the service does; answers its file. */
export async function backUp(vault: Vault, { backups, clock }: SampleMachine, seed = 1): Promise<string> {
  const id = seededIds(clock, seed).next();
  const file = path.join(backups, backupFileName({ id, kind: 'full', madeAt: clock.now() }));
  const key = await vault.keyForWriting(backups);
  await writeArchive(file, sampleParts, () => ({ ...sampleHead(), id }), { files: nodeArchiveFiles, random: seededRandom(seed), key });
  return file;
}
