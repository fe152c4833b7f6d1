import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { askedFor, drawn } from './host-in-page.ts';
import { StagePages, themes } from './stage-pages.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

async function lookInside(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look inside the backup of today 13:00' }).click();
  await page.getByRole('heading', { name: 'As it was 19 Nov 18:59' }).waitFor();
  await page.getByRole('button', { name: /^Ferry times/ }).waitFor();
}

/** The words of the rows, as far as they tell what a thing is and where. */
async function rows(page: Page): Promise<string[]> {
  await drawn(page);
  return (await page.locator('.held tbody tr:not(.held-messages)').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

describe('the inside of a backup', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'backups'); });
  after(() => pages.close());

  it('shows first what is not here, and everything when asked', async () => {
    const page = await pages.open();
    await lookInside(page);
    assert.deepEqual(await askedFor(page, 'lookInto'), { target: { type: 'backup', id: 'noon' } });
    assert.deepEqual(await rows(page), [
      'Ferry times for the autumn walk 12 messages 19 November Not here Bring back',
      'What the lease says about the stairs 34 messages 18 November Not here Bring back',
      'Bread for the crew 6 messages 16 November Went another way Bring back',
    ]);
    await page.getByLabel('Only what is not here').uncheck();
    await page.getByText('Harbour walk, plan 12').waitFor();
    assert.equal((await rows(page)).length, 8);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('Harbour walk, plan 1', { exact: true }).waitFor();
    assert.equal((await rows(page)).length, 15);
    await page.locator('.held tbody th').nth(8).and(page.locator(':focus')).waitFor();
  });

  it('brings one thing back, and takes it away again', async () => {
    const page = await pages.open();
    await lookInside(page);
    await page.getByRole('button', { name: 'Bring back “Bread for the crew”' }).click();
    assert.deepEqual(await askedFor(page, 'bringBack'), { kind: 'chat', id: 'bread' });
    await page.getByText('Brought back beside it').waitFor();
    const undo = page.getByRole('button', { name: 'Undo bringing back “Bread for the crew”' });
    await undo.and(page.locator(':focus')).waitFor();
    await undo.click();
    assert.deepEqual(await askedFor(page, 'undoBringBack'), { undo: 'undo-bread' });
    await page.getByText('Went another way').waitFor();
  });

  it('leaves a thing as it is when it cannot be brought back', async () => {
    const page = await pages.open();
    await lookInside(page);
    await page.evaluate(() => { backupsStage.failing.set('bringBack', { code: 'forgotten-before', parameters: {} }); });
    await page.getByRole('button', { name: 'Bring back “Ferry times for the autumn walk”' }).click();
    await page.getByRole('alert').getByText('You asked to forget this before').waitFor();
    assert.equal(await page.getByText('Brought back').count(), 0);
  });

  it('looks for words once nobody types any more, and among memories too', async () => {
    const page = await pages.open();
    await lookInside(page);
    await page.getByLabel('Search in this backup').fill('stairs');
    await page.locator('.held tbody tr').nth(1).waitFor({ state: 'detached' });
    assert.deepEqual(await rows(page), ['What the lease says about the stairs 34 messages 18 November Not here Bring back']);
    await page.getByRole('button', { name: 'Memories', exact: true }).click();
    await page.getByText('The lighthouse stairs are narrow').waitFor();
    await page.getByRole('status').getByText('1 found.').waitFor();
    assert.deepEqual(await askedFor(page, 'heldPage', 3), { kind: 'memory', text: 'stairs', onlyLost: true, from: 0 });
    await page.getByLabel('Search in this backup').fill('tram');
    await page.getByText('Nothing like that is missing here.').waitFor();
  });

  it('does not say that all is here when it could not be read', async () => {
    const page = await pages.open();
    await page.evaluate(() => { backupsStage.failing.set('heldPage', { code: 'archive-damaged', parameters: { part: 'records' } }); });
    await page.getByRole('button', { name: 'Look inside the backup of today 13:00' }).click();
    await page.getByText('It could not be read.').waitFor();
    await page.getByRole('alert').getByText('This backup is damaged: records.').waitFor();
    assert.equal(await page.getByText('is here as well').count(), 0);
  });

  it('returns to all backups when a restore from within it fails, which has closed it', async () => {
    const page = await pages.open();
    await lookInside(page);
    await page.evaluate(() => { backupsStage.failing.set('restore', { code: 'store-full', parameters: {} }); });
    await page.getByRole('button', { name: 'Go back to all of it…' }).click();
    const dialogue = page.getByRole('dialog', { name: 'Go back to an earlier moment' });
    await dialogue.getByLabel('Type restore').fill('restore');
    await dialogue.getByRole('button', { name: 'Restore', exact: true }).click();
    await page.getByRole('alert').getByText('The disk is full, so this was not kept.').waitFor();
    await page.locator('.verdict').waitFor();
  });

  it('unfolds the end of a chat', async () => {
    const page = await pages.open();
    await lookInside(page);
    await page.getByRole('button', { name: /^Ferry times/ }).click();
    await page.getByText('Which ferry do families take when the walk starts at ten?').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Ferry times/ }).getAttribute('aria-expanded'), 'true');
    await page.getByRole('button', { name: /^Ferry times/ }).click();
    assert.equal(await page.getByText('Which ferry').count(), 0);
  });

  it('is reached from the restore dialogue, leads to it, and is closed on the way back', async () => {
    const page = await pages.open();
    await page.getByRole('button', { name: 'Restore the backup of today 19:00' }).click();
    await page.getByRole('button', { name: 'Look inside and bring it back' }).click();
    await page.getByRole('heading', { name: 'As it was 19 Nov 18:59' }).waitFor();
    assert.deepEqual(await askedFor(page, 'lookInto'), { target: { type: 'backup', id: 'evening' } });
    await page.getByRole('button', { name: 'Go back to all of it…' }).click();
    await page.getByRole('dialog', { name: 'Go back to an earlier moment' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'All backups' }).click();
    await askedFor(page, 'closeInside');
    await page.locator('.verdict').waitFor();
  });

  it('returns to all backups when it cannot be opened, and says why', async () => {
    const page = await pages.open();
    await page.evaluate(() => { backupsStage.failing.set('lookInto', { code: 'archive-damaged', parameters: { part: 'records' } }); });
    await page.getByRole('button', { name: 'Look inside the backup of today 13:00' }).click();
    await page.getByRole('alert').getByText('This backup is damaged: records.').waitFor();
    await page.locator('.verdict').waitFor();
    await page.waitForFunction(() => document.activeElement?.matches('.shelf'));
  });

  it('has no axe-core violation in four themes, from 300 px on', async () => {
    const page = await pages.open();
    await lookInside(page);
    await page.getByRole('button', { name: /^Ferry times/ }).click();
    await page.getByText('Which ferry').waitFor();
    await page.evaluate(axeSource);
    for (const theme of themes) {
      await page.evaluate((name) => { backupsStage.setTheme(name); }, theme);
      await drawn(page);
      assert.deepEqual(await violations(page), [], theme);
    }
    await page.setViewportSize({ width: 300, height: 760 });
    await drawn(page);
    assert.deepEqual(await violations(page), [], '300 px');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  });
});
