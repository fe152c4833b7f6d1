import { commands, l10n, window } from 'vscode';
import { HearthlinkError } from '../shared/errors.ts';
import { commandNames, type CommandName } from './command-names.ts';
import { errorSentence } from './error-sentence.ts';
import type { Feature } from './hearth.ts';

/** Registers every command. One that fails says why in a notification; its details go to the log. */
export const commandFeature: Feature = ({ context, log, rooms }) => {
  for (const name of commandNames) {
    context.subscriptions.push(
      commands.registerCommand(`hearthlink.${name}`, async () => {
        try {
          const { commands: all, onUse } = await rooms();
          onUse();
          await all[name]();
        } catch (error) {
          const known = HearthlinkError.from(error);
          if (known.code === 'cancelled') return;
          log.error('a command failed', { command: name, code: known.code });
          if (known.code === 'internal') log.error(known.cause instanceof Error ? (known.cause.stack ?? '') : known.message);
          void showError(known, name);
        }
      }),
    );
  }
};

/** With the way back, where there is one. */
async function showError(error: HearthlinkError, command: CommandName): Promise<void> {
  const goBack = l10n.t('Go back to a backup');
  const actions = command !== 'restoreBackup' && HearthlinkError.is(error, ...leadsToBackups) ? [goBack] : [];
  if ((await window.showErrorMessage(errorSentence(error), ...actions)) === goBack) await commands.executeCommand('hearthlink.restoreBackup');
}

const leadsToBackups = ['store-damaged', 'store-newer-schema', 'store-not-migrated'] as const;
