import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { ChatPage } from './driver/chat-page.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

describe('what becomes of a chat', () => {
  let profile: Profile;
  let ollama: ScriptedOllama;
  let workbench: Workbench;
  let chat: ChatPage;

  before(async function () {
    this.timeout(60_000);
    profile = await Profile.make();
    ({ ollama } = profile);
    ollama.structured.when(({ format }) => JSON.stringify(format ?? '').includes('"title"')).answers({ json: { title: 'A scripted title' } });
    workbench = await profile.open();
    chat = await ChatPage.open(workbench.window);
  });

  beforeEach(() => chat.newChat());

  after(() => profile.close());

  it('is deleted, then what was learned in it is forgotten too, and both come back together', async function () {
    this.timeout(180_000);
    const found = { a_message: 1, b_quote: 'I rehearse with the choir on Tuesdays', c_kind: 'fact', d_text: 'The user rehearses with the choir on Tuesdays.', e_sure: 'yes', f_days: 0 };
    ollama.structured.when(({ format }) => JSON.stringify(format ?? '').includes('b_quote')).answers({ json: { facts: [found] } });
    ollama.chat.answers('A fine evening for it.');
    await chat.send('I rehearse with the choir on Tuesdays, so no meetings then.');
    await chat.finished('A fine evening for it.');
    const frame = await chat.ready();
    await frame.getByText('Shall I remember this? The user rehearses').waitFor({ timeout: 60_000 });
    await frame.getByText('Remember, and let me undo').click();
    await frame.getByRole('button', { name: 'Remember', exact: true }).click();
    await frame.getByText('Remembered: The user rehearses').waitFor();

    const list = await deleteOpenChat();
    await list.getByRole('button', { name: 'Undo' }).click();
    await list.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
    assert.match((await recalled('choir rehearses Tuesdays')).join('\n'), /choir on Tuesdays/);

    await chat.openChat('');
    await deleteOpenChat();
    assert.deepEqual(await recalled('choir rehearses Tuesdays'), []);
  });

  it('is closed, archived and opened again by command, and takes messages only while it is open', async () => {
    ollama.chat.answers('Until then.', 'Here we are again.');
    await chat.send('We stop here for the winter.');
    await chat.finished('Until then.');
    await workbench.window.runCommand('Hearthlink: Close chat');
    const frame = await chat.ready();
    await frame.getByText('This chat is closed.').waitFor();
    assert.equal(await frame.locator('.composer textarea').getAttribute('readonly'), '');
    await workbench.window.runCommand('Hearthlink: Archive chat');
    await frame.getByText('This chat is in the archive.').waitFor();

    const list = await openList();
    await list.getByRole('button', { name: 'Show archived chats' }).click();
    await list.locator('.session[aria-current="true"]').getByText('Archived', { exact: true }).waitFor({ state: 'attached' });
    await workbench.window.page.keyboard.press('Escape');

    await workbench.window.runCommand('Hearthlink: Open chat again');
    await frame.getByText('This chat is in the archive.').waitFor({ state: 'detached' });
    await chat.send('The winter is over.');
    await chat.finished('Here we are again.');
  });

  it('is paused from the list, and goes on from its banner', async () => {
    ollama.chat.answers('Take your time.');
    await chat.send('I have to think about it.');
    await chat.finished('Take your time.');
    const list = await openList();
    const row = list.locator('.session[aria-current="true"]');
    await row.locator('.session-title').focus();
    await row.getByRole('button', { name: 'More for this chat' }).click();
    await list.getByRole('menuitem', { name: 'Pause' }).click();
    await row.getByText('Paused', { exact: true }).waitFor({ state: 'attached' });
    await list.locator('.sessions input').press('Escape');
    const banner = list.locator('.banner', { hasText: 'This chat is paused.' });
    await banner.getByRole('button', { name: 'Go on' }).click();
    await banner.waitFor({ state: 'detached' });
  });

  async function openList(): Promise<Frame> {
    await workbench.window.runCommand('Hearthlink: Show chats');
    const frame = await workbench.window.webview({ title: 'Hearthlink Chat' });
    await frame.getByRole('searchbox').waitFor();
    return frame;
  }

  /** Deletes the chat that is open, and what was learned in it as well. */
  async function deleteOpenChat(): Promise<Frame> {
    const list = await openList();
    await list.locator('.session[aria-current="true"] .session-title').focus();
    await workbench.window.page.keyboard.press('Delete');
    const learned = list.getByText('1 thing learned in it is kept.');
    await learned.getByText('Forget too').click();
    await learned.waitFor({ state: 'detached' });
    assert.equal(await list.getByRole('alert').count(), 0);
    return list;
  }

  /** What `/recall` finds, asked in a new chat. */
  async function recalled(words: string): Promise<string[]> {
    await chat.newChat();
    await chat.send(`/recall ${words}`);
    const answer = (await chat.ready()).locator('hearth-reply').last();
    await answer.locator('.reply-body p').first().waitFor();
    return answer.locator('.memory-text').allInnerTexts();
  }
});
