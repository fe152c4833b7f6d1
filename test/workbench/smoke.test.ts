import assert from 'node:assert/strict';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

describe('Hearthlink in a real workbench', () => {
  let profile: Profile;
  let workbench: Workbench;

  before(async () => {
    profile = await Profile.make({ models: null });
    workbench = await profile.open();
  });

  after(() => profile.close());

  it('has a view of its own in the side bar', async () => {
    await workbench.window.openView('Hearthlink');
    const heading = workbench.window.page.locator('.part.sidebar .composite.title h2');
    assert.match(await heading.innerText(), /^hearthlink/i);
  });

  it('has its commands in the palette', async () => {
    await workbench.window.runCommand('Hearthlink: New chat');
    assert.deepEqual(workbench.window.webviewProblems(), []);
  });
});
