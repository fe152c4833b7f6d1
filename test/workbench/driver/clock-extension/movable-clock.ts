// An extension for tests, installed beside Hearthlink: extensions of one window share a process, so what it does to the clock holds for both.
import { commands, window, type ExtensionContext } from 'vscode';

/** Shorter waits are VS Code's own, most of them, and take the time they take. */
const longMs = 30_000;
const minuteMs = 60_000;

interface Waiting {
  readonly timer: NodeJS.Timeout;
  readonly until: number;
  readonly run: () => void;
}

/** Replaces the clock and the long timers of this process, before anything else has asked for one. */
export function activate(context: ExtensionContext): void {
  const { setTimeout: start, clearTimeout: cancel } = globalThis;
  const now = Date.now.bind(Date);
  const waiting = new Map<unknown, Waiting>();
  let ahead = 0;

  const startNoted = (run: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]): NodeJS.Timeout => {
    const timer = start(() => {
      waiting.delete(timer);
      run(...given);
    }, milliseconds);
    if (milliseconds >= longMs) waiting.set(timer, { timer, until: now() + ahead + milliseconds, run: () => { run(...given); } });
    return timer;
  };
  const cancelNoted = (timer: NodeJS.Timeout | undefined): void => {
    waiting.delete(timer);
    cancel(timer);
  };
  /** As a machine that has slept: what was due meanwhile comes now, once. */
  const pass = (milliseconds: number): void => {
    ahead += milliseconds;
    for (const { timer, run } of [...waiting.values()].filter(({ until }) => until <= now() + ahead)) {
      cancelNoted(timer);
      run();
    }
  };

  Date.now = () => now() + ahead;
  Object.assign(globalThis, { setTimeout: startNoted, clearTimeout: cancelNoted });
  context.subscriptions.push(commands.registerCommand('movableClock.letPass', async () => {
    const minutes = Number(await window.showInputBox({ title: 'How many minutes?' }));
    if (minutes > 0) pass(minutes * minuteMs);
  }));
}
