import type { Disposable } from '../../shared/events.ts';
import type { Timers } from '../../shared/ports.ts';
import type { StoreFiles } from '../files/store-files.ts';

/** After a hint of the file system, this long is waited for more of them: a streamed reply gives many. */
const settleMs = 15;
/** However little the file system tells, news of other windows is never older than this. */
const pollMs = 500;

/**
 * Looks for what other windows wrote: soon after the file system says that there is something, and twice a second anyway.
 * @param look never rejects
 */
export function watchForChanges(files: StoreFiles, timers: Timers, look: () => Promise<void>): Disposable {
  let cancelSoon: (() => void) | null = null;
  const watcher = files.watch(() => {
    cancelSoon ??= timers.after(settleMs, () => {
      cancelSoon = null;
      void look();
    });
  });
  let cancelPoll: (() => void) | null = null;
  const poll = () => {
    cancelPoll = timers.after(pollMs, () => void look().then(poll));
  };
  poll();
  return {
    dispose: () => {
      watcher.dispose();
      cancelSoon?.();
      cancelPoll?.();
    },
  };
}
