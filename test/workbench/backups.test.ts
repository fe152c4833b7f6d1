import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { isBackupFileName } from '../../src/operations/backup/file-name.ts';
import type { Store } from '../../src/store/port.ts';
import { newFact } from '../store/sql/support/sample-rows.ts';
import { fillStore } from '../support/store/fill-store.ts';
import { poll } from '../support/vscode/poll.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { isKept } from './driver/kept-state.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

/** A deletion can be undone for a minute; from then on a purge removes it. */
const undoMs = 2 * 60_000;

/** Another window deletes a chat, and nothing of it is left. */
async function deleteOldestChat(store: Store): Promise<void> {
  const oldest = (await store.sessions.list({ limit: 10 })).at(-1);
  assert.ok(oldest !== undefined);
  await store.sessions.delete({ id: oldest.id, alsoFacts: false, at: Date.now() });
  await store.purge(Date.now() + undoMs);
}

async function titlesIn(store: Store): Promise<string[]> {
  return (await store.sessions.list({ limit: 10 })).map(({ title }) => title).sort();
}

/** Everything, or the changes since, for each backup in a folder. */
function kindsIn(folder: string): string[] {
  return readdirSync(folder).filter(isBackupFileName).map((name) => (name.includes('-full-') ? 'full' : 'changes')).sort();
}

describe('backups in a workbench', function () {
  let profile: Profile;
  let workbench: Workbench;
  const secondFolder = mkdtempSync(path.join(tmpdir(), 'hearthlink-second-folder-'));

  before(async function () {
    this.timeout(120_000);
    profile = await Profile.make({ models: null });
    await profile.inStore((store) => fillStore(store, { messages: 40, turnsPerChat: 10 }));
    workbench = await profile.open({ settings: { 'hearthlink.backupSecondFolder': secondFolder } });
  });

  after(async () => {
    await profile.close();
    rmSync(secondFolder, { recursive: true });
  });

  /** Opens the restore dialogue, and waits until it has looked at what the backup holds. */
  async function restoreDialogue(frame: Frame, open: () => Promise<void>): Promise<Locator> {
    await open();
    const dialogue = frame.getByRole('dialog', { name: 'Go back to an earlier moment' });
    await dialogue.getByText('From proved backups').waitFor();
    return dialogue;
  }

  async function view(): Promise<Frame> {
    const frame = await workbench.window.webview({ title: 'Hearthlink Backups' });
    await frame.locator('.verdict, hearth-inside').waitFor();
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

  it('adds nothing to a backup when nothing has changed since, and what has changed when something has, in both folders', async () => {
    const frame = await view();
    await frame.getByRole('button', { name: 'Back up now' }).click();
    await frame.locator('.note').getByText('Nothing has changed since the newest backup, so there is nothing to add to it.').waitFor();
    await profile.inStore((store) => store.slices.add([newFact('later', 'The user rows at dawn.', { at: Date.now(), validFrom: Date.now() })]));
    await frame.getByRole('button', { name: 'Back up now' }).click();
    await poll('both backups to be in the second folder', () => kindsIn(secondFolder).join() === 'changes,full', { timeoutMs: 30_000 });
  });

  it('proves a backup again when asked', async () => {
    const frame = await view();
    await frame.getByRole('button', { name: /^Prove the backup of / }).first().click();
    await frame.getByRole('status').filter({ hasText: 'Proved: it was restored into a scratch place and compared.' }).waitFor({ state: 'attached' });
  });

  it('looks inside a backup, brings one chat back that is gone here, and takes it away again', async () => {
    await profile.inStore(deleteOldestChat);
    const frame = await view();
    await frame.getByRole('button', { name: /^Look inside the backup of / }).first().click();
    await frame.getByRole('heading', { name: /^As it was / }).waitFor();
    await frame.getByText('Not here', { exact: true }).waitFor();
    assert.equal(await frame.locator('.held tbody tr').count(), 1);
    await frame.getByRole('button', { name: 'Bring back “Chat 0”' }).click();
    await frame.getByText('Brought back', { exact: true }).waitFor();
    assert.deepEqual(await profile.inStore(titlesIn), ['Chat 0', 'Chat 10']);
    await frame.getByRole('button', { name: 'Undo bringing back “Chat 0”' }).click();
    await frame.getByText('Not here', { exact: true }).waitFor();
    assert.deepEqual(await profile.inStore(titlesIn), ['Chat 10']);
  });

  for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) {
    it(`has no axe-core violation inside a backup and in the restore dialogue in ${theme}`, async () => {
      await workbench.setTheme(theme);
      const frame = await view();
      assert.deepEqual(await accessibilityViolations(frame), []);
      const dialogue = await restoreDialogue(frame, () => frame.getByRole('button', { name: 'Go back to all of it…' }).click());
      assert.deepEqual(await accessibilityViolations(frame), []);
      await dialogue.getByRole('button', { name: 'Cancel' }).click();
    });
  }

  it('goes back once the word is typed, keeps what came since, and offers the way back', async () => {
    await profile.inStore((store) => store.slices.add([newFact('since', 'The user rows on Sundays.', { at: Date.now(), validFrom: Date.now() })]));
    const frame = await view();
    await frame.getByRole('button', { name: 'All backups' }).click();
    const dialogue = await restoreDialogue(frame, () => workbench.window.runCommand('Hearthlink: Restore a backup'));
    await dialogue.getByText('Memory “The user rows on Sundays.”').waitFor();
    await dialogue.getByLabel('Type restore').fill('restore');
    await dialogue.getByRole('button', { name: 'Restore', exact: true }).click();
    await frame.locator('.note').getByText(/^Restored and compared: all is as it was today /).waitFor();
    await frame.locator('.note').getByText('Kept from what came since: 1 memory.').waitFor();
    assert.deepEqual(await profile.inStore(titlesIn), ['Chat 0', 'Chat 10']);
    await frame.getByRole('button', { name: 'Undo the restore…' }).click();
    await frame.getByRole('dialog', { name: 'Go back to an earlier moment' }).getByRole('button', { name: 'Cancel' }).click();
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
