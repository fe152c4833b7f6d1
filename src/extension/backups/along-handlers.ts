import { settingTitle, settingsThen, type KnownSetting } from '../../operations/backup/settings-then.ts';
import type { RestoreTarget } from '../../operations/backup/proving.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Log } from '../../shared/ports.ts';
import type { BackupsProtocol } from '../../shared/protocol/backups.ts';
import type { HeldAlongView } from '../../shared/protocol/backups-contents.ts';
import { chosenSettings } from '../settings.ts';
import type { Handlers } from '../view-channel.ts';
import { saveAccount, type SaveAccountParts } from './save-account.ts';
import { askForSettings } from './settings-prompt.ts';

export interface AlongParts extends SaveAccountParts {
  /** All settings of this release. */
  readonly known: readonly KnownSetting[];
  readonly log: Log;
}

/** What the extension does where the backups view is about what a backup holds along with the store. */
export function alongHandlers(parts: AlongParts): Pick<Handlers<BackupsProtocol>, 'heldAlong' | 'takeSettings' | 'saveAccount'> {
  const { service, known, log } = parts;
  return {
    heldAlong: ({ target }) => heldAlongView(target, parts),
    takeSettings: async ({ target }) => {
      await askForSettings(await service.heldAlong(target), known, log);
      return heldAlongView(target, parts);
    },
    saveAccount: async ({ target, account }) => {
      await saveAccount(target, account, parts);
      return {};
    },
  };
}

/** That it cannot be read is told as such: it is shown beside what was restored, which it does not put in question. */
async function heldAlongView(target: RestoreTarget, { service, known, log }: AlongParts): Promise<HeldAlongView> {
  try {
    const { madeAt, settings, accounts } = await service.heldAlong(target);
    const { differing, leftOut } = settingsThen(settings, chosenSettings(), known);
    return {
      madeAt,
      settings: { state: settings.type, differing: differing.map(({ name }) => settingTitle(name)), leftOut: leftOut.map(settingTitle) },
      accounts: [...accounts],
    };
  } catch (error) {
    log.warn('what a backup holds along with the store could not be read', { code: HearthlinkError.from(error).code });
    return { madeAt: null, settings: { state: 'unreadable', differing: [], leftOut: [] }, accounts: [] };
  }
}
