// Draws the states of the chat view in a browser, without VS Code, to be looked at:
//   node scripts/stage-screenshots.ts [folder] [state ...]
// For each theme and width: one picture of every state beside the others. Without a folder, a temporary one is made and named.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../test/support/vscode/browser.ts';
import { buildStage } from '../test/webview/stage/build-stage.ts';
import { serveStage, type StageServer } from '../test/webview/stage/stage-server.ts';

const states = [
  'first-run', 'no-model', 'pulling', 'conversation', 'memories', 'captured', 'streaming', 'loading', 'offline', 'error', 'private',
  'sessions', 'models', 'secret', 'remote', 'read-only', 'damaged', 'long',
];
const themes = ['dark-modern', 'light-modern', 'dark-hc', 'light-hc'];
const widths = [300, 420, 600];
const height = 720;
const columns = 6;
/** Long enough for words to stream in, folds to open and code to be coloured. */
const settleMs = 700;

const [folder = mkdtempSync(path.join(tmpdir(), 'hearthlink-pictures-')), ...chosen] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(path.join(tmpdir(), 'hearthlink-stage-'));
await buildStage(scratch, 'chat');
const server = await serveStage(scratch);
const browser = await launchBrowser();
try {
  const pictures = new Map<string, Buffer[]>();
  for (const state of chosen.length > 0 ? chosen : states) {
    for (const [name, picture] of await picturesOf(state, browser, server)) pictures.set(name, [...(pictures.get(name) ?? []), picture]);
  }
  for (const theme of themes) {
    for (const width of widths) {
      const file = path.join(folder, `${theme}-${String(width)}.png`);
      await sheet(browser, pictures.get(`${theme}-${String(width)}`) ?? [], width, file);
      process.stdout.write(`${file}\n`);
    }
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(scratch, { recursive: true });
}

/** One state in every theme and width, by `theme-width`. */
async function picturesOf(state: string, from: Browser, stage: StageServer): Promise<[string, Buffer][]> {
  const made: [string, Buffer][] = [];
  for (const theme of themes) {
    const page = await from.newPage({ viewport: { width: 300, height } });
    await page.goto(stage.address({ state, theme }));
    await page.waitForTimeout(settleMs);
    for (const width of widths) {
      await page.setViewportSize({ width, height });
      made.push([`${theme}-${String(width)}`, await page.screenshot()]);
    }
    await page.close();
  }
  return made;
}

/** Lays pictures of one width side by side, in rows. */
async function sheet(from: Browser, pictures: readonly Buffer[], width: number, file: string): Promise<void> {
  const rows = Math.ceil(pictures.length / columns);
  const gap = 12;
  const page = await from.newPage({ viewport: { width: Math.min(columns, pictures.length) * (width + gap) + gap, height: rows * (height + gap) + gap } });
  const images = pictures.map((image) => `<img width="${String(width)}" src="data:image/png;base64,${image.toString('base64')}">`).join('');
  await page.setContent(`<body style="display:flex;flex-wrap:wrap;gap:${String(gap)}px;margin:${String(gap)}px;background:#808080">${images}</body>`);
  await page.screenshot({ path: file });
  await page.close();
}
