// Pictures of the memory browser over its fake host, without VS Code: node scripts/memory-screenshots.ts [folder]
// Each view in four themes, wide and narrow, goes into the folder, or a temporary one; those that the guide shows go into docs/pictures.
// Look at them before they are committed. Run `npm run prepare-tests` first.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page, ViewportSize } from 'playwright-core';
import { launchBrowser } from '../test/support/vscode/browser.ts';
import { buildStage } from '../test/webview/stage/build-stage.ts';
import { serveStage } from '../test/webview/stage/stage-server.ts';

const documented = path.join(import.meta.dirname, '../docs/pictures');
const themes = ['dark-modern', 'light-modern', 'dark-hc', 'light-hc'];
const wide = { width: 1100, height: 620 };
const sizes: readonly ViewportSize[] = [wide, { width: 420, height: 860 }];
/** Long enough for a graph to be laid out. */
const settleMs = 700;

/** How one comes to what a picture shows. */
const ways: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  memory: async (page) => {
    await page.getByRole('searchbox').fill('tide tables');
    await page.locator('.slice', { hasText: 'in local time' }).click();
    await page.locator('hearth-slice-detail').waitFor();
  },
  timeline: (page) => page.getByText('Timeline').click(),
  'memory-graph': (page) => page.getByText('Graph').click(),
  review: (page) => page.getByText('Review').click(),
};
const inGuide = ['memory', 'memory-graph'];

const folder = process.argv[2] ?? mkdtempSync(path.join(tmpdir(), 'hearthlink-memory-pictures-'));
for (const wanted of [folder, documented]) mkdirSync(wanted, { recursive: true });
process.env['FONTCONFIG_FILE'] = path.join(import.meta.dirname, 'picture-fonts.conf');
const scratch = mkdtempSync(path.join(tmpdir(), 'hearthlink-stage-'));
await buildStage(scratch, 'memory');
const server = await serveStage(scratch);
const browser = await launchBrowser();
try {
  for (const name of Object.keys(ways)) {
    for (const theme of themes) {
      for (const viewport of sizes) {
        const file = `${name}-${String(viewport.width)}-${theme}.png`;
        writeFileSync(path.join(folder, file), await picture(browser, { name, theme, viewport }));
      }
    }
  }
  for (const name of inGuide) {
    writeFileSync(path.join(documented, `${name}.png`), await picture(browser, { name, theme: 'dark-modern', viewport: wide }));
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(scratch, { recursive: true });
}
process.stdout.write(`Pictures: ${folder} and ${documented}\n`);

async function picture(from: Browser, { name, theme, viewport }: { readonly name: string; readonly theme: string; readonly viewport: ViewportSize }): Promise<Buffer> {
  const page = await from.newPage({ viewport });
  await page.goto(server.address({ state: 'some', theme }));
  await ways[name]?.(page);
  await page.waitForTimeout(settleMs);
  const taken = await page.screenshot();
  await page.close();
  return taken;
}
