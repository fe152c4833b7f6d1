import { loadavg } from 'node:os';
import type { CDPSession, Frame } from 'playwright-core';
import { Profile } from '../test/workbench/driver/profile.ts';
import type { WorkbenchWindow } from '../test/workbench/driver/workbench-window.ts';
import { firstPaintMilliseconds, scrollThrough, typingMilliseconds } from './memory-view-page.ts';
import { report, say } from './report.ts';
import { type BenchRow, median, quantile } from './rows.ts';
import { createVocabulary, seededRandom } from './synthetic-corpus.ts';
import { storeChat } from './views-chats.ts';

/** `npm run bench:memory-view`: the memory browser in a real workbench, over 100,000 memories. */

/** Each message is a memory. */
const chats = 100;
const turnsInChat = 500;
const opens = 7;
const searches = 50;
const places = 150;
/** As many as a person uses in some years. */
const words = createVocabulary(30_000, seededRandom(chats));

const profile = await Profile.make();
try {
  say('Filling a store with 100,000 memories.');
  await profile.inStore(async (store) => {
    for (let chat = 1; chat <= chats; chat++) await storeChat(store, words, `Chat ${chat}`, turnsInChat);
  });
  const { window } = await profile.open();
  report('The memory browser, over 100,000 memories', await measure(window));
} finally {
  await profile.close();
}

async function measure(window: WorkbenchWindow): Promise<BenchRow[]> {
  // The first time the store has to be opened as well, which `bench:store` measures.
  const cold = await firstPaintMilliseconds(await openMemory(window));
  const paints: number[] = [];
  while (paints.length < opens) {
    await window.runCommand('View: Close All Editors');
    paints.push(await firstPaintMilliseconds(await openMemory(window)));
  }
  const frame = await openMemory(window);
  const session = await window.page.context().newCDPSession(frame).catch(() => window.page.context().newCDPSession(window.page));
  await frame.getByText(/^100,000 memories$/).waitFor();
  const heapBefore = await heapMegabytes(session);
  const typing = await typingMilliseconds(frame, phrases());
  const elements = await scrollThrough(frame, places);
  const heapOnce = await heapMegabytes(session);
  await typingMilliseconds(frame, phrases());
  await scrollThrough(frame, places);
  const heapTwice = await heapMegabytes(session);
  say(`First paint: ${whole(cold)} ms while the store was opened, then ${paints.map(whole).join(', ')}.`);
  say(`Typing: ${typing.length} letters, median ${whole(median(typing))} ms, slowest ${whole(Math.max(...typing))} ms.`);
  say(`Heap, the workbench's where they share a process: ${whole(heapBefore)} MB, ${whole(heapOnce)} MB after ${places} places and ${searches} searches, ${whole(heapTwice)} MB after as many again.`);
  say(`Load: ${loadavg().map((load) => load.toFixed(1)).join(', ')}.`);
  // The first two bars are what the memory browser has to keep; the others are our own: what one would notice is far above them.
  return [
    row('memory-100k-first-paint-ms', median(paints), 'ms', 300),
    row('memory-100k-typing-to-results-p95-ms', quantile(typing, 0.95), 'ms', 50),
    row('memory-100k-heap-mb', heapTwice - heapBefore, 'MB more', 30),
    row('memory-100k-dom-nodes', elements, 'elements', 2_000),
  ];
}

async function openMemory(window: WorkbenchWindow): Promise<Frame> {
  await window.runCommand('Hearthlink: Open memory');
  const frame = await window.webview({ title: 'Hearthlink Memory' });
  await frame.locator('.slice .slice-text').first().waitFor({ timeout: 120_000 });
  return frame;
}

/** Two words each, frequent and rare, of those the store was filled with. */
function phrases(): string[] {
  return Array.from({ length: searches }, () => `${words.draw()} ${words.draw()}`);
}

async function heapMegabytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
}

/** These rows have no peer; their bars stand beside them. */
function row(name: string, value: number, unit: string, bar: number): BenchRow {
  return { name, value, unit, peer: null, bar, better: 'lower', ok: value <= bar };
}

function whole(value: number): string {
  return value.toFixed(0);
}
