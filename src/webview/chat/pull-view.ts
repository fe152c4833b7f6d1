import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { PullView } from '../../shared/protocol/chat-views.ts';
import { iconButton } from '../ui/icon.ts';
import { buttonRow, noticeView } from '../ui/notice.ts';
import { byteWords, durationWords } from '../ui/quantity-words.ts';
import { setVariable } from '../ui/style-variable.ts';
import type { Ask } from './ask.ts';
import { errorText } from '../ui/error-text.ts';

/** A model that is pulled while the chat goes on, above the composer. A failure stays until it is put away. */
export function pullNotice(pull: PullView, ask: Ask): TemplateResult {
  if (pull.error === null) return html`<div class="pull-notice">${pullView(pull, ask)}</div>`;
  const { title, detail } = errorText(pull.error);
  return html`<div class="problem">
    ${noticeView({
      icon: 'error',
      iconClass: 'bad',
      role: 'alert',
      title: l10n.t('{0} could not be pulled.', pull.model),
      detail: detail ?? title,
      actions: [{ label: l10n.t('Try again'), press: () => void ask('pullModel', { model: pull.model }) }],
    })}
    ${iconButton({ icon: 'close', label: l10n.t('Hide this note'), press: () => void ask('cancelPull', {}) })}
  </div>`;
}

/** How far a pull is, in what was measured: no percentage and no time before they are known. */
export function pullView(pull: PullView, ask: Ask): TemplateResult {
  const share = pull.completedBytes === null || pull.totalBytes === null || pull.totalBytes === 0 ? null : pull.completedBytes / pull.totalBytes;
  const percent = share === null ? null : Math.floor(share * 100);
  return html`<div class="pull">
      <div class="pull-head"><span>${pull.model}</span> <span class="quiet">${pullWords(pull)}</span></div>
      <div
        class="progress ${share === null ? 'is-endless' : ''}"
        role="progressbar"
        aria-label=${l10n.t('Pulling {0}', pull.model)}
        aria-valuemin=${percent === null ? nothing : 0}
        aria-valuemax=${percent === null ? nothing : 100}
        aria-valuenow=${percent ?? nothing}
      ><span ${setVariable('--done', percent === null ? null : `${String(percent)}%`)}></span></div>
    </div>
    ${buttonRow([{ label: l10n.t('Stop'), press: () => void ask('cancelPull', {}) }], { primary: false })}`;
}

function pullWords({ status, completedBytes, totalBytes, secondsLeft }: PullView): string {
  if (completedBytes === null || totalBytes === null) return status;
  const soFar = l10n.t('{0} of {1}', byteWords(completedBytes), byteWords(totalBytes));
  return secondsLeft === null ? soFar : l10n.t('{0}, {1} left', soFar, durationWords(secondsLeft));
}
