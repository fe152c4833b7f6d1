import assert from 'node:assert/strict';
import { ChatPage } from './driver/chat-page.ts';
import { KeyBoxes } from './driver/key-boxes.ts';
import { Profile } from './driver/profile.ts';
import { clockExtension, letPass } from './driver/window-clock.ts';
import type { WorkbenchWindow } from './driver/workbench-window.ts';

const passphrase = 'gull rows quiet harbour under seven lamps';
const warning = 'What is encrypted locks soon, since Hearthlink was not used for a while. Minutes left: 5.';
const told = 'What is encrypted is locked, since Hearthlink was not used for a while. New backups wait until you unlock.';

describe('keys that nobody has used for a while', function () {
  this.timeout(240_000);
  let profile: Profile;
  let window: WorkbenchWindow;
  let chat: ChatPage;

  before(async () => {
    profile = await Profile.make();
    profile.ollama.chat.answers('She moors behind the breakwater.');
    ({ window } = await profile.open({ besides: [clockExtension], settings: { 'hearthlink.lockAfterMinutes': 20 } }));
    chat = await ChatPage.open(window);
    await chat.send('Where does Ottoline moor?');
    await chat.finished('breakwater');
    await window.runCommand('Hearthlink: Encrypt chats and memories');
    await new KeyBoxes(window).makeKeys(passphrase);
    await window.answerDialog('Encrypt');
    await window.notification('Your chats and memories are encrypted.', 60_000);
  });

  after(() => profile.close());

  it('are about to be locked five minutes before the time that is set, and are not when one wants to stay', async () => {
    await letPass(window, 15);
    await window.clickNotification(warning, 'Stay unlocked');
    // Of more than three notifications VS Code shows the further ones in its list alone.
    await window.runCommand('Notifications: Clear All Notifications');
    await letPass(window, 15);
    await window.notification(warning);
  });

  it('are kept open by whoever writes a message', async () => {
    await chat.send('And when does she sail?');
    await chat.finished('breakwater');
    await window.runCommand('Notifications: Clear All Notifications');
    await letPass(window, 15);
    await window.notification(warning);
  });

  it('are locked when the time is up, and what they open leaves the views until it is typed again', async () => {
    await letPass(window, 5);
    await window.notification(told);
    const frame = await chat.locked();
    assert.doesNotMatch(await frame.content(), /Ottoline|breakwater/);
    await window.clickNotification(told, 'Unlock…');
    await new KeyBoxes(window).answer('Unlock', passphrase);
    await chat.sees('breakwater');
  });

  it('can be opened from the question whether to stay, which stands there for as long as nobody answers it', async () => {
    await window.runCommand('Notifications: Clear All Notifications');
    await letPass(window, 15);
    await window.notification(warning);
    await letPass(window, 5);
    await chat.locked();
    await window.clickNotification(warning, 'Stay unlocked');
    await new KeyBoxes(window).answer('Unlock', passphrase);
    await chat.sees('breakwater');
  });
});
