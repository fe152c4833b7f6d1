import fs from 'node:fs/promises';
import { ProgressLocation, l10n, window, type ExtensionContext } from 'vscode';
import type { StoreClient } from '../../store/client.ts';
import { typeWord } from '../type-word.ts';
import { chatWords, memoryWords } from './count-words.ts';

export interface ErasedParts {
  readonly store: StoreClient;
  readonly context: ExtensionContext;
  /** Nothing that waits to be written may be written into the store that comes after. */
  readonly onErasing: () => void;
  /** Views show what is there now: nothing. */
  readonly onErased: () => Promise<void>;
}

/** Erases everything that Hearthlink has written on this machine, after a word was typed. Settings stay. */
export async function eraseEverything({ store, context, onErasing, onErased }: ErasedParts): Promise<void> {
  const word = l10n.t('erase');
  const { counts } = await store.status();
  const isMeant = await typeWord({
    title: l10n.t('Erase all my data'),
    word,
    prompt: l10n.t('This erases {0} and {1} for good, with logs and keys. Export first what you want to keep. Type {2} to go on.', chatWords(counts.sessions), memoryWords(counts.slices), word),
  });
  if (!isMeant) return;
  await window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Erasing everything') }, () =>
    store.whileStopped(async () => {
      onErasing();
      await eraseFolder(context.globalStorageUri.fsPath);
      if (context.storageUri !== undefined) await eraseFolder(context.storageUri.fsPath);
      await eraseFolder(context.logUri.fsPath);
      for (const state of [context.globalState, context.workspaceState]) {
        for (const key of state.keys()) await state.update(key, undefined);
      }
      for (const key of await context.secrets.keys()) await context.secrets.delete(key);
    }),
  );
  await onErased();
  void window.showInformationMessage(l10n.t('Everything is erased. Your settings stay as they are.'));
}

async function eraseFolder(folder: string): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
