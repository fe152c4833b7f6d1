import * as l10n from '@vscode/l10n';
import type { BrowserView } from './browser-state.ts';

/** The page's heading, which says where one is. */
export function titleOf(view: BrowserView): string {
  switch (view) {
    case 'list':
      return l10n.t('Memory');
    case 'timeline':
      return l10n.t('Memory, timeline');
    case 'graph':
      return l10n.t('Memory, graph');
    case 'review':
      return l10n.t('Memory, review');
    case 'statistics':
      return l10n.t('Memory, statistics');
  }
}

/** All but the list come as chunks of their own, with the first time they are wanted. */
export async function loadView(view: BrowserView): Promise<void> {
  switch (view) {
    case 'list':
      return;
    case 'timeline':
      await import('./week-strip.ts');
      return;
    case 'graph':
      await import('./memory-graph.ts');
      return;
    case 'review':
      await import('./review-queue.ts');
      return;
    case 'statistics':
      await import('./statistics-view.ts');
  }
}
