// Pictures of the backups view, a check of the data and the activity record in a real workbench: node scripts/backup-screenshots.ts [folder]
// Each state in four themes goes into the folder, or a temporary one; those that the guide shows go into docs/pictures. Look at them
// before they are committed. Run `npm run build && npm run prepare-tests` first.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import type { Store } from '../src/store/port.ts';
import { storeHarbourChats } from '../test/support/store/harbour-chats.ts';
import { Profile } from '../test/workbench/driver/profile.ts';
import type { ThemeKind, Workbench } from '../test/workbench/driver/workbench.ts';

const documented = path.join(import.meta.dirname, '../docs/pictures');
const themes: readonly ThemeKind[] = ['light', 'hc-dark', 'hc-light', 'dark'];
const viewport = { width: 1120, height: 760 };
/** A deletion can be undone for a minute; from then on a purge removes it. */
const undoMs = 2 * 60_000;
const settleMs = 400;

const folder = process.argv[2] ?? mkdtempSync(path.join(tmpdir(), 'hearthlink-backup-pictures-'));
for (const wanted of [folder, documented]) mkdirSync(wanted, { recursive: true });
process.env['FONTCONFIG_FILE'] = path.join(import.meta.dirname, 'picture-fonts.conf');
const profile = await Profile.make({ models: null });
try {
  await profile.inStore((store) => storeHarbourChats(store, Date.now()));
  const workbench = await profile.open({ viewport, builtins: ['theme-defaults'] });
  await takeAll(workbench);
} finally {
  await profile.close();
}
process.stdout.write(`Pictures: ${folder} and ${documented}\n`);

async function takeAll(workbench: Workbench): Promise<void> {
  const { window } = workbench;
  await window.page.keyboard.press('Control+B');
  await window.runCommand('Hearthlink: Show backups');
  const frame = await window.webview({ title: 'Hearthlink Backups' });
  await frame.getByRole('heading', { name: 'There is no backup yet.' }).waitFor();
  await take(workbench, 'empty');
  await backUp(frame);
  for (const note of ['The boat shed closes at six.', 'Ring the bell twice at low water.']) {
    await profile.inStore((store) => remember(store, note));
    await backUp(frame);
  }
  await take(workbench, 'backups', 'backups.png');
  await profile.inStore(deleteBread);
  await frame.getByRole('button', { name: /^Look inside the backup of / }).first().click();
  await frame.getByText('Not here', { exact: true }).waitFor();
  await frame.getByRole('button', { name: /^Bread for the crew/ }).click();
  await frame.getByText('six loaves').waitFor();
  await take(workbench, 'inside', 'backups-inside.png');
  await frame.getByRole('button', { name: 'All backups' }).click();
  await profile.inStore((store) => remember(store, 'Groups of twelve at most on the lighthouse stairs.'));
  await frame.getByRole('button', { name: /^Restore the backup of / }).first().click();
  const dialogue = frame.getByRole('dialog', { name: 'Go back to an earlier moment' });
  await dialogue.getByText('From proved backups').waitFor();
  await take(workbench, 'restore', 'backups-restore.png');
  await restore(frame, dialogue);
  await take(workbench, 'restored');
  await window.runCommand('Hearthlink: Check my data');
  await window.notification('Your data is whole and safe.', 60_000);
  await window.runCommand('Hearthlink: Show the activity record');
  await window.pick('Everything');
  await window.page.locator('.editor-instance .view-lines').getByText('Data checked').waitFor();
  await take(workbench, 'record', 'activity-record.png');
}

async function backUp(frame: Frame): Promise<void> {
  const rows = frame.locator('tbody tr:not(.group)');
  const before = await rows.count();
  await frame.getByRole('button', { name: 'Back up now' }).click();
  await rows.nth(before).waitFor();
  await frame.getByRole('heading', { name: /is safe and proved\.$/ }).waitFor();
}

async function restore(frame: Frame, dialogue: Locator): Promise<void> {
  await dialogue.getByLabel('Type restore').fill('restore');
  await dialogue.getByRole('button', { name: 'Restore', exact: true }).click();
  await frame.locator('.note').getByText(/^Restored and compared/).waitFor();
}

async function remember(store: Store, text: string): Promise<void> {
  const at = Date.now();
  const fact = { kind: 'semantic', state: 'held', speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, expiresAt: null } as const;
  await store.slices.add([{ ...fact, id: `fact-${String(at)}`, text, validFrom: at, at }]);
}

async function deleteBread(store: Store): Promise<void> {
  const bread = (await store.sessions.list({ limit: 10 })).find(({ title }) => title.startsWith('Bread'));
  if (bread === undefined) throw new Error('The chat about bread is missing.');
  await store.sessions.delete({ id: bread.id, alsoFacts: false, at: Date.now() });
  await store.purge(Date.now() + undoMs);
}

/** The window as it is now, in every theme; ends in the dark one, in which the guide shows it. */
async function take(workbench: Workbench, state: string, forGuide?: string): Promise<void> {
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.window.page.waitForTimeout(settleMs);
    await workbench.window.screenshot(path.join(folder, `${state}-${theme}.png`));
  }
  if (forGuide !== undefined) await workbench.window.screenshot(path.join(documented, forGuide));
}
