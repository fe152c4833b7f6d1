import * as l10n from '@vscode/l10n';
import type { ErrorData } from '../../shared/errors.ts';
import type { Action } from '../ui/notice.ts';
import type { Ask } from './ask.ts';
import { errorText, type Remedy } from '../ui/error-text.ts';

export interface RemedyParts {
  readonly ask: Ask;
  /** Repeats what failed; absent where it cannot be repeated. */
  readonly tryAgain?: () => void;
  /** Repeats it with another model; absent where no model was asked, or there is no other. */
  readonly useModel?: { readonly name: string; readonly press: () => void } | undefined;
}

/** The buttons of an error's notice, in the order of its text; what cannot be done here is left out. */
export function remedyActions(error: ErrorData, parts: RemedyParts): Action[] {
  return errorText(error).remedies.flatMap((remedy) => actionFor(remedy, error, parts) ?? []);
}

function actionFor(remedy: Remedy, { parameters }: ErrorData, { ask, tryAgain, useModel }: RemedyParts): Action | undefined {
  switch (remedy) {
    case 'try-again':
      return tryAgain === undefined ? undefined : { label: l10n.t('Try again'), press: tryAgain };
    case 'other-model':
      return useModel === undefined ? undefined : { label: l10n.t('Use {0}', useModel.name), press: useModel.press };
    case 'pull': {
      const model = typeof parameters['model'] === 'string' && parameters['model'] !== '' ? parameters['model'] : null;
      return { label: model === null ? l10n.t('Pull a model') : l10n.t('Pull {0}', model), press: () => void ask('pullModel', { model }) };
    }
    case 'start':
      return { label: l10n.t('Start Ollama'), press: () => void ask('startOllama', {}) };
    case 'open-log':
      return { label: l10n.t('Open the log'), press: () => void ask('openLog', {}) };
    case 'open-folder':
      return { label: l10n.t('Open the folder'), press: () => void ask('openDataFolder', {}) };
    case 'backups':
      return { label: l10n.t('Go back to a backup'), press: () => void ask('openBackups', {}) };
    case 'reload':
      return { label: l10n.t('Reload the window'), press: () => void ask('reloadWindow', {}) };
  }
}
