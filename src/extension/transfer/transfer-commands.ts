import { homedir } from 'node:os';
import path from 'node:path';
import { Uri, workspace } from 'vscode';
import * as z from 'zod';
import type { StoreClient } from '../../store/client.ts';
import type { Clock, IdSource } from '../../shared/ports.ts';
import type { Commands } from '../command-names.ts';
import type { Hearth } from '../hearth.ts';
import { eraseEverything } from './erase-command.ts';
import { exportEverything } from './export-command.ts';
import { importFromFile, undoAnImport } from './import-command.ts';

const manifest = z.object({ version: z.string() });

export interface TransferCommandParts {
  readonly hearth: Hearth;
  readonly store: StoreClient;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly onErasing: () => void;
  readonly onErased: () => Promise<void>;
}

/** What a person can do with all of their data at once. */
export function transferCommands({ hearth, store, clock, ids, onErasing, onErased }: TransferCommandParts): Pick<Commands, 'exportEverything' | 'importMemory' | 'undoImport' | 'eraseEverything'> {
  const { context, log } = hearth;
  const parts = { store, clock, ids, log, workerFile: path.join(context.extensionPath, 'dist', 'work-worker.cjs') };
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  const { version } = manifest.parse(context.extension.packageJSON);
  return {
    exportEverything: () => exportEverything({ ...parts, version, folder }),
    importMemory: () => importFromFile(parts),
    undoImport: () => undoAnImport(parts),
    eraseEverything: () => eraseEverything({ store, context, onErasing, onErased }),
  };
}
