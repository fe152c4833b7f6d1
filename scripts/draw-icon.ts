import path from 'node:path';
import { launchBrowser } from '../test/support/vscode/browser.ts';

/** The Marketplace takes no SVG: draws media/icon.svg as a PNG of the same name. */
const media = path.join(import.meta.dirname, '../media');
const browser = await launchBrowser();
const page = await browser.newPage();
await page.goto(`file://${path.join(media, 'icon.svg')}`);
await page.locator('svg').screenshot({ path: path.join(media, 'icon.png'), omitBackground: true });
await browser.close();
