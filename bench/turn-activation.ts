import path from 'node:path';
import { poll } from '../test/support/vscode/poll.ts';
import { openWorkbench } from '../test/workbench/driver/workbench.ts';
import { type BenchRow, benchRow, quantile } from './rows.ts';

const root = path.join(import.meta.dirname, '..');
const starts = 24;

/** The built extension's own figure, from its log, over many starts of a real extension host. */
export async function activationRows(): Promise<BenchRow[]> {
  const workbench = await openWorkbench({ extensionPath: root, workspace: path.join(root, 'test/support/sample-workspace') });
  try {
    await workbench.window.openView('Hearthlink');
    const figures = (): number[] => [...workbench.outputLog('Hearthlink').matchAll(/activated milliseconds=(\d+)/g)].map(([, figure]) => Number(figure));
    for (let start = 1; ; start++) {
      await poll('the extension to be activated', () => figures().length >= start);
      if (start === starts) break;
      await workbench.window.reload(); // the view is still open, so the extension is wanted at once
    }
    return [benchRow('bench:turn', 'activation-own-p95-ms', quantile(figures(), 0.95), 'ms')];
  } finally {
    await workbench.close();
  }
}
