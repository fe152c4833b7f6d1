import path from 'node:path';
import { type ConsoleMessage, errors, type Frame, type Locator, type Page } from 'playwright-core';
import { poll } from '../../support/vscode/poll.ts';
import type { Server } from '../../support/vscode/server.ts';
import { windowAddress } from '../../support/vscode/window-address.ts';
import { isWebview, type WebviewMark } from './webview-frame.ts';

const startLimitMs = 60_000;
const stepLimitMs = 10_000;
/** A theme is there within one second when its setting was noticed. */
const themeLimitMs = 4000;

export interface Notification {
  readonly severity: string | undefined;
  readonly message: string;
  /** The labels of its buttons. */
  readonly actions: readonly string[];
}

export interface Dialog {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

export interface ConsoleEntry {
  readonly type: string;
  readonly text: string;
  readonly url: string;
}

/** One VS Code window, driven as a person would. */
export class WorkbenchWindow {
  readonly page: Page;
  /** All that the window and its webviews logged. */
  readonly consoleEntries: ConsoleEntry[] = [];
  readonly #server: Server;
  #hostPid: number | undefined;

  constructor(server: Server, page: Page) {
    this.#server = server;
    this.page = page;
    page.on('console', (message) => this.consoleEntries.push(entryOf(message)));
    page.on('pageerror', (error) => this.consoleEntries.push({ type: 'error', text: String(error), url: '' }));
  }

  /** The process of this window's extension host. */
  get hostPid(): number {
    if (this.#hostPid === undefined) throw new Error('The window has no extension host yet.');
    return this.#hostPid;
  }

  load(workspace: string | undefined): Promise<void> {
    return this.#withNewHost(async () => {
      await this.page.goto(windowAddress(this.#server, workspace && path.resolve(workspace)));
      await this.#ready();
    });
  }

  reload(): Promise<void> {
    return this.#withNewHost(async () => {
      await this.page.reload();
      await this.#ready();
    });
  }

  /** Closes the window, and waits until its extension host has deactivated its extensions and ended. */
  async close(): Promise<void> {
    await this.page.close();
    const hostEnded = (): boolean => this.#hostPid === undefined || !this.#server.log.extensionHostPids().includes(this.#hostPid);
    await poll('the end of the extension host', hostEnded);
  }

  /** Ends this window's extension host as a crash would; resolves when VS Code has started another by itself. */
  killExtensionHost(): Promise<void> {
    return this.#withNewHost(() => void process.kill(this.hostPid, 'SIGKILL'));
  }

  /** Brings the window before another that was opened later: one that is behind draws nothing, so a click in it waits for ever. */
  toFront(): Promise<void> {
    return this.page.bringToFront();
  }

  /**
   * Runs a command by its full palette title, such as "Hearthlink: New chat". A view that takes the focus while it loads
   * closes the palette; then it is opened again.
   */
  async runCommand(title: string): Promise<void> {
    const choose = async (): Promise<boolean> => {
      if ((await this.#quickInput().count()) === 0) await this.page.keyboard.press('F1');
      await this.#quickInput().fill(`>${title}`, { timeout: 1_000 });
      const row = await this.#row(title);
      await row?.click({ timeout: 1_000 });
      return row !== undefined;
    };
    await poll(`the command ${title}`, () => choose().catch(falseIfTooLate), { timeoutMs: startLimitMs });
  }

  /** Chooses an entry of the open quick pick by its label. */
  async pick(label: string): Promise<void> {
    await (await poll(`"${label}" in the quick pick`, () => this.#row(label))).click();
  }

  async #row(label: string): Promise<Locator | undefined> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const labels = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
    const index = labels.findIndex((text) => text === label || text.startsWith(`${label}, `));
    return index >= 0 ? rows.nth(index) : undefined;
  }

  /** Types into the open input box and accepts it. */
  async enter(text: string): Promise<void> {
    const input = this.#quickInput();
    await input.fill(text);
    await input.press('Enter');
  }

  /** Types into the input box with this title, once it is the one that is open, and accepts it. */
  async answerBox(title: string, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget:visible').getByText(title, { exact: true }).waitFor();
    await this.enter(text);
  }

  /** Shows a view container by the title on its activity-bar tab. */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator('.part.activitybar').getByRole('tab', { name: title });
    await tab.waitFor({ timeout: startLimitMs });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** An entry of the status bar by what it says to a screen reader, which is what its hover says. */
  statusItem(words: string): Locator {
    return this.page.locator('.part.statusbar').getByRole('button', { name: words, exact: true });
  }

  /** Drags the side bar's edge; VS Code keeps it to about 170 px at least. */
  async resizeSideBar(width: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('The side bar is hidden.');
    const { mouse } = this.page;
    const edge = { x: box.x + box.width + 2, y: box.y + box.height / 2 };
    await mouse.move(edge.x, edge.y);
    await mouse.down();
    await mouse.move(box.x + width + 2, edge.y, { steps: 4 });
    await mouse.up();
  }

  /**
   * The frame that holds a webview's document, once it has loaded. A reload, or new html, replaces the frame: ask again.
   */
  webview(mark: WebviewMark = {}, timeoutMs = startLimitMs): Promise<Frame> {
    const wanted = `webview ${String(mark.title ?? mark.selector ?? mark.extension ?? '')}`;
    const find = async (): Promise<Frame | undefined> => {
      for (const frame of this.page.frames()) {
        if (await isWebview(frame, mark)) return frame;
      }
      return undefined;
    };
    return poll(wanted, find, { timeoutMs });
  }

  /** Whether the window takes on a theme within some seconds. */
  showsTheme(mark: string): Promise<boolean> {
    const themed = this.page.locator(`.monaco-workbench[class*="${mark}"]`);
    return themed.waitFor({ timeout: themeLimitMs }).then(() => true, falseIfTooLate);
  }

  /** Waits until the window's webviews have taken on a kind of theme. */
  async webviewsShowTheme(webviewKind: string): Promise<void> {
    for (const frame of this.page.frames()) {
      if (await isWebview(frame, {})) await frame.locator(`body[data-vscode-theme-kind="${webviewKind}"]`).waitFor({ timeout: stepLimitMs });
    }
  }

  /** Errors and warnings that webviews logged, breaches of the content security policy included. */
  webviewProblems(): ConsoleEntry[] {
    const fromWebview = ({ url }: ConsoleEntry): boolean => /\/webview\/browser\/pre\/|vscode-resource\./.test(url);
    // VS Code's own sandbox, reported for every webview there is.
    const aboutSandbox = ({ text }: ConsoleEntry): boolean =>
      text.startsWith('An iframe which has both allow-scripts and allow-same-origin');
    const severe = ({ type }: ConsoleEntry): boolean => type === 'error' || type === 'warning';
    return this.consoleEntries.filter((entry) => severe(entry) && fromWebview(entry) && !aboutSandbox(entry));
  }

  /** The notifications on show. */
  notifications(): Promise<Notification[]> {
    return this.page.locator('.notification-list-item').evaluateAll((items) => items.map((item) => {
      const icon = item.querySelector('.notification-list-item-icon')?.className ?? '';
      const buttons = item.querySelectorAll('.notification-list-item-buttons-container .monaco-button');
      return {
        severity: /codicon-(info|warning|error)/.exec(icon)?.[1],
        message: item.querySelector('.notification-list-item-message')?.textContent ?? '',
        actions: [...buttons].map((button) => button.textContent),
      };
    }));
  }

  /** Waits for a notification whose text contains `text`. */
  notification(text: string, timeoutMs = stepLimitMs): Promise<Notification> {
    const find = async (): Promise<Notification | undefined> =>
      (await this.notifications()).find(({ message }) => message.includes(text));
    return poll(`notification "${text}"`, find, { timeoutMs });
  }

  async clickNotification(text: string, action: string): Promise<void> {
    const item = this.page.locator('.notification-list-item', { hasText: text });
    await item.getByRole('button', { name: action, exact: true }).click({ timeout: stepLimitMs });
  }

  /** Waits for a modal dialog. */
  async dialog(): Promise<Dialog> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor({ timeout: stepLimitMs });
    return box.evaluate((node) => ({
      message: node.querySelector('.dialog-message-text')?.textContent ?? '',
      detail: node.querySelector('.dialog-message-detail')?.textContent ?? '',
      buttons: [...node.querySelectorAll('.dialog-buttons .monaco-button')].map((button) => button.textContent),
    }));
  }

  async answerDialog(button: string): Promise<void> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.getByRole('button', { name: button, exact: true }).click({ timeout: stepLimitMs });
  }

  /** Writes a PNG of the window. */
  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }

  #ready(): Promise<void> {
    return this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: startLimitMs });
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  /** Runs a step that makes VS Code start an extension host for this window, and notes that host's pid once it is up. */
  async #withNewHost(step: () => void | Promise<void>): Promise<void> {
    const before = new Set(this.#server.log.extensionHostPids());
    await step();
    const find = (): number | undefined => this.#server.log.extensionHostPids().find((pid) => !before.has(pid));
    this.#hostPid = await poll('a new extension host', find, { timeoutMs: startLimitMs });
  }
}

function falseIfTooLate(error: unknown): false {
  if (error instanceof errors.TimeoutError) return false;
  throw error;
}

function entryOf(message: ConsoleMessage): ConsoleEntry {
  return { type: message.type(), text: message.text(), url: message.location().url };
}
