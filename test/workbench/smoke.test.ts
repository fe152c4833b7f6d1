import assert from 'node:assert/strict';
import path from 'node:path';
import { openWorkbench, type Workbench } from './driver/workbench.ts';

const root = path.join(import.meta.dirname, '../..');
const workspace = path.join(root, 'test/support/sample-workspace');

describe('Hearthlink in a real workbench', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ extensionPath: root, workspace });
  });

  after(() => workbench.close());

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
