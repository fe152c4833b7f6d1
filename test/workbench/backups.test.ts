import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { fillStore } from '../support/store/fill-store.ts';
import { openRealStore } from '../support/store/real-store.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { openWorkbench, type Workbench } from './driver/workbench.ts';

const root = path.join(import.meta.dirname, '../..');
const workspace = path.join(root, 'test/support/sample-workspace');

describe('backups in a workbench', function () {
  let profile: string;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    profile = mkdtempSync(path.join(tmpdir(), 'hearthlink-backups-'));
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
});
