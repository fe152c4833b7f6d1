import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchBrowser } from '../../support/vscode/browser.ts';
import { buildStage } from '../stage/build-stage.ts';
import { serveStage, type StageServer } from '../stage/stage-server.ts';
import { stagedViews, type StagedName, type StagedView } from '../stage/staged-views.ts';

export const themes = ['dark-modern', 'light-modern', 'dark-hc', 'light-hc'] as const;

export type Theme = (typeof themes)[number];

export interface SceneOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** Pages that show scenes of a view over its fake host, in a real browser. */
export class StagePages {
  readonly #view: StagedView;
  readonly #folder: string;
  readonly #server: StageServer;
  readonly #browser: Browser;
  readonly #problems: string[] = [];

  private constructor(view: StagedView, folder: string, server: StageServer, browser: Browser) {
    this.#view = view;
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  /** Builds the stage of a view and starts a browser; skips the suite, with a word, where there is none. */
  static async start(suite: Mocha.Context, view: StagedName): Promise<StagePages> {
    suite.timeout(60_000);
    if (findChromium() === undefined) {
      process.stdout.write('    skipped: there is no Chromium; npm run prepare-tests installs it\n');
      suite.skip();
    }
    const folder = await mkdtemp(path.join(tmpdir(), `hearthlink-${view}-stage-`));
    await buildStage(folder, view);
    return new StagePages(stagedViews[view], folder, await serveStage(folder), await launchBrowser());
  }

  /** Opens a scene and waits until the view has drawn it. Whatever the page logs as an error fails `close`. */
  async open(state = this.#view.scene, { theme = 'dark-modern', width = this.#view.width, height = this.#view.height }: SceneOptions = {}): Promise<Page> {
    for (const context of this.#browser.contexts()) await context.close();
    const page = await this.#browser.newPage({ viewport: { width, height } });
    page.on('pageerror', (error) => this.#problems.push(`${state}: ${String(error)}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) this.#problems.push(`${state}: ${message.text()}`);
    });
    await page.goto(this.#server.address({ state, theme }));
    await page.locator(this.#view.drawn).first().waitFor();
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
    if (this.#problems.length > 0) throw new Error(`The view logged errors:\n${this.#problems.join('\n')}`);
  }
}
