import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { nodeArchiveFiles } from '../../src/operations/archive/node-archive-files.ts';
import { readArchiveHeader } from '../../src/operations/archive/archive-reader.ts';
import { fillStore } from '../support/store/fill-store.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { KeyBoxes } from './driver/key-boxes.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

const passphrase = 'gull rows quiet harbour under seven lamps';

describe('encrypted backups in a workbench', function () {
  this.timeout(240_000);
  let profile: Profile;
  let workbench: Workbench;
  let boxes: KeyBoxes;
  let recoveryKey = '';

  before(async () => {
    profile = await Profile.make({ models: null });
    await profile.inStore((store) => fillStore(store, { messages: 40, turnsPerChat: 10 }));
    workbench = await profile.open();
    boxes = new KeyBoxes(workbench.window);
  });

  after(() => profile.close());

  async function view(): Promise<Frame> {
    const frame = await workbench.window.webview({ title: 'Hearthlink Backups' });
    await frame.locator('.verdict').waitFor();
    return frame;
  }

  it('are switched on with a passphrase that is not easily guessed, and a recovery key that comes back', async () => {
    const { window } = workbench;
    await window.runCommand('Hearthlink: Encrypt backups');
    await boxes.answer('Choose a passphrase', 'password1');
    await boxes.says(/could be guessed/);
    await boxes.answer('Choose a passphrase', passphrase);
    await boxes.answer('Your passphrase, again', passphrase);
    recoveryKey = await boxes.copyRecoveryKey();
    await boxes.answer('Your recovery key, again', `${recoveryKey.slice(0, -1)}#`);
    await boxes.says('This is not the recovery key that was shown.');
    await boxes.answer('Your recovery key, again', recoveryKey.toLowerCase());
    await window.pick('Ask me at each start');
    await window.notification('New backups are encrypted from now on.', 60_000);
  });

  it('are made and proved, and cannot be read without the key', async () => {
    await workbench.window.runCommand('Hearthlink: Show backups');
    const frame = await view();
    await frame.getByText('On. New backups are encrypted.').waitFor();
    await frame.getByRole('button', { name: 'Back up now' }).click();
    await frame.getByText('40 memories, 2 chats').waitFor({ timeout: 60_000 });
    const folder = path.join(profile.storeFolder, '../backups');
    const files = readdirSync(folder).filter((name) => name.endsWith('.hearthlink-backup'));
    for (const file of files) assert.equal((await readArchiveHeader(path.join(folder, file), nodeArchiveFiles)).cipher, 'aes-256-gcm');
    assert.ok(files.length > 0);
    assert.ok(readdirSync(folder).some((name) => name.startsWith('KEYS-')), 'the wrapped keys lie beside them');
    assert.deepEqual(await accessibilityViolations(frame), []);
  });

  it('leave the view when they are locked, and open for the right passphrase alone', async () => {
    const { window } = workbench;
    await window.runCommand('Hearthlink: Lock now');
    const frame = await view();
    await frame.getByRole('heading', { name: /backups? (is|are) locked\.$/ }).waitFor();
    assert.equal(await frame.getByText('40 memories, 2 chats').count(), 0);
    await frame.locator('.verdict').getByRole('button', { name: 'Unlock…' }).click();
    await boxes.answer('Unlock', 'gull rows quiet harbour under seven lights');
    await boxes.says('That does not open it. Tries left before it closes for 15 minutes: 4.');
    await boxes.answer('Unlock', passphrase);
    await frame.getByText('40 memories, 2 chats').waitFor({ timeout: 60_000 });
  });

  it('stay locked over a reload until the recovery key is typed, and are proved then', async () => {
    const { window } = workbench;
    await window.runCommand('Hearthlink: Lock now');
    await window.reload();
    await window.runCommand('Hearthlink: Unlock');
    await boxes.answer('Unlock', recoveryKey);
    await window.runCommand('Hearthlink: Show backups');
    const frame = await view();
    await frame.getByRole('button', { name: /^Prove the backup of today/ }).first().click();
    const proved = frame.getByRole('status').filter({ hasText: 'Proved: it was restored into a scratch place and compared.' });
    await proved.waitFor({ state: 'attached', timeout: 60_000 });
  });
});
