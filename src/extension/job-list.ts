import { ThemeIcon, l10n, window, type QuickPickItem } from 'vscode';
import type { Clock } from '../shared/ports.ts';
import type { Store } from '../store/port.ts';
import type { Job } from '../store/records.ts';
import { errorSentence } from './error-sentence.ts';

/** Shows the background jobs; choosing one offers to cancel it, or to try it again. */
export async function showJobs(store: Store, clock: Clock): Promise<void> {
  const jobs = await store.jobs.list({ limit: 100 });
  if (jobs.length === 0) {
    void window.showInformationMessage(l10n.t('There are no background jobs.'));
    return;
  }
  const picked = await window.showQuickPick(jobs.map(item), { title: l10n.t('Background jobs') });
  if (picked === undefined) return;
  const { job } = picked;
  const retry = l10n.t('Try again');
  const cancel = l10n.t('Cancel the job');
  const action = job.status === 'failed' || job.status === 'cancelled' ? retry : job.status === 'done' ? null : cancel;
  if (action === null) return;
  const chosen = await window.showInformationMessage(`${picked.label}: ${picked.description ?? ''}`, action);
  if (chosen === retry) await store.jobs.retry({ id: job.id, at: clock.now() });
  if (chosen === cancel) await store.jobs.cancel({ id: job.id, at: clock.now() });
}

function item(job: Job): QuickPickItem & { job: Job } {
  return {
    job,
    label: titleOf(job.kind),
    iconPath: new ThemeIcon(icons[job.status]),
    description: states[job.status](),
    ...(job.error === null ? {} : { detail: errorSentence(job.error) }),
  };
}

function titleOf(kind: string): string {
  switch (kind) {
    case 'capture':
      return l10n.t('Look for facts in what you said');
    case 'embedding':
      return l10n.t('Compare meanings of memories');
    case 'tidying':
      return l10n.t('Tidy up memory');
    case 'title':
      return l10n.t('Find a title for a chat');
    default:
      return kind;
  }
}

const icons: Readonly<Record<Job['status'], string>> = { waiting: 'clock', running: 'sync', done: 'check', failed: 'error', cancelled: 'circle-slash' };

const states: Readonly<Record<Job['status'], () => string>> = {
  waiting: () => l10n.t('Waiting'),
  running: () => l10n.t('Running'),
  done: () => l10n.t('Done'),
  failed: () => l10n.t('Failed'),
  cancelled: () => l10n.t('Cancelled'),
};
