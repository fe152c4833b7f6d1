import * as l10n from '@vscode/l10n';
import type { HeldAlongView } from '../../shared/protocol/backups-contents.ts';
import { counted } from '../ui/locale.ts';
import { numberWords } from '../ui/quantity-words.ts';
import { exactWords } from './backup-words.ts';

const namesShown = 5;

/** Context size, Chat model, and 2 more. */
function namesWords(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ');
  return names.length <= namesShown ? shown : l10n.t('{0}, and {1} more', shown, numberWords(names.length - namesShown));
}

/** How the settings of a backup are, beside those of now. Empty where it has none. */
export function settingsWords({ madeAt, settings: { state, differing, leftOut } }: HeldAlongView, now: number): string {
  if (state === 'none') return '';
  if (state === 'unreadable' || madeAt === null) return l10n.t('The settings in this backup cannot be read.');
  const [count, when, names] = [numberWords(differing.length), exactWords(madeAt, now), namesWords(differing)];
  const same = l10n.t('No setting has changed since {0}.', when);
  const differ = counted(differing.length, l10n.t('{0} setting of {1} differs from now: {2}.', count, when, names), l10n.t('{0} settings of {1} differ from now: {2}.', count, when, names));
  const first = differing.length > 0 ? differ : leftOut.length > 0 ? '' : same;
  const rest = leftOut.length === 0 ? '' : l10n.t('Cannot be set here: {0}.', namesWords(leftOut));
  return [first, rest].filter((words) => words !== '').join(' ');
}

/** What it has of what Hearthlink wrote about itself; empty where that is nothing. */
export function accountsWords({ madeAt, accounts }: HeldAlongView, now: number): string {
  if (madeAt === null || accounts.length === 0) return '';
  const when = exactWords(madeAt, now);
  if (!accounts.includes('log')) return l10n.t('The activity record of {0} is in it.', when);
  if (!accounts.includes('record')) return l10n.t('The log of {0} is in it.', when);
  return l10n.t('The activity record and the log of {0} are in it.', when);
}
