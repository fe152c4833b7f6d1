import type { Frame, Locator } from 'playwright-core';
import { poll } from '../../support/vscode/poll.ts';
import type { WorkbenchWindow } from './workbench-window.ts';

const replyLimitMs = 20_000;

/** The chat of one window, used as a person would. Finds the view's frame anew each time: reloads and hiding replace it. */
export class ChatPage {
  readonly window: WorkbenchWindow;

  private constructor(window: WorkbenchWindow) {
    this.window = window;
  }

  /** Shows the chat and waits until one can write. */
  static async open(window: WorkbenchWindow): Promise<ChatPage> {
    // By its command: a click on its tab hides the side bar when the view has just been restored.
    await window.runCommand('Hearthlink: Open chat');
    const page = new ChatPage(window);
    await page.ready();
    return page;
  }

  /** The view's document, once it shows the composer. */
  async ready(): Promise<Frame> {
    const frame = await this.window.webview({ title: 'Hearthlink Chat' });
    await frame.locator('.composer textarea').waitFor({ timeout: replyLimitMs });
    return frame;
  }

  /** The view's document, once it says that what it showed is locked. */
  async locked(): Promise<Frame> {
    const frame = await this.window.webview({ title: 'Hearthlink Chat' });
    await frame.getByRole('heading', { name: 'Locked' }).waitFor({ timeout: replyLimitMs });
    return frame;
  }

  /** Begins a new chat by its command, which works also while no view is there. */
  async newChat(): Promise<void> {
    await this.window.runCommand('Hearthlink: New chat');
    await poll('the empty chat', async () => (await (await this.ready()).locator('hearth-request').count()) === 0);
  }

  /** Opens a chat from the list by its title. */
  async openChat(title: string): Promise<void> {
    await this.window.runCommand('Hearthlink: Show chats');
    const row = (await this.window.webview({ title: 'Hearthlink Chat' })).locator('.session', { hasText: title });
    await row.first().locator('.session-title').click();
    await this.ready();
  }

  /** The titles in the list of chats, newest first. */
  async titles(): Promise<string[]> {
    await this.window.runCommand('Hearthlink: Show chats');
    const frame = await this.window.webview({ title: 'Hearthlink Chat' });
    await frame.locator('.session').first().waitFor({ timeout: replyLimitMs });
    return frame.locator('.session-title').allInnerTexts();
  }

  async send(text: string): Promise<void> {
    const box = (await this.ready()).locator('.composer textarea');
    await box.fill(text);
    await box.press('Enter');
  }

  /** Waits until a reply with this text has ended. */
  async finished(text: string): Promise<void> {
    const frame = await this.ready();
    // What can be done with a reply is offered once it has ended.
    const ended = frame.locator('hearth-reply', { hasText: text, has: frame.locator('[role="toolbar"]') });
    await ended.last().waitFor({ timeout: replyLimitMs });
  }

  /** Waits until the text stands in the transcript, whoever wrote it and in whichever window. */
  async sees(text: string, timeoutMs = replyLimitMs): Promise<void> {
    const frame = await this.ready();
    await frame.locator('.transcript', { hasText: text }).waitFor({ timeout: timeoutMs });
  }

  /** Opens the list of memories under the last reply, and answers what stands in it. */
  async memoriesOfLastReply(): Promise<string[]> {
    const list = await this.#openMemories();
    return list.locator('.memory-text').allInnerTexts();
  }

  /** Forgets the first memory under the last reply; it keeps its place, with undo. */
  async forgetFirstMemory(): Promise<void> {
    const list = await this.#openMemories();
    await list.getByRole('button', { name: /^forget/i }).first().click();
    await list.getByRole('button', { name: /^undo/i }).first().waitFor();
  }

  async #openMemories(): Promise<Locator> {
    const frame = await this.ready();
    const fold = frame.locator('hearth-reply details', { hasText: 'Memories used' }).last();
    await fold.waitFor({ timeout: replyLimitMs });
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
    return fold;
  }
}
