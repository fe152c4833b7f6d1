import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fillStore } from '../support/store/fill-store.ts';
import { openRealStore } from '../support/store/real-store.ts';
import { poll } from '../support/vscode/poll.ts';
import { openWorkbench, type Workbench } from './driver/workbench.ts';

const root = path.join(import.meta.dirname, '../..');
const workspace = path.join(root, 'test/support/sample-workspace');

describe('a check of the data in a workbench', function () {
  let profile: string;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    profile = mkdtempSync(path.join(tmpdir(), 'hearthlink-check-'));
    const folder = path.join(profile, 'data/User/globalStorage/hearthlink.hearthlink/store');
    mkdirSync(path.dirname(folder), { recursive: true });
    const store = openRealStore(folder);
    await fillStore(store, { messages: 40, turnsPerChat: 10 });
    await store.close();
    workbench = await openWorkbench({ extensionPath: root, workspace, dataDir: profile, settings: { 'hearthlink.endpoint': 'http://127.0.0.1:9' } });
  });

  after(async () => {
    await workbench.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  });

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
