import { html, nothing, type TemplateResult } from 'lit';
import * as l10n from '@vscode/l10n';
import type { BackupActivityView, BackupRow, BackupsSnapshot } from '../../shared/protocol/backups-views.ts';
import { errorText } from '../ui/error-text.ts';
import { icon, iconButton, linkButton } from '../ui/icon.ts';
import { fullWords, groupWords, machineTime, momentWords } from '../ui/time-words.ts';
import { forgottenMark } from './forgotten-notice.ts';
import { activityWords, holdsWords, madeWords, sizeWords, stateWords, whatWords } from './backup-words.ts';

/** As many are shown before one asks for all; the line above shows every one. */
export const shownAtFirst = 10;

export interface TableActions {
  showAll(): void;
  lookInside(row: BackupRow): void;
  prove(id: string): void;
  restore(row: BackupRow): void;
  remove(row: BackupRow): void;
  stop(): void;
}

type Running = Exclude<BackupActivityView, { type: 'idle' }>;

/** Every backup with its state, newest first, grouped as people group days. */
export function backupTable({ backups, unreadable, activity }: BackupsSnapshot, view: { readonly now: number; readonly showsAll: boolean }, actions: TableActions): TemplateResult {
  const { now, showsAll } = view;
  const running = activity.type === 'idle' ? null : activity;
  return html`<section class="block">
    <h2 class="sr-only">${l10n.t('Backups')}</h2>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${l10n.t('When')}</th>
          <th scope="col">${l10n.t('What')}</th>
          <th scope="col">${l10n.t('Holds')}</th>
          <th scope="col" class="number">${l10n.t('Size')}</th>
          <th scope="col">${l10n.t('State')}</th>
          <th scope="col" class="actions"><span class="sr-only">${l10n.t('Actions')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${running !== null && !backups.some(({ id }) => id === running.id) ? newRow(running, now, actions) : nothing}
        ${(showsAll ? backups : backups.slice(0, shownAtFirst)).map((backup, i) => {
          const group = groupWords(backup.madeAt, now);
          const before = backups[i - 1];
          const isFirst = before === undefined || groupWords(before.madeAt, now) !== group;
          return html`${isFirst ? groupRow(group) : nothing}${backupRow(backup, running, now, actions)}`;
        })}
        ${unreadable.length === 0 ? nothing : groupRow(l10n.t('Cannot be looked into'))}
        ${unreadable.map(
          ({ file, bytes, error }) => html`<tr>
            <th scope="row" colspan="3" class="wide">${file}</th>
            <td class="number">${sizeWords(bytes)}</td>
            <td colspan="2"><span class="state">${icon('lock')}${errorText(error).title}</span></td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${showsAll || backups.length <= shownAtFirst ? nothing : html`<p class="more">${linkButton(l10n.t('Show all {0}', backups.length), () => { actions.showAll(); })}</p>`}
  </section>`;
}

function groupRow(words: string): TemplateResult {
  return html`<tr class="group">
    <th colspan="6" scope="colgroup">${words}</th>
  </tr>`;
}

/** What is being written has no row of its own yet. */
function newRow(running: Running, now: number, actions: TableActions): TemplateResult {
  return html`<tr>
    <th scope="row" colspan="4">${l10n.t('Now')}</th>
    <td><span class="state">${icon('loading', 'codicon-modifier-spin')}${activityWords(running, now)}</span></td>
    <td class="actions">${linkButton(l10n.t('Stop'), () => { actions.stop(); })}</td>
  </tr>`;
}

function backupRow(backup: BackupRow, running: Running | null, now: number, actions: TableActions): TemplateResult {
  const { bytes, madeAt, leaves } = backup;
  const isRunning = running?.id === backup.id;
  return html`<tr class="backup">
    <th scope="row" tabindex="-1"><time datetime=${machineTime(madeAt)} title=${fullWords(madeAt)}>${madeWords(madeAt, now)}</time></th>
    <td>${whatWords(backup)}</td>
    <td class="wide">${holdsWords(backup)}</td>
    <td class="number">${sizeWords(bytes)}</td>
    <td>
      ${isRunning ? html`<span class="state">${icon('loading', 'codicon-modifier-spin')}${activityWords(running, now)}</span>` : stateCell(backup, now)}
      ${isRunning ? nothing : forgottenMark(backup)}
      ${leaves && !isRunning ? html`<span class="sr-only">${l10n.t('Leaves next')}</span>` : nothing}
    </td>
    <td class="actions">${isRunning ? linkButton(l10n.t('Stop'), () => { actions.stop(); }) : rowActions(backup, running !== null, now, actions)}</td>
  </tr>`;
}

function stateCell({ state, isIncomplete }: BackupRow, now: number): TemplateResult {
  const { icon: name, iconClass, words } = stateWords(state, isIncomplete, now);
  return html`<span class="state">${icon(name, iconClass)}${words}</span>`;
}

function rowActions(backup: BackupRow, isBusy: boolean, now: number, actions: TableActions): TemplateResult {
  const { id, madeAt, state, isIncomplete } = backup;
  const when = momentWords(madeAt, now);
  const canBeRead = state.type !== 'damaged' && !isIncomplete;
  const button = (icon: string, label: string, press: () => void) => iconButton({ icon, label, disabled: isBusy, press });
  return html`<span class="toolbar">
    ${canBeRead ? button('search', l10n.t('Look inside the backup of {0}', when), () => { actions.lookInside(backup); }) : nothing}
    ${isIncomplete ? nothing : button('verified', l10n.t('Prove the backup of {0}', when), () => { actions.prove(id); })}
    ${canBeRead ? button('history', l10n.t('Restore the backup of {0}', when), () => { actions.restore(backup); }) : nothing}
    ${iconButton({ icon: 'trash', label: l10n.t('Delete the backup of {0}', when), disabled: isBusy, press: () => { actions.remove(backup); } })}
  </span>`;
}
