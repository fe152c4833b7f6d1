import path from 'node:path';
import type { WorkbenchWindow } from './workbench-window.ts';

/** To be installed beside Hearthlink where a test needs hours to pass. */
export const clockExtension = path.join(import.meta.dirname, 'clock-extension');

/** Lets minutes pass at once in one window, as if its machine had slept meanwhile. Nobody uses Hearthlink by that. */
export async function letPass(window: WorkbenchWindow, minutes: number): Promise<void> {
  await window.runCommand('Clock: Let minutes pass');
  await window.answerBox('How many minutes?', String(minutes));
}
