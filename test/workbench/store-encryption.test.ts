import assert from 'node:assert/strict';
import { filesWith } from '../support/store/files-with.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { ChatPage } from './driver/chat-page.ts';
import { KeyBoxes } from './driver/key-boxes.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

const passphrase = 'gull rows quiet harbour under seven lamps';

describe('chats and memories that are encrypted where they lie', function () {
  this.timeout(240_000);
  let profile: Profile;
  let workbench: Workbench;
  let chat: ChatPage;
  let other: ChatPage;

  before(async () => {
    profile = await Profile.make();
    const { ollama } = profile;
    ollama.structured.when(() => true).answers({ json: { title: 'Moorings' } });
    ollama.chat.when('Ottoline').answers('She moors behind the breakwater.');
    ollama.chat.when('Perpetua').answers('She dries out on the mudflats.');
    ollama.chat.when('Quillon').answers('He sails with the ebb.');
    workbench = await profile.open();
    chat = await ChatPage.open(workbench.window);
    await chat.send('Where does Ottoline moor?');
    await chat.finished('breakwater');
  });

  after(() => profile.close());

  /** The words that can be read in some file of the store. */
  function lyingOpen(...words: string[]): string[] {
    return words.filter((word) => filesWith(profile.storeFolder, word).length > 0);
  }

  it('stand in no byte of the store’s files, and the window goes on chatting', async () => {
    const { window } = workbench;
    assert.deepEqual(lyingOpen('Ottoline', 'breakwater'), ['Ottoline', 'breakwater'], 'they can be found while they lie open');
    await window.runCommand('Hearthlink: Show backups');
    const backups = await window.webview({ title: 'Hearthlink Backups' });
    await window.runCommand('Hearthlink: Encrypt chats and memories');
    await new KeyBoxes(window).makeKeys(passphrase);
    await window.answerDialog('Encrypt');
    await window.notification('Your chats and memories are encrypted.', 60_000);
    await chat.sees('breakwater');
    await chat.send('And where does Perpetua?');
    await chat.finished('mudflats');
    assert.deepEqual(lyingOpen('Ottoline', 'breakwater', 'Perpetua', 'mudflats'), []);
    await backups.getByText('Your chats and memories are encrypted as well.').waitFor();
  });

  it('open in another window only for who types the passphrase there', async () => {
    other = await ChatPage.open(await workbench.openWindow());
    const frame = await other.locked();
    assert.deepEqual(await accessibilityViolations(frame), []);
    await frame.locator('.banner').getByRole('button', { name: 'Unlock…' }).click();
    await new KeyBoxes(other.window).answer('Unlock', passphrase);
    await other.openChat('Moorings');
    await other.sees('mudflats');
    await other.send('And Quillon?');
    await other.finished('He sails with the ebb.');
    await chat.sees('He sails with the ebb.');
    assert.deepEqual(lyingOpen('Quillon'), []);
  });

  it('leave the views of every window when one of them is locked', async () => {
    await other.window.runCommand('Hearthlink: Lock now');
    await other.window.notification('Locked. Your chats, memories and backups wait until you unlock.');
    for (const page of [other, chat]) {
      const frame = await page.locked();
      assert.doesNotMatch(await frame.content(), /Ottoline|breakwater|Perpetua|mudflats|Moorings/);
    }
  });

  it('lie open again once that is asked for with the passphrase, and every window shows them, locked or not', async () => {
    const { window } = workbench;
    await window.toFront();
    await window.runCommand('Hearthlink: Stop encrypting chats and memories');
    await new KeyBoxes(window).answer('Unlock', passphrase);
    await window.answerDialog('Stop encrypting');
    await window.notification('Your chats and memories are not encrypted any more.', 60_000);
    await chat.sees('mudflats');
    await other.sees('mudflats');
    assert.deepEqual(lyingOpen('Ottoline', 'Perpetua', 'Quillon'), ['Ottoline', 'Perpetua', 'Quillon']);
  });
});
