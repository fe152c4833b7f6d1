import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type ViewportSize } from 'playwright-core';

const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The page asks for VS Code's built-in web extensions, whose files the server package does not carry. */
const webBuiltin = /\/static\/extensions\/.*\/browser\/.*\.js$/;
const emptyExtension = { contentType: 'text/javascript', body: 'exports.activate = () => {};' };

/** The workbench keeps an extension's secrets in the browser, under a key it asks its server for. */
const secretsKey = { contentType: 'application/octet-stream', body: Buffer.alloc(32, 'hearthlink-tests') };

/** The system's Chromium or Chrome, or undefined. HEARTHLINK_CHROMIUM names another. */
export function findChromium(): string | undefined {
  const candidates = [
    process.env['HEARTHLINK_CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return candidates.find((file) => file !== undefined && existsSync(file));
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium. Run: npm run prepare-tests');
  return chromium.launch({ executablePath, args: chromiumArgs });
}

export async function newContext(browser: Browser, viewport: ViewportSize = { width: 1280, height: 800 }): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
  await context.route(webBuiltin, (route) => route.fulfill(emptyExtension));
  await context.route('**/mint-key', (route) => route.fulfill(secretsKey));
  return context;
}
