import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { ErrorData } from '../../shared/errors.ts';
import { iconButton } from '../ui/icon.ts';
import { noticeView } from '../ui/notice.ts';
import type { Ask } from './ask.ts';
import { errorText } from '../ui/error-text.ts';
import { remedyActions } from './remedy-actions.ts';

/** Something that belongs to no message went wrong. */
export interface Problem {
  readonly error: ErrorData;
  /** Repeats what failed, where it can be repeated. */
  readonly tryAgain?: () => void;
}

/** A problem above the composer, until it is put away. */
export function problemNotice({ error, tryAgain }: Problem, ask: Ask, hide: () => void): TemplateResult {
  const { title, detail, advice } = errorText(error);
  const actions = remedyActions(error, { ask, ...(tryAgain === undefined ? {} : { tryAgain }) });
  return html`<div class="problem">
    ${noticeView({ icon: 'error', iconClass: 'bad', role: 'alert', title, detail, advice, actions })}
    ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: hide })}
  </div>`;
}
