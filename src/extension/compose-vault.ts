import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ExtensionContext } from 'vscode';
import { nodeArchiveFiles } from '../operations/archive/node-archive-files.ts';
import { FolderLease } from '../operations/backup/folder-lease.ts';
import { keyRingFile } from '../operations/keys/key-ring.ts';
import type { RotatedContent } from '../operations/keys/key-rotation.ts';
import type { GuessesOf } from '../operations/keys/passphrase.ts';
import type { SecretKeep } from '../operations/keys/secret-keep.ts';
import { guessesInThread } from '../operations/keys/strength-thread.ts';
import { vaultStateFile } from '../operations/keys/vault-state.ts';
import { Vault } from '../operations/keys/vault.ts';
import type { Hearth } from './hearth.ts';
import type { MachinePorts } from './machine-ports.ts';
import { readSettings } from './settings.ts';

const leaseFile = 'KEYS.lease';

/**
 * The keys beside the store. Starting them reads them, which takes a moment: a store that is asked for something before has a worker
 * without them, and if it turns out to be encrypted is started anew with them.
 * @param content what is encrypted and in use
 */
export function composeVault({ context, log }: Hearth, ports: MachinePorts, holder: string, content: () => RotatedContent): Vault {
  const folder = path.join(context.globalStorageUri.fsPath, 'store');
  return new Vault({
    ...ports,
    log,
    file: path.join(folder, keyRingFile),
    stateFile: path.join(folder, vaultStateFile),
    files: nodeArchiveFiles,
    guessesOf: passphraseJudge(context),
    keep: secretKeep(context),
    lease: new FolderLease(folder, holder, ports.clock, leaseFile),
    makeFolder: async () => { await mkdir(folder, { recursive: true, mode: 0o700 }); },
    backupFolders: () => backupFolders(context),
    idleMinutes: () => readSettings().lockAfterMinutes,
  }, content);
}

/** Judges passphrases, each in a thread of its own. */
export function passphraseJudge({ extensionPath }: ExtensionContext): GuessesOf {
  return guessesInThread(path.join(extensionPath, 'dist/strength-worker.cjs'));
}

/** Where backups may lie: beside the store, and in the folder of the reader's choosing. */
export function backupFolders(context: ExtensionContext): readonly string[] {
  const { backupSecondFolder } = readSettings();
  return [path.join(context.globalStorageUri.fsPath, 'backups'), ...(backupSecondFolder === '' ? [] : [backupSecondFolder])];
}

/** The system's keep, by way of VS Code. */
function secretKeep({ secrets }: ExtensionContext): SecretKeep {
  return {
    get: async (name) => (await secrets.get(name)) ?? null,
    set: async (name, secret) => { await secrets.store(name, secret); },
    remove: async (name) => { await secrets.delete(name); },
  };
}
