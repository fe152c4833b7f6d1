import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { fillStore } from '../support/store/fill-store.ts';
import { poll } from '../support/vscode/poll.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { isKept } from './driver/kept-state.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

describe('backups in a workbench', function () {
  let profile: Profile;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    profile = await Profile.make({ models: null });
    await profile.inStore((store) => fillStore(store, { messages: 40, turnsPerChat: 10 }));
    workbench = await profile.open();
  });

  after(() => profile.close());

  async function view(): Promise<Frame> {
    const frame = await workbench.window.webview({ title: 'Hearthlink Backups' });
    await frame.locator('.verdict').waitFor();
    return frame;
  }

  it('backs up, proves what was backed up, and says so', async () => {
    await workbench.window.runCommand('Hearthlink: Show backups');
    const frame = await view();
    await frame.getByRole('heading', { name: 'There is no backup yet.' }).waitFor();
    await frame.getByRole('button', { name: 'Back up now' }).click();
    await frame.getByRole('heading', { name: /^Everything up to today .* is safe and proved\.$/ }).waitFor();
    await frame.getByText('40 memories, 2 chats').waitFor();
    assert.deepEqual(await accessibilityViolations(frame), []);
  });

  it('goes back once the word is typed, and keeps what was there', async () => {
    await workbench.window.runCommand('Hearthlink: Restore a backup');
    const frame = await view();
    const dialogue = frame.getByRole('dialog', { name: 'Go back to an earlier moment' });
    await dialogue.getByText('From proved backups').waitFor();
    await dialogue.getByLabel('Type restore').fill('restore');
    await dialogue.getByRole('button', { name: 'Restore', exact: true }).click();
    await frame.getByText('Restored and compared: 40 memories are back.').waitFor();
  });

  it('is there again after a reload, also when nothing else of Hearthlink is open', async function () {
    this.timeout(120_000);
    await workbench.window.runCommand('Hearthlink: Show backups');
    await view();
    await poll('the workbench to have kept what is open', () => isKept(workbench.window.page, 'hearthlink.backups'));
    await workbench.window.reload();
    await view();
  });
});
