/**
 * Runs inside an extension host and measures how late its event loop turns: idle, through the five seconds after Hearthlink
 * was activated with its chat open, and while a large store is loaded and written anew. Leaves the figures, in milliseconds,
 * in the file that HEARTHLINK_PROBE names.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, extensions } from 'vscode';

/** What the host is doing by itself after its start is not ours. */
const settlingMs = 5000;
const spanMs = 5000;
/** A store of 100,000 memories is written anew well within this time. */
const writingLimitMs = 120_000;

export async function run(): Promise<void> {
  const { HEARTHLINK_PROBE: answerFile = '', HEARTHLINK_STORE: storeFolder = '' } = process.env;
  const extension = extensions.getExtension('hearthlink.hearthlink');
  if (extension === undefined) throw new Error('Hearthlink is not installed.');
  await sleep(settlingMs);
  if (extension.isActive) throw new Error('Hearthlink was active before it was measured.');
  const idle = await delayDuring(() => sleep(spanMs));
  const activating = await delayDuring(async () => {
    const end = sleep(spanMs);
    await extension.activate();
    await commands.executeCommand('hearthlink.openChat');
    await end;
  });
  const before = markedGenerations(storeFolder);
  const writing = await delayDuring(async () => {
    const asked = commands.executeCommand('hearthlink.wipeForgotten');
    asked.then(undefined, () => undefined); // it also waits for the reader of its notification; the files tell more
    for (const end = Date.now() + writingLimitMs; Date.now() < end; await sleep(200)) {
      if (markedGenerations(storeFolder).some((name) => !before.includes(name))) return;
    }
    throw new Error('No new generation was written.');
  });
  writeFileSync(answerFile, JSON.stringify({ idle, activating, writing }));
}

/** The 99th percentile of how late a timer of one millisecond came, in milliseconds. */
async function delayDuring(happen: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await happen();
  delay.disable();
  return delay.percentile(99) / 1e6;
}

function markedGenerations(folder: string): string[] {
  return readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'MARK')));
}
