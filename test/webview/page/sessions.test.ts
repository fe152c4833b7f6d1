import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type {} from '../../../src/webview/chat/transcript.ts';
import { askedFor, drawn, emit } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

async function openMenu(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: title }).focus();
  await page.locator('.session', { hasText: title }).getByRole('button', { name: 'More for this chat' }).click();
  await page.getByRole('menu').waitFor();
}

function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
}

describe('the list of chats', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('is opened by its command, searched as one types, and left with Esc', async () => {
    const page = await pages.open('conversation');
    await emit(page, 'showSessions', {});
    const search = page.getByRole('searchbox', { name: 'Search in all chats' });
    await search.waitFor();
    await page.keyboard.type('linker');
    await page.waitForFunction(() => document.querySelectorAll('.session').length === 2);
    assert.deepEqual(await page.locator('.session mark').allInnerTexts(), ['linker', 'linker']);
    await page.getByRole('status').getByText('2 chats found.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Message to Alden' }).waitFor();
  });

  it('is left when a command, such as a new chat, leads to the composer', async () => {
    const page = await pages.open('sessions');
    await page.getByRole('searchbox').waitFor();
    await emit(page, 'focusComposer', {});
    await page.locator('hearth-sessions').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('textbox', { name: 'Message to Alden' }).evaluate((field) => field === document.activeElement), true);
  });

  it('is out of sight while the store is locked', async () => {
    const page = await pages.open('sessions');
    await page.locator('hearth-sessions').waitFor();
    await emit(page, 'store', { state: 'locked', error: { code: 'store-locked', parameters: {} }, damagedFiles: [], leftBehind: null });
    await page.locator('hearth-sessions').waitFor({ state: 'detached' });
  });

  it('says so when nothing is found', async () => {
    const page = await pages.open('sessions');
    await page.getByRole('searchbox').fill('xylophone');
    await page.getByText('Nothing like that. Try fewer words.').waitFor();
  });

  it('opens a chat at the place that was found', async () => {
    const page = await pages.open('sessions');
    await page.getByRole('searchbox').fill('linker');
    await page.waitForFunction(() => document.querySelectorAll('.session').length === 2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.deepEqual(await askedFor(page, 'openSession'), { id: 'chat-9', messageId: 'q1' });
    await page.locator('hearth-sessions').waitFor({ state: 'detached' });
  });

  it('is one stop for Tab, with the tools of the chosen chat behind it', async () => {
    const page = await pages.open('sessions');
    await page.locator('.session').first().waitFor();
    await page.getByRole('searchbox').focus();
    const stops: string[] = [];
    for (let stop = 0; stop < 5; stop++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent.trim() ?? ''));
    }
    assert.deepEqual(stops.slice(0, 4), ['Nightly build on the Pi again', 'Rename chat', 'Delete chat', 'More for this chat']);
    assert.ok(!['Morning notes', 'Rename chat'].includes(stops[4] ?? ''));
  });

  it('renames a chat in place', async () => {
    const page = await pages.open('sessions');
    await page.getByRole('button', { name: 'Morning notes' }).focus();
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Title' }).fill('Notes of a morning');
    await page.keyboard.press('Enter');
    assert.deepEqual(await askedFor(page, 'renameSession'), { id: 'chat-2', title: 'Notes of a morning' });
    await page.getByRole('button', { name: 'Notes of a morning' }).waitFor();
  });

  it('deletes a chat with a way back, and asks about what was learned in it', async () => {
    const page = await pages.open('sessions');
    await page.getByRole('button', { name: 'Morning notes' }).focus();
    await page.keyboard.press('Delete');
    assert.deepEqual(await askedFor(page, 'deleteSession'), { id: 'chat-2', alsoFacts: false });
    await page.getByText('Deleted “Morning notes”.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Morning notes' }).count(), 0);
    await page.getByText('2 things learned in it are kept.').getByText('Forget too').click();
    assert.deepEqual(await askedFor(page, 'deleteSession', 2), { id: 'chat-2', alsoFacts: true });
    await page.getByText('things learned in it').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.deepEqual(await askedFor(page, 'undoDeleteSession'), { id: 'chat-2' });
    await page.getByRole('button', { name: 'Morning notes' }).waitFor();
  });

  it('exports a chat', async () => {
    const page = await pages.open('sessions');
    await openMenu(page, 'Morning notes');
    await page.getByRole('menuitem', { name: 'Export' }).click();
    assert.deepEqual(await askedFor(page, 'exportSession'), { id: 'chat-2' });
  });

  it('pauses a chat and goes on with it, from a menu that arrows walk through', async () => {
    const page = await pages.open('sessions');
    await openMenu(page, 'Morning notes');
    assert.deepEqual(await page.getByRole('menuitem').allInnerTexts(), ['Pause', 'Close', 'Archive', 'Export']);
    assert.equal(await focusedText(page), 'Pause');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focusedText(page), 'Close');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    assert.deepEqual(await askedFor(page, 'changeSessionStatus'), { id: 'chat-2', to: 'paused' });
    await page.locator('.session', { hasText: 'Morning notes' }).getByText('Paused', { exact: true }).waitFor({ state: 'attached' });
    assert.equal(await page.getByRole('menu').count(), 0);
    await openMenu(page, 'Morning notes');
    await page.getByRole('menuitem', { name: 'Go on' }).click();
    assert.deepEqual(await askedFor(page, 'changeSessionStatus', 2), { id: 'chat-2', to: 'active' });
  });

  it('puts its menu away with Esc, and the focus back on the chat', async () => {
    const page = await pages.open('sessions');
    await openMenu(page, 'Morning notes');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    assert.equal(await focusedText(page), 'Morning notes');
  });

  it('keeps archived chats out of sight until they are asked for, and takes them up again', async () => {
    const page = await pages.open('sessions');
    await openMenu(page, 'Morning notes');
    await page.getByRole('menuitem', { name: 'Archive' }).click();
    await page.getByRole('button', { name: 'Morning notes' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show archived chats' }).click();
    await page.getByRole('button', { name: 'Old label printer' }).waitFor();
    await openMenu(page, 'Morning notes');
    assert.deepEqual(await page.getByRole('menuitem').allInnerTexts(), ['Open again', 'Export']);
    await page.getByRole('menuitem', { name: 'Open again' }).click();
    assert.deepEqual(await askedFor(page, 'changeSessionStatus', 2), { id: 'chat-2', to: 'active' });
    await page.getByRole('button', { name: 'Hide archived chats' }).click();
    await page.getByRole('button', { name: 'Old label printer' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Morning notes' }).waitFor();
  });

  it('offers no archive for a temporary chat, which goes away by itself', async () => {
    const page = await pages.open('sessions');
    await openMenu(page, 'Ideas for the demo day');
    assert.deepEqual(await page.getByRole('menuitem').allInnerTexts(), ['Pause', 'Close', 'Export']);
  });

  it('asks again when the chats changed somewhere', async () => {
    const page = await pages.open('sessions');
    await askedFor(page, 'listSessions');
    await emit(page, 'sessionsChanged', {});
    await askedFor(page, 'listSessions', 2);
  });

  it('leaves the transcript where it was', async () => {
    const page = await pages.open('long');
    const list = page.locator('hearth-transcript');
    await list.hover();
    await page.mouse.wheel(0, -2000);
    await page.waitForFunction(() => document.querySelector('hearth-transcript')?.isPinned === false);
    await drawn(page);
    const top = await list.evaluate((element) => element.querySelector('li.turn')?.getBoundingClientRect().top);
    await emit(page, 'showSessions', {});
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.press('Escape');
    await list.waitFor();
    await drawn(page);
    assert.equal(await list.evaluate((element) => element.querySelector('li.turn')?.getBoundingClientRect().top), top);
  });
});

describe('a chat that is closed', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('says so, takes no message, and is opened again from there', async () => {
    const page = await pages.open('closed');
    const banner = page.locator('.banner', { hasText: 'This chat is closed.' });
    await banner.waitFor();
    assert.equal(await page.locator('.composer-text').getAttribute('readonly'), '');
    assert.equal(await page.getByRole('button', { name: 'Answer again' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Edit and send again' }).count(), 0);
    assert.ok((await page.getByRole('button', { name: 'Remember this' }).count()) > 0, 'what was said can still be remembered');
    await banner.getByRole('button', { name: 'Open again' }).click();
    const asked = await askedFor(page, 'changeSessionStatus');
    assert.deepEqual(asked, { id: 'chat-1', to: 'active' });
  });
});
