import type { Browser, BrowserContext, ViewportSize } from 'playwright-core';
import { launchBrowser, newContext } from '../../support/vscode/browser.ts';
import { poll } from '../../support/vscode/poll.ts';
import { quietSettings } from '../../support/vscode/quiet-settings.ts';
import { type Server, type ServerOptions, startServer } from '../../support/vscode/server.ts';
import { WorkbenchWindow } from './workbench-window.ts';

/** Colour themes by kind: the setting's value, the class the workbench then carries, and the kind its webviews then name. */
export const themes = {
  'dark': { id: 'Dark Modern', mark: 'dark_modern', webview: 'vscode-dark' },
  'light': { id: 'Light Modern', mark: 'light_modern', webview: 'vscode-light' },
  'hc-dark': { id: 'Default High Contrast', mark: 'hc_black', webview: 'vscode-high-contrast' },
  'hc-light': { id: 'Default High Contrast Light', mark: 'hc_light', webview: 'vscode-high-contrast-light' },
} as const;

export type ThemeKind = keyof typeof themes;

export interface WorkbenchOptions extends ServerOptions {
  /** The folder to open. */
  readonly workspace?: string;
  readonly viewport?: ViewportSize;
}

/**
 * Starts a real VS Code and opens one window. Settings go over the quiet ones. `close` it in the end; with `dataDir`,
 * another one can go on over the same profile.
 */
export async function openWorkbench({ workspace, viewport, settings = {}, ...options }: WorkbenchOptions): Promise<Workbench> {
  const server = await startServer({ ...options, settings: { ...quietSettings, ...settings } });
  let browser: Browser | undefined;
  try {
    browser = await launchBrowser();
    const context = await newContext(browser, viewport);
    const workbench = new Workbench(server, browser, context, workspace);
    await workbench.openWindow();
    return workbench;
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

/** A VS Code of one person: one profile, any number of windows. */
export class Workbench {
  readonly server: Server;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #workspace: string | undefined;
  readonly #windows: WorkbenchWindow[] = [];

  constructor(server: Server, browser: Browser, context: BrowserContext, workspace: string | undefined) {
    this.server = server;
    this.#browser = browser;
    this.#context = context;
    this.#workspace = workspace;
  }

  /** The window that was opened first. */
  get window(): WorkbenchWindow {
    const [first] = this.#windows;
    if (first === undefined) throw new Error('No window is open.');
    return first;
  }

  /** A further window: same settings, same extensions, an extension host of its own. */
  async openWindow(workspace = this.#workspace): Promise<WorkbenchWindow> {
    const window = new WorkbenchWindow(this.server, await this.#context.newPage());
    this.#windows.push(window);
    await window.load(workspace);
    return window;
  }

  /** Closes one window, as a person would. */
  async closeWindow(window: WorkbenchWindow): Promise<void> {
    const index = this.#windows.indexOf(window);
    if (index >= 0) this.#windows.splice(index, 1);
    await window.close();
  }

  /** Switches every window, and the webviews in it, to a theme. */
  async setTheme(kind: ThemeKind): Promise<void> {
    const { id, mark, webview } = themes[kind];
    const shown = async (): Promise<boolean> => {
      // Written until it is seen: a busy machine's file watcher loses a change now and then.
      this.server.updateSettings({ 'workbench.colorTheme': id });
      return allTrue(this.#windows.map((window) => window.showsTheme(mark)));
    };
    await poll(`the theme ${id}`, shown, { timeoutMs: 60_000 });
    await Promise.all(this.#windows.map((window) => window.webviewsShowTheme(webview)));
  }

  /** What an output channel created with `{ log: true }` holds. */
  outputLog(channel: string): string {
    return this.server.log.outputChannel(channel);
  }

  async close(): Promise<void> {
    try {
      await Promise.all(this.#windows.splice(0).map((window) => window.close()));
    } finally {
      await this.#browser.close();
      await this.server.stop();
    }
  }
}

async function allTrue(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return (await Promise.all(answers)).every(Boolean);
}
