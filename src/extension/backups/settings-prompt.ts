import { ConfigurationTarget, l10n, window, workspace, type QuickPickItem } from 'vscode';
import type { HeldAlong } from '../../operations/backup/held-along.ts';
import { settingTitle, settingsThen, type KnownSetting, type SettingThen } from '../../operations/backup/settings-then.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { Log } from '../../shared/ports.ts';
import { chosenSettings, remoteHostOf } from '../settings.ts';

interface Choice extends QuickPickItem {
  readonly setting: SettingThen;
}

/** What became of settings that somebody wanted as they were. */
interface Taken {
  readonly set: readonly SettingThen[];
  /** VS Code would not have them, because of a policy, or because the file of settings cannot be written. */
  readonly refused: readonly SettingThen[];
}

/**
 * Shows which settings were another then, and sets those that are chosen. One that leads to an address or a folder is not chosen by itself,
 * and asked about once more.
 */
export async function askForSettings({ madeAt, settings }: HeldAlong, known: readonly KnownSetting[], log: Log): Promise<void> {
  const { differing, leftOut } = settingsThen(settings, chosenSettings(), known);
  if (differing.length === 0) return void window.showInformationMessage([l10n.t('No setting that can be set differs from then.'), leftOutWords(leftOut)].join(' ').trim());
  const chosen = await window.showQuickPick(differing.map(choiceOf), {
    title: l10n.t('Settings as they were {0}', whenWords(madeAt)),
    placeHolder: l10n.t('What is checked is set for all windows; the rest stays as it is.'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  const wanted = chosen?.map(({ setting }) => setting) ?? [];
  if (wanted.length === 0 || !(await mayLeadElsewhere(wanted))) return;
  tell(await setAll(wanted, 'then', log), leftOut, log);
}

function choiceOf(setting: SettingThen): Choice {
  const { name, then, now } = setting;
  const leads = leadsWords(setting);
  return {
    setting,
    label: settingTitle(name),
    description: plain(l10n.t('{0}, now {1}', valueWords(then, setting), valueWords(now, setting))),
    ...(leads === null ? {} : { detail: plain(leads) }),
    picked: setting.leadsTo === null,
  };
}

/** What it means to set an address or a folder to what it was; null for all else, and for the default. */
function leadsWords({ leadsTo, then, default: byDefault }: SettingThen): string | null {
  if (typeof then !== 'string' || then === byDefault) return null;
  switch (leadsTo) {
    case 'address': {
      const host = remoteHostOf(then);
      return host === null ? l10n.t('What you say would go to {0}.', then) : l10n.t('What you say would leave this machine, to {0}: {1}', host, then);
    }
    case 'folder':
      return l10n.t('Every backup would be copied to {0}.', then);
    case null:
      return null;
  }
}

async function mayLeadElsewhere(wanted: readonly SettingThen[]): Promise<boolean> {
  const leads = wanted.map(leadsWords).filter((words) => words !== null);
  if (leads.length === 0) return true;
  const go = l10n.t('Set them');
  return (await window.showWarningMessage(l10n.t('Set where your words or your backups go?'), { modal: true, detail: leads.join('\n\n') }, go)) === go;
}

async function setAll(settings: readonly SettingThen[], to: 'then' | 'now', log: Log): Promise<Taken> {
  const configuration = workspace.getConfiguration();
  const taken: { set: SettingThen[]; refused: SettingThen[] } = { set: [], refused: [] };
  for (const setting of settings) {
    try {
      await configuration.update(setting.name, setting[to], ConfigurationTarget.Global);
      taken.set.push(setting);
    } catch (error) {
      log.warn('a setting could not be set', { setting: setting.name, code: HearthlinkError.from(error).code });
      taken.refused.push(setting);
    }
  }
  return taken;
}

function tell({ set, refused }: Taken, leftOut: readonly string[], log: Log): void {
  const sentences = [
    set.length === 0 ? '' : l10n.t('As they were: {0}.', titlesOf(set)),
    refused.length === 0 ? '' : l10n.t('VS Code could not set: {0}.', titlesOf(refused)),
    leftOutWords(leftOut),
  ];
  const words = sentences.filter((sentence) => sentence !== '').join(' ');
  const undo = l10n.t('Undo');
  const shown = refused.length > 0 ? window.showWarningMessage(words, ...(set.length > 0 ? [undo] : [])) : window.showInformationMessage(words, undo);
  shown.then(
    async (pressed) => {
      if (pressed !== undefined) await setAll(set, 'now', log);
    },
    (error: unknown) => { log.warn('settings could not be set back', { code: HearthlinkError.from(error).code }); },
  );
}

function leftOutWords(names: readonly string[]): string {
  return names.length === 0 ? '' : l10n.t('Left out, because this version does not know them or cannot use their values: {0}.', namesWords(names.map(settingTitle)));
}

function titlesOf(settings: readonly SettingThen[]): string {
  return settings.map(({ name }) => settingTitle(name)).join(', ');
}

const namesShown = 5;

/** The first of them, and how many more there are. */
function namesWords(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ');
  return names.length <= namesShown ? shown : l10n.t('{0}, and {1} more', shown, names.length - namesShown);
}

function valueWords(chosen: unknown, { default: byDefault }: KnownSetting): string {
  const value = chosen ?? byDefault;
  if (typeof value === 'boolean') return value ? l10n.t('on') : l10n.t('off');
  return value === '' ? l10n.t('none') : String(value);
}

/** A list draws signs by their names; what a file says draws none. */
function plain(text: string): string {
  return text.replaceAll('$(', String.raw`\$(`);
}

function whenWords(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
