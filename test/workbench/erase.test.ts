import assert from 'node:assert/strict';
import path from 'node:path';
import { chatModel } from '../support/ollama/scripted-model.ts';
import { startScriptedOllama, type ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { poll } from '../support/vscode/poll.ts';
import { ChatPage } from './driver/chat-page.ts';
import { openWorkbench, type Workbench } from './driver/workbench.ts';

const root = path.join(import.meta.dirname, '../..');
const workspace = path.join(root, 'test/support/sample-workspace');

describe('erasing everything', () => {
  let ollama: ScriptedOllama;
  let workbench: Workbench;
  let chat: ChatPage;

  before(async function () {
    this.timeout(60_000);
    ollama = await startScriptedOllama({ models: [chatModel('hearth-chat')] });
    workbench = await openWorkbench({ extensionPath: root, workspace, settings: { 'hearthlink.endpoint': ollama.url } });
    chat = await ChatPage.open(workbench.window);
  });

  after(async () => {
    await workbench.close();
    await ollama[Symbol.asyncDispose]();
  });

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
