import assert from 'node:assert/strict';
import path from 'node:path';
import type { ScriptedOllama } from '../support/ollama/scripted-ollama.ts';
import { filesWith } from '../support/store/files-with.ts';
import { poll } from '../support/vscode/poll.ts';
import { ChatPage } from './driver/chat-page.ts';
import { memoryBrowser } from './driver/memory-page.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

describe('what one does in the chat', () => {
  let profile: Profile;
  let ollama: ScriptedOllama;
  let workbench: Workbench;
  let chat: ChatPage;

  before(async function () {
    this.timeout(60_000);
    profile = await Profile.make();
    ({ ollama } = profile);
    ollama.structured.when(({ format }) => JSON.stringify(format ?? '').includes('"title"')).answers({ json: { title: 'A scripted title' } });
    ollama.structured.when(({ format }) => JSON.stringify(format ?? '').includes('do-not-fit')).answers({ json: { a_reason: 'They speak of different things.', b_answer: 'fit' } });
    workbench = await profile.open();
    chat = await ChatPage.open(workbench.window);
  });

  beforeEach(() => chat.newChat());

  after(() => profile.close());

  it('stops a reply at the server, and keeps what was written', async () => {
    ollama.chat.answers({ text: 'One word after the other. ', endless: true, tokenMs: 20 });
    await chat.send('Count slowly.');
    await chat.sees('One word after');
    const frame = await chat.ready();
    await frame.locator('.composer textarea').press('Escape');
    await chat.finished('One word after');
    await chat.sees('What was written is kept.');
    const request = ollama.requests('/api/chat').at(-1);
    await request?.finished;
    assert.equal(request?.aborted, true);
  });

  it('keeps both answers when the same question is answered again', async () => {
    ollama.chat.answers('The first answer.', 'The second answer.');
    await chat.send('Which answer?');
    await chat.finished('The first answer.');
    const frame = await chat.ready();
    await frame.getByRole('button', { name: 'Answer again' }).last().click();
    await chat.finished('The second answer.');
    await frame.getByText('2 of 2').waitFor();
    await frame.getByRole('button', { name: 'Earlier answer' }).last().click();
    await chat.finished('The first answer.');
    await frame.getByText('1 of 2').waitFor();
  });

  it('corrects a memory: from then on the correction is remembered', async () => {
    ollama.chat.answers('Noted.', 'In the blue drawer.', 'In the green drawer.');
    await chat.send('The spare fuses lie in the blue drawer.');
    await chat.finished('Noted.');
    await chat.newChat();
    await chat.send('Where do the spare fuses lie?');
    await chat.finished('In the blue drawer.');
    assert.ok((await chat.memoriesOfLastReply()).some((text) => text.includes('blue drawer')));
    const frame = await chat.ready();
    const memory = frame.locator('hearth-memory', { hasText: 'The spare fuses' }).first();
    await memory.getByRole('button', { name: 'Edit memory' }).click();
    await frame.locator('hearth-memory textarea').fill('The spare fuses lie in the green drawer.');
    await frame.locator('hearth-memory textarea').press('Enter');
    await frame.locator('.memory-text', { hasText: 'green drawer' }).first().waitFor();
    await chat.newChat();
    await chat.send('Where do the spare fuses lie?');
    await chat.finished('In the green drawer.');
    const prompts = ollama.requests('/api/chat').map(({ body }) => JSON.stringify(body)).filter((body) => body.includes('Where do the spare fuses lie?') && !body.includes('"format"'));
    assert.match(prompts.at(-1) ?? '', /green drawer/);
  });

  it('takes a forgotten memory back within the minute', async () => {
    ollama.chat.answers('I see.', 'On the roof.');
    await chat.send('The antenna of the lighthouse stands on the roof.');
    await chat.finished('I see.');
    await chat.newChat();
    await chat.send('Where is the antenna of the lighthouse?');
    await chat.finished('On the roof.');
    await chat.forgetFirstMemory();
    const frame = await chat.ready();
    await frame.locator('hearth-memory').getByRole('button', { name: /^undo/i }).first().click();
    await frame.locator('.memory-text', { hasText: 'antenna' }).first().waitFor();
  });

  it('writes nothing of a private chat to disk, and says so all the time', async () => {
    await workbench.window.runCommand('Hearthlink: New private chat');
    const frame = await chat.ready();
    await frame.getByText('Private: nothing is recalled or saved.').waitFor();
    ollama.chat.answers('Between you and me, then: zanzibarquartz.');
    await chat.send('Keep this to yourself: quixoticmarmalade.');
    await chat.finished('Between you and me');
    await frame.getByText('Private: nothing is recalled or saved.').waitFor();
    assert.deepEqual(filesOfProfile('quixoticmarmalade'), []);
    assert.deepEqual(filesOfProfile('zanzibarquartz'), []);
  });

  it('keeps a draft over a reload', async () => {
    const frame = await chat.ready();
    await frame.locator('.composer textarea').fill('A thought that is not finished');
    await poll('the draft to be kept', async () => (await frame.evaluate(() => document.querySelector('textarea')?.value)) === 'A thought that is not finished');
    // As a person does it: VS Code then keeps what views have told it, which a browser's own reload cuts off.
    const reloaded = workbench.window.page.waitForEvent('load');
    await workbench.window.runCommand('Developer: Reload Window');
    await reloaded;
    chat = await ChatPage.open(workbench.window);
    const box = (await chat.ready()).locator('.composer textarea');
    await poll('the draft', async () => (await box.inputValue()) === 'A thought that is not finished');
    await box.fill('');
  });

  it('goes on with a reply while the view is hidden, and shows it whole when it returns', async () => {
    ollama.chat.answers({ text: 'It goes on although nobody looks, to the very end.', tokenMs: 100 });
    await chat.send('Go on without me.');
    await chat.sees('It goes on');
    await workbench.window.openView('Explorer');
    const request = ollama.requests('/api/chat').at(-1);
    await request?.finished;
    assert.equal(request?.aborted, false);
    const badge = workbench.window.page.locator('.part.activitybar .badge[aria-label^="Hearthlink"] .badge-content');
    await poll('the badge', async () => (await badge.innerText()) === '1');
    await workbench.window.openView('Hearthlink');
    await chat.finished('to the very end.');
  });

  it('remembers and recalls by slash commands', async () => {
    await chat.send('/remember The boiler is serviced in October');
    await chat.sees('Remembered.');
    await chat.send('/recall boiler');
    await chat.sees('This is remembered about it');
    await chat.sees('The boiler is serviced in October');
    assert.equal(ollama.requests('/api/chat').some(({ body }) => JSON.stringify(body).includes('/recall')), false, 'a command is never sent to the model');
  });

  it('answers from memory where no model is, and looks further back in the memory browser', async () => {
    await chat.send('/remember The key of the boat shed hangs behind the door');
    await chat.sees('Remembered.');
    await chat.newChat();
    await ollama.stop();
    await chat.send('Where does the boat shed key hang?');
    await chat.sees('No model spoke.');
    const frame = await chat.ready();
    await frame.getByRole('button', { name: 'Look further back' }).click();
    const browser = await memoryBrowser(workbench);
    await browser.getByText('hangs behind the door').first().waitFor();
    assert.equal(await browser.getByRole('searchbox', { name: 'Search memory' }).inputValue(), 'Where does the boat shed key hang?');
    await ollama.restart();
    await frame.getByRole('button', { name: 'Try again' }).click();
    await frame.getByRole('button', { name: /^Model: hearth/ }).waitFor();
  });

  it('asks once how facts are remembered, when the first is found in what was said', async function () {
    this.timeout(90_000);
    const found = { a_message: 1, b_quote: 'I rehearse with the choir on Tuesdays', c_kind: 'fact', d_text: 'The user rehearses with the choir on Tuesdays.', e_sure: 'yes', f_days: 0 };
    ollama.structured.when(({ format }) => JSON.stringify(format ?? '').includes('b_quote')).answers({ json: { facts: [found] } });
    ollama.chat.answers('A fine evening for it.');
    await chat.send('I rehearse with the choir on Tuesdays, so no meetings then.');
    await chat.finished('A fine evening for it.');
    const frame = await chat.ready();
    await frame.getByText('Shall I remember this? The user rehearses with the choir on Tuesdays.').waitFor({ timeout: 60_000 });
    await frame.getByText('Remember, and let me undo').click();
    await frame.getByRole('button', { name: 'Remember', exact: true }).click();
    await frame.getByText('Remembered: The user rehearses with the choir on Tuesdays.').waitFor();
    await workbench.window.runCommand('Hearthlink: Choose how facts are remembered');
    const now = workbench.window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Now' });
    assert.match(await now.innerText(), /Remember, and let me undo/);
    await workbench.window.page.keyboard.press('Escape');
  });

  /** Files of the profile, the store's above all, that hold the text. */
  function filesOfProfile(text: string): string[] {
    return filesWith(path.join(workbench.server.userDir, 'globalStorage'), text);
  }
});
