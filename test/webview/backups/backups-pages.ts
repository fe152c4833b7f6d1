import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchBrowser } from '../../support/vscode/browser.ts';
import type { SceneOptions } from '../page/stage-pages.ts';
import { serveStage, type StageServer } from '../stage/stage-server.ts';
import { buildBackupsStage } from './build-backups-stage.ts';
import type { FakeBackupsHost } from './fake-backups-host.ts';

declare global {
  /** Set by the stage. */
  var backupsStage: FakeBackupsHost;
}

/** Pages that show the backups view over a fake host, in a real browser. */
export class BackupsPages {
  readonly #folder: string;
  readonly #server: StageServer;
  readonly #browser: Browser;
  readonly #problems: string[] = [];

  private constructor(folder: string, server: StageServer, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  /** Builds the stage and starts a browser; skips the suite, with a word, where there is none. */
  static async start(suite: Mocha.Context): Promise<BackupsPages> {
    suite.timeout(60_000);
    if (findChromium() === undefined) {
      process.stdout.write('    skipped: there is no Chromium; npm run prepare-tests installs it\n');
      suite.skip();
    }
    const folder = await mkdtemp(path.join(tmpdir(), 'hearthlink-backups-stage-'));
    await buildBackupsStage(folder);
    return new BackupsPages(folder, await serveStage(folder), await launchBrowser());
  }

  /** Opens a scene and waits until the view has drawn it. Whatever the page logs as an error fails `close`. */
  async open(state = 'some', { theme = 'dark-modern', width = 1100, height = 900 }: SceneOptions = {}): Promise<Page> {
    for (const context of this.#browser.contexts()) await context.close();
    const page = await this.#browser.newPage({ viewport: { width, height } });
    page.on('pageerror', (error) => this.#problems.push(`${state}: ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) this.#problems.push(`${state}: ${message.text()}`);
    });
    await page.goto(this.#server.address({ state, theme }));
    await page.locator('.verdict').first().waitFor();
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
    if (this.#problems.length > 0) throw new Error(`The view logged errors:\n${this.#problems.join('\n')}`);
  }
}

/** What the view has asked its host for, by this method. */
export function asked(page: Page, method: string): Promise<unknown[]> {
  return page.evaluate((wanted) => backupsStage.asked.filter((request) => request.method === wanted).map(({ parameters }) => parameters), method);
}

/** Resolves when the view has asked for it `count` times; with the last parameters. */
export async function askedFor(page: Page, method: string, count = 1): Promise<unknown> {
  await page.waitForFunction(([wanted, times]) => backupsStage.asked.filter((request) => request.method === wanted).length >= times, [method, count] as const);
  return (await asked(page, method)).at(-1);
}
