import * as l10n from '@vscode/l10n';
import type { Waiting } from './chat-state.ts';

/** Nothing is said about a wait under this, and seconds are counted from the second one on. */
export const saidAfterMs = 300;
const countedAfterMs = 2000;

/**
 * The line for a reply that has not begun, or undefined while it is too early to say anything.
 *
 * @param waitedMs how long the reply has been waited for
 * @param waiting what the extension knows of the cause; null until it has told
 */
export function waitingWords(waitedMs: number, waiting: Pick<Waiting, 'phase' | 'model' | 'lastLoadSeconds'> | null): string | undefined {
  if (waitedMs < saidAfterMs) return undefined;
  const doing = doingWords(waiting);
  const soFar = waitedMs < countedAfterMs ? l10n.t('{0}.', doing) : l10n.t('{0}, {1} s.', doing, Math.floor(waitedMs / 1000));
  if (waiting?.phase !== 'loading' || waiting.lastLoadSeconds === null) return soFar;
  return l10n.t('{0} Last time it took {1} s.', soFar, Math.round(waiting.lastLoadSeconds));
}

function doingWords(waiting: Pick<Waiting, 'phase' | 'model'> | null): string {
  switch (waiting?.phase) {
    case 'queued':
      return l10n.t('Waiting for another reply to end');
    case 'loading':
      return l10n.t('Loading {0}', waiting.model);
    case 'reading':
      return l10n.t('{0} is reading', waiting.model);
    case undefined:
      return l10n.t('Waiting for the first word');
  }
}
