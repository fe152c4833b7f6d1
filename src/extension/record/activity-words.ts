import { l10n } from 'vscode';
import type { AuditAction } from '../../operations/audit/audit.ts';
import type { AuditRecord } from '../../operations/audit/audit-record.ts';

/** One line for one record: when, what, how many, and the ids for whoever wants to look them up. */
export function activityLine({ at, action, outcome, ids = [], count, what }: AuditRecord): string {
  const number = count ?? ids.length;
  const details = [
    outcome === 'refused' ? l10n.t('refused') : outcome === 'failed' ? l10n.t('failed') : '',
    number > 1 ? String(number) : '',
    what ?? '',
    ids.length === 0 ? '' : `[${ids.join(' ')}${number > ids.length ? ' …' : ''}]`,
  ].filter((part) => part !== '');
  return [new Date(at).toLocaleString(), actionWords[action](), ...details].join('  ');
}

const actionWords: Readonly<Record<AuditAction, () => string>> = {
  'memory.used': () => l10n.t('Memories used in a reply'),
  'memory.searched': () => l10n.t('Memory searched'),
  'memory.viewed': () => l10n.t('Memory looked at'),
  'memory.added': () => l10n.t('Memory added'),
  'memory.changed': () => l10n.t('Memory changed'),
  'memory.forgotten': () => l10n.t('Memory forgotten'),
  'memory.brought-back': () => l10n.t('Memory brought back'),
  'memory.wiped': () => l10n.t('Forgotten memories wiped'),
  'memory.exported': () => l10n.t('Everything exported'),
  'memory.imported': () => l10n.t('Import begun'),
  'memory.import-undone': () => l10n.t('Import undone'),
  'memory.erased': () => l10n.t('Everything erased'),
  'chat.deleted': () => l10n.t('Chat deleted'),
  'chat.brought-back': () => l10n.t('Chat brought back'),
  'chat.blanked': () => l10n.t('Words blanked in a chat'),
  'chat.exported': () => l10n.t('Chat exported'),
  'store.went-on-after-damage': () => l10n.t('Went on after damage'),
  'store.checked': () => l10n.t('Data checked'),
  'backup.made': () => l10n.t('Backup made'),
  'backup.proved': () => l10n.t('Backup proved'),
  'backup.restored': () => l10n.t('Backup restored'),
  'backup.deleted': () => l10n.t('Backup deleted'),
  'keys.made': () => l10n.t('Keys made'),
  'keys.unlocked': () => l10n.t('Keys unlocked'),
  'keys.locked': () => l10n.t('Keys locked'),
  'keys.changed': () => l10n.t('Keys changed'),
  'settings.changed': () => l10n.t('Setting changed'),
  'record.exported': () => l10n.t('This record exported'),
  'record.shortened': () => l10n.t('The oldest lines of this record let go'),
  'record.lost': () => l10n.t('Lines lost that could not be written'),
  'record.altered': () => l10n.t('The end of this record had been altered'),
};
