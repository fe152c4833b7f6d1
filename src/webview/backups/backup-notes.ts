import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { HearthlinkError } from '../../shared/errors.ts';
import type { RestoreOutcomeView } from '../../shared/protocol/backups-views.ts';
import { errorLine } from '../ui/error-text.ts';
import { buttonRow, noticeView, type Action } from '../ui/notice.ts';
import { hideButton } from '../ui/problem-note.ts';
import { exactWords, keptWords, restoredWords } from './backup-words.ts';

/** What went well, to be read. */
export interface Outcome {
  readonly title: string;
  readonly detail?: string;
  readonly advice?: string;
  readonly actions?: readonly Action[];
  /** Said besides. */
  readonly also?: TemplateResult;
}

/** What went wrong, and where one is now. */
export interface Problem {
  readonly error: HearthlinkError;
  /** Said besides, such as that nothing was changed. */
  readonly where: string | undefined;
}

export function outcomeNote({ title, detail, advice, actions = [], also }: Outcome, hide: () => void): TemplateResult {
  const more = html`${also ?? nothing} ${actions.length === 0 ? nothing : buttonRow(actions, { primary: false })}`;
  return html`<div class="note">${noticeView({ icon: 'verified', iconClass: 'good', role: 'status', title, detail, advice, more })} ${hideButton(hide)}</div>`;
}

/**
 * The report of a restore: what is there, what was kept, and the way back to what was there before.
 * @param goBack opens the restore dialogue with that backup
 */
export function restoredOutcome(outcome: RestoreOutcomeView, now: number, goBack: (safetyId: string) => void): Outcome {
  const { at, comparisons, kept, safetyId } = outcome;
  const title = at === null ? l10n.t('Restored and compared.') : l10n.t('Restored and compared: all is as it was {0}.', exactWords(at, now));
  const detail = [restoredWords(comparisons), keptWords(outcome)].filter((words) => words !== '').join(' ');
  const before = safetyId === null ? [] : [l10n.t('What was there before the restore is in a proved backup.')];
  const lost = kept.problem === null ? [] : [l10n.t('What you wanted to keep could not be put back: {0} It is in the backup that was made before.', errorLine(kept.problem))];
  const actions = safetyId === null ? [] : [{ label: l10n.t('Undo the restore…'), press: () => { goBack(safetyId); } }];
  return { title, detail, advice: [...lost, ...before].join(' '), actions };
}
