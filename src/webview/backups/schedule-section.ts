import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { BackupsSnapshot } from '../../shared/protocol/backups-views.ts';
import { linkButton } from '../ui/icon.ts';
import type { Ask } from './ask.ts';
import { nextWords } from './backup-words.ts';

/** When the next backups are made, and how long they are kept. */
export function scheduleSection({ schedule, kept, backups }: BackupsSnapshot, now: number, ask: Ask): TemplateResult {
  const leaving = backups.filter(({ leaves }) => leaves).length;
  return html`<section class="block">
    <h2>${l10n.t('Schedule')}</h2>
    <dl class="facts">
      <dt>${l10n.t('Changes')}</dt>
      <dd>${nextWords(schedule.changesEveryHours, schedule.nextChangesAt, now)}</dd>
      <dt>${l10n.t('Everything')}</dt>
      <dd>${nextWords(schedule.fullEveryHours, schedule.nextFullAt, now)}</dd>
      <dt>${l10n.t('Kept')}</dt>
      <dd>
        ${l10n.t('All for {0} days, daily for {1}, weekly for {2}.', kept.allDays, kept.dailyDays, kept.weeklyDays)}
        ${leaving === 0 ? nothing : l10n.t('Leaving next: {0}.', leaving)} ${linkButton(l10n.t('Change…'), () => void ask('openSettings', {}))}
      </dd>
    </dl>
  </section>`;
}
