import assert from 'node:assert/strict';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { poll } from '../support/vscode/poll.ts';
import { ChatPage } from './driver/chat-page.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

describe('erasing everything', () => {
  let profile: Profile;
  let ollama: ScriptedOllama;
  let workbench: Workbench;
  let chat: ChatPage;

  before(async function () {
    this.timeout(60_000);
    profile = await Profile.make();
    ({ ollama } = profile);
    workbench = await profile.open();
    chat = await ChatPage.open(workbench.window);
  });

  after(() => profile.close());

  it('asks for a word first, then leaves nothing, and one can begin anew', async function () {
    this.timeout(120_000);
    ollama.chat.answers('Gull suits her.', 'Pleased to meet you.');
    await chat.send('What about Gull, for the boat?');
    await chat.finished('Gull suits her.');

    await workbench.window.runCommand('Hearthlink: Erase all my data');
    const input = workbench.window.page.locator('.quick-input-widget:visible', { hasText: 'Erase all my data' }).locator('input.input');
    await input.fill('ease');
    await workbench.window.page.getByText('Type erase, or press Escape.').waitFor();
    assert.equal(await (await chat.ready()).locator('hearth-request').count(), 1);
    await input.fill('erase');
    await input.press('Enter');
    await poll('an empty chat', async () => (await (await chat.ready()).locator('hearth-request').count()) === 0, { timeoutMs: 30_000 });

    await chat.send('Hello again.');
    await chat.finished('Pleased to meet you.');
    assert.equal((await chat.titles()).length, 1);
  });
});
