import { html, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { ErrorData } from '../../shared/errors.ts';
import { errorText } from './error-text.ts';
import { iconButton } from './icon.ts';
import { noticeView } from './notice.ts';

/**
 * What went wrong, until it is put away.
 * @param where said besides, such as that nothing was changed
 */
export function problemNote(error: ErrorData, hide: () => void, where?: string): TemplateResult {
  const { title, detail, advice } = errorText(error);
  const further = [where, advice].filter((words) => words !== undefined).join(' ');
  return html`<div class="note">
    ${noticeView({ icon: 'error', iconClass: 'bad', role: 'alert', title, detail, advice: further === '' ? undefined : further })} ${hideButton(hide)}
  </div>`;
}

/** Puts a note away. */
export function hideButton(hide: () => void): TemplateResult {
  return iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: hide });
}
