import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import * as z from 'zod';
import { AuditLog } from '../../src/operations/audit/audit-log.ts';
import { decodeAuditLine } from '../../src/operations/audit/audit-record.ts';
import { silentLog } from '../../src/shared/ports.ts';
import { HandClock } from '../support/seeded-ports.ts';
import { fillStore } from '../support/store/fill-store.ts';
import { poll } from '../support/vscode/poll.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

/** Nobody listens there. */
const addressThen = 'http://127.0.0.1:9';
const addressNow = 'http://127.0.0.1:10';

const settingsFile = z.record(z.string(), z.unknown());

describe('settings, record and log of a backup in a workbench', function () {
  let profile: Profile;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    profile = await Profile.make({ models: null });
    await profile.inStore((store) => fillStore(store, { messages: 20, turnsPerChat: 10 }));
    const clock = new HandClock();
    const record = new AuditLog({ folder: path.join(profile.storeFolder, '../activity'), window: 'earlier', clock, timers: clock, log: silentLog });
    record.note({ action: 'memory.added', what: 'said' });
    await record.flush();
    const before = await profile.open({ settings: { 'hearthlink.endpoint': addressThen, 'hearthlink.contextSize': 4_096, 'hearthlink.replyLength': 512 } });
    await before.window.runCommand('Hearthlink: Back up now');
    await before.window.notification('Backed up and proved.', 60_000);
    await before.close();
    workbench = await profile.open({ settings: { 'hearthlink.endpoint': addressNow, 'hearthlink.contextSize': 16_384, 'hearthlink.replyLength': 512 } });
  });

  after(() => profile.close());

  /** Settings of machine scope, which are all of Hearthlink's that these tests set. */
  function settings(): Readonly<Record<string, unknown>> {
    return settingsFile.parse(JSON.parse(readFileSync(path.join(workbench.server.dir, 'data/Machine/settings.json'), 'utf8')));
  }

  async function insideNewest(): Promise<Frame> {
    await workbench.window.runCommand('Hearthlink: Show backups');
    const frame = await workbench.window.webview({ title: 'Hearthlink Backups' });
    const inside = frame.getByRole('heading', { name: /^As it was / });
    if (!(await inside.isVisible())) await frame.getByRole('button', { name: /^Look inside the backup of / }).first().click();
    await inside.waitFor();
    return frame;
  }

  it('names settings that differ from those of the backup, sets the checked ones, and asks before it sets an address', async () => {
    const { window } = workbench;
    const frame = await insideNewest();
    await frame.getByText(/2 settings of today .* differ from now: Endpoint, Context size\./).waitFor();
    await frame.getByText(/The activity record and the log of today .* are in it\./).waitFor();
    assert.deepEqual(await accessibilityViolations(frame), []);

    await frame.getByRole('button', { name: 'Choose which to take over…' }).click();
    const list = window.page.locator('.quick-input-widget:visible');
    await list.getByText('4096, now 16384').waitFor();
    await list.getByRole('button', { name: 'OK' }).click();
    await window.notification('As they were: Context size.');
    assert.deepEqual([settings()['hearthlink.contextSize'], settings()['hearthlink.endpoint']], [4_096, addressNow], 'the address was not checked');

    await frame.getByRole('button', { name: 'Choose which to take over…' }).click();
    await list.getByRole('checkbox').last().waitFor();
    await list.getByText('What you say would go to').click();
    await list.getByRole('button', { name: 'OK' }).click();
    const { message, detail } = await window.dialog();
    assert.equal(message, 'Set where your words or your backups go?');
    assert.equal(detail, `What you say would go to ${addressThen}.`);
    await window.answerDialog('Set them');
    await window.notification('As they were: Endpoint');
    assert.equal(settings()['hearthlink.endpoint'], addressThen);
    await window.clickNotification('As they were: Endpoint', 'Undo');
    await poll('the address to be as before', () => settings()['hearthlink.endpoint'] === addressNow);
  });

  it('copies the activity record out of the backup, with every line as it was written', async () => {
    const file = path.join(workbench.server.dir, 'record.jsonl');
    const frame = await insideNewest();
    await frame.getByRole('button', { name: 'Save the record…' }).click();
    const box = workbench.window.page.locator('.quick-input-widget:visible');
    // The box takes in what is typed once it has listed the folder, and lists another one when it has taken it in.
    await box.getByText('..', { exact: true }).waitFor();
    await box.locator('input.input').fill(file);
    await box.getByText('builtins', { exact: true }).waitFor();
    await box.locator('input.input').press('Enter');
    await workbench.window.notification('Saved to record.jsonl.');
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1).map(decodeAuditLine);
    assert.ok(lines.length > 0);
    assert.ok(lines.every((line) => line !== null));
  });
});
