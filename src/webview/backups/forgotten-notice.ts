import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { BackupRow, BackupsSnapshot } from '../../shared/protocol/backups-views.ts';
import { icon, linkButton } from '../ui/icon.ts';
import { counted } from '../ui/locale.ts';
import { numberWords } from '../ui/quantity-words.ts';
import type { Ask } from './ask.ts';

/** Says that backups are from before something was wiped, and offers to delete them. To keep them takes nothing. */
export function forgottenNotice({ activity, backups }: BackupsSnapshot, ask: Ask): TemplateResult | typeof nothing {
  const count = backups.filter(({ mayHoldForgotten }) => mayHoldForgotten).length;
  if (count === 0) return nothing;
  const words = counted(
    count,
    l10n.t('{0} backup is older than the last wipe, and may still hold what you forgot or deleted.', numberWords(count)),
    l10n.t('{0} backups are older than the last wipe, and may still hold what you forgot or deleted.', numberWords(count)),
  );
  const isBusy = activity.type !== 'idle';
  return html`<p class="state forgotten" role="note">
    ${icon('info')}<span>${words} ${isBusy ? nothing : linkButton(l10n.t('Delete them…'), () => void ask('removeForgotten', {}))}</span>
  </p>`;
}

/** Beside a backup's state. */
export function forgottenMark({ mayHoldForgotten }: BackupRow): TemplateResult | typeof nothing {
  return mayHoldForgotten ? html`<span class="state quiet">${l10n.t('May hold what you forgot or deleted')}</span>` : nothing;
}
