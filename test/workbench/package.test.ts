import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Profile } from './driver/profile.ts';

const root = path.join(import.meta.dirname, '../..');
const packageFile = path.join(root, 'dist/hearthlink.vsix');

describe('the package, installed in a clean profile', () => {
  before(() => {
    assert.ok(existsSync(packageFile), 'There is no package. Run: npm run package');
  });

  it('lets a person talk with Alden', async () => {
    const profile = await Profile.make();
    const { ollama } = profile;
    ollama.chat.answers('Good to meet you, Robin.');
    try {
      const workbench = await profile.open({ extensionPath: undefined, vsix: [packageFile] });
      await workbench.window.openView('Hearthlink');
      const chat = await workbench.window.webview({ title: 'Hearthlink Chat' });
      await chat.getByRole('textbox', { name: 'Message to Alden' }).fill('Hello, I am Robin.');
      await workbench.window.page.keyboard.press('Enter');
      await chat.getByText('Good to meet you, Robin.').first().waitFor();
      assert.deepEqual(workbench.window.webviewProblems(), []);
    } finally {
      await profile.close();
    }
  });
});
