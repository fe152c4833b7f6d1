import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { askedFor, drawn } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

const differing = '2 settings of 19 Nov 03:00 differ from now: Context size, Chat model. Cannot be set here: hearthlink.moonPhase.';

function along(page: Page): Locator {
  return page.locator('hearth-held-along');
}

async function lookInside(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look inside the backup of today 13:00' }).click();
  await along(page).getByText(differing).waitFor();
}

async function restore(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Restore the backup of today 19:00' }).click();
  const dialogue = page.getByRole('dialog');
  await dialogue.getByText('1,239').waitFor();
  await dialogue.getByLabel('Type restore').fill('restore');
  await dialogue.getByRole('button', { name: 'Restore', exact: true }).click();
  await page.locator('.note').getByText('Restored and compared').waitFor();
}

describe('what a backup holds along with chats and memories', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'backups'); });
  after(() => pages.close());

  it('is said inside a backup: the settings that differ by name, and what was written about Hearthlink', async () => {
    const page = await pages.open();
    await lookInside(page);
    assert.deepEqual(await askedFor(page, 'heldAlong'), { target: { type: 'backup', id: 'noon' } });
    await along(page).getByText('The activity record and the log of 19 Nov 03:00 are in it.').waitFor();
  });

  it('has settings taken over, says how they are then, and keeps the focus', async () => {
    const page = await pages.open();
    await lookInside(page);
    const take = along(page).getByRole('button', { name: 'Choose which to take over…' });
    await take.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await askedFor(page, 'takeSettings'), { target: { type: 'backup', id: 'noon' } });
    await along(page).getByText('No setting has changed since 19 Nov 03:00.').and(page.locator(':focus')).waitFor();
    assert.equal(await take.count(), 0);
  });

  it('has the record and the log saved', async () => {
    const page = await pages.open();
    await lookInside(page);
    await along(page).getByRole('button', { name: 'Save the record…' }).click();
    assert.deepEqual(await askedFor(page, 'saveAccount'), { target: { type: 'backup', id: 'noon' }, account: 'record' });
    await along(page).getByRole('button', { name: 'Save the log…' }).click();
    assert.deepEqual(await askedFor(page, 'saveAccount', 2), { target: { type: 'backup', id: 'noon' }, account: 'log' });
  });

  it('is said after a restore as far as settings differ, of the backup that was restored', async () => {
    const page = await pages.open();
    await restore(page);
    await page.locator('.note').getByText(differing).waitFor();
    assert.deepEqual(await askedFor(page, 'heldAlong'), { target: { type: 'backup', id: 'evening' } });
    assert.equal(await along(page).getByText('The activity record').count(), 0);
    await along(page).getByRole('button', { name: 'Choose which to take over…' }).click();
    await along(page).getByText(differing).waitFor({ state: 'detached' });
  });

  it('follows the settings when they are changed elsewhere', async () => {
    const page = await pages.open();
    await lookInside(page);
    await page.evaluate(() => { backupsStage.post('settingsChanged', {}); });
    await askedFor(page, 'heldAlong', 2);
    await drawn(page);
    await along(page).getByText(differing).waitFor();
  });

  it('takes nothing from what is looked into, or was restored, where it cannot be asked for', async () => {
    const page = await pages.open();
    await page.evaluate(() => { backupsStage.failing.set('heldAlong', { code: 'internal', parameters: {} }); });
    await page.getByRole('button', { name: 'Look inside the backup of today 13:00' }).click();
    await page.getByRole('button', { name: /^Ferry times/ }).waitFor();
    assert.equal(await along(page).locator('p').count(), 0);
  });
});
