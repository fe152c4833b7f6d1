import assert from 'node:assert/strict';
import { fillStore } from '../support/store/fill-store.ts';
import { poll } from '../support/vscode/poll.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

describe('a check of the data in a workbench', function () {
  let profile: Profile;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    profile = await Profile.make({ models: null });
    await profile.inStore((store) => fillStore(store, { messages: 40, turnsPerChat: 10 }));
    workbench = await profile.open();
  });

  after(() => profile.close());

  /** What stands in the editor in front, as far as it is drawn. */
  async function editorText(): Promise<string> {
    return (await workbench.window.page.locator('.editor-instance .view-lines').innerText()).replaceAll('\u00a0', ' ');
  }

  it('says what to do where there is no backup, and that all is well once there is a proved one', async function () {
    this.timeout(180_000);
    const { window } = workbench;
    await window.runCommand('Hearthlink: Check my data');
    const first = await window.notification('there is no backup yet', 60_000);
    assert.equal(first.message, 'Everything is as it was written, but there is no backup yet. Back up now.');
    await window.runCommand('Hearthlink: Back up now');
    await window.notification('Backed up and proved.', 60_000);
    await window.runCommand('Hearthlink: Check my data');
    // Of more than three notifications in a short time VS Code shows the further ones in its list alone.
    await window.runCommand('Notifications: Show Notifications');
    await window.notification('Your data is whole and safe.', 60_000);
    await window.clickNotification('Your data is whole and safe.', 'Show details');
    await poll('the details', async () => (await editorText()).includes('put together anew, and compared: 40 memories'));
  });

  it('has kept a record of it, which is whole', async function () {
    this.timeout(120_000);
    const { window } = workbench;
    await window.runCommand('Hearthlink: Verify the activity record');
    await window.notification('The activity record is whole', 30_000);
    await window.runCommand('Hearthlink: Show the activity record');
    await window.pick('Backups and the store');
    await poll('the record', async () => {
      const text = await editorText();
      return ['Data checked', 'Backup proved', 'Backup made  full'].every((line) => text.includes(line));
    });
  });
});
