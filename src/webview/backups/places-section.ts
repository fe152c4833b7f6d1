import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { BackupFolderView, BackupsSnapshot } from '../../shared/protocol/backups-views.ts';
import { icon, linkButton } from '../ui/icon.ts';
import type { Ask } from './ask.ts';

/** Where backups lie. */
export function placesSection({ folders }: BackupsSnapshot, ask: Ask): TemplateResult {
  const first = folders.find(({ isSecond }) => !isSecond);
  const second = folders.find(({ isSecond }) => isSecond);
  return html`<section class="block">
    <h2>${l10n.t('Where')}</h2>
    <dl class="facts">
      <dt>${l10n.t('First folder')}</dt>
      <dd>${l10n.t('Beside your data.')} ${first === undefined ? nothing : openLink(first, ask)}</dd>
      <dt>${l10n.t('Second folder')}</dt>
      <dd>${second === undefined ? l10n.t('None.') : secondFolder(second, ask)} ${linkButton(l10n.t('Choose…'), () => void ask('chooseSecondFolder', {}))}</dd>
    </dl>
  </section>`;
}

function secondFolder(folder: BackupFolderView, ask: Ask): TemplateResult {
  return folder.isHere
    ? html`<span title=${folder.path}>${folder.name}.</span> ${openLink(folder, ask)}`
    : html`<span class="state" title=${folder.path}>${icon('warning', 'warn')}${l10n.t('{0} is not there now.', folder.name)}</span>`;
}

function openLink({ isSecond }: BackupFolderView, ask: Ask): TemplateResult {
  return linkButton(isSecond ? l10n.t('Open second folder') : l10n.t('Open folder'), () => void ask('openFolder', { isSecond }));
}
