import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { at, scenes, snapshot } from '../backups/sample-backups.ts';
import { asked, askedFor, drawn } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';
import { themes } from './stage-pages.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

declare global {
  var axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
}

async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate((options) => axe.run(document, options), rules);
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}

function button(page: Page | Locator, name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

function rowOf(page: Page, what: string): Locator {
  return page.locator('tbody tr', { hasText: what }).first();
}

async function openRestore(page: Page): Promise<Locator> {
  await button(page, 'Restore the backup of today 19:00').click();
  const dialogue = page.getByRole('dialog', { name: 'Go back to an earlier moment' });
  await dialogue.getByText('1,239').waitFor();
  return dialogue;
}

describe('the backups view', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'backups'); });
  after(() => pages.close());

  it('begins with a sentence about what is safe, and what was compared', async () => {
    const page = await pages.open();
    await page.getByRole('heading', { name: 'Everything up to today 19:00 is safe and proved.' }).waitFor();
    await page.getByText('1,274 memories and 210 chats all came back.').waitFor();
  });

  it('calls nothing proved that was not', async () => {
    const page = await pages.open('not-proved');
    await page.getByRole('heading', { name: 'There is a backup of today 19:00, but none that is proved.' }).waitFor();
    assert.equal(await page.locator('td', { hasText: /^\s*Proved/ }).count(), 0);
    const broken = await pages.open('unusable');
    await broken.getByRole('heading', { name: 'No backup can be restored.' }).waitFor();
    for (const words of ['Not counted', 'An earlier one is missing', 'Damaged: records', 'This backup is encrypted.', 'Attic drive is not there now.']) {
      await broken.getByText(words).waitFor();
    }
  });

  it('draws every backup on the shelf by its state, and says the same to those who do not see it', async () => {
    const page = await pages.open();
    const shelf = page.locator('hearth-shelf');
    assert.equal(await shelf.locator('.tick').count(), 37);
    assert.equal(await shelf.locator('.is-unproved').count(), 1);
    assert.equal(await shelf.locator('.is-damaged').count(), 1);
    assert.equal(await shelf.locator('.is-leaving').count(), 4);
    assert.equal(await shelf.locator('svg').getAttribute('aria-label'), '37 backups. 34 of everything, 35 proved, 1 damaged, 4 leaving next.');
  });

  it('backs up when asked, and says so when there was nothing to add', async () => {
    const page = await pages.open();
    await button(page, 'Back up now').click();
    await askedFor(page, 'backUp');
    await page.getByText('Nothing has changed since the newest backup').waitFor();
  });

  it('shows how far a comparison is where that can be told, and stops it', async () => {
    const page = await pages.open('comparing');
    await rowOf(page, 'Comparing, 64').waitFor();
    await button(page, 'Stop').click();
    await askedFor(page, 'stop');
    const writing = await pages.open('writing');
    await writing.getByText(/Backing up, \d+ s/).waitFor();
    assert.equal(await writing.getByText('%').count(), 0, 'no percentage of what is not known');
  });

  it('proves a backup that is not proved yet, and tells what went wrong with one that fails', async () => {
    const page = await pages.open();
    await page.evaluate(() => { backupsStage.failing.set('prove', { code: 'archive-damaged', parameters: { part: 'records' } }); });
    await button(page, 'Prove the backup of today 07:00').click();
    assert.deepEqual(await askedFor(page, 'prove'), { id: 'morning' });
    await page.getByRole('alert').getByText('This backup is damaged: records.').waitFor();
  });

  it('follows what the extension tells it', async () => {
    const page = await pages.open('none');
    assert.equal(await page.locator('table').count(), 0);
    await page.evaluate((json) => { backupsStage.post('snapshot', JSON.parse(json)); }, JSON.stringify(snapshot()));
    await rowOf(page, '1,249 memories, 207 chats').waitFor();
  });

  it('shows what going back brings and takes, and restores only once the word is typed', async () => {
    const page = await pages.open();
    const dialogue = await openRestore(page);
    assert.deepEqual(await dialogue.locator('tbody tr').first().locator('th, td').allInnerTexts(), ['Memories', '1,239', '19 November', '45', 'today 21:42']);
    const word = dialogue.getByLabel('Type restore');
    await word.fill('resto');
    await word.press('Enter');
    assert.deepEqual(await asked(page, 'restore'), []);
    await word.fill('Restore');
    await button(dialogue, 'Restore').click();
    assert.deepEqual(await askedFor(page, 'restore'), { target: { type: 'backup', id: 'evening' } });
    await page.getByText('Restored and compared: 1,239 memories are back. What was there before is in the newest backup.').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
  });

  it('looks at another moment when one is chosen, and forgets what it was told of the one before', async () => {
    const page = await pages.open();
    const dialogue = await openRestore(page);
    await page.evaluate(() => { backupsStage.hold('preview'); });
    await dialogue.getByLabel('Moment').fill('2026-11-18T12:30:00');
    assert.deepEqual(await askedFor(page, 'preview', 2), { target: { type: 'moment', at: at('2026-11-18', '12:30') } });
    await dialogue.getByText('Looking at what it holds…').waitFor();
    assert.equal(await dialogue.getByText('1,239').count(), 0);
    await page.evaluate(() => { backupsStage.release(); });
    await dialogue.getByText('1,239').waitFor();
  });

  it('closes with Escape, gives the focus back, and cannot be closed once the restore has begun', async () => {
    const page = await pages.open();
    let dialogue = await openRestore(page);
    await page.keyboard.press('Escape');
    await dialogue.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Restore the backup of today 19:00');
    dialogue = await openRestore(page);
    await page.evaluate(() => { backupsStage.hold('restore'); });
    await dialogue.getByLabel('Type restore').fill('restore');
    await dialogue.getByLabel('Type restore').press('Enter');
    await askedFor(page, 'restore');
    await page.keyboard.press('Escape');
    await drawn(page);
    assert.ok(await dialogue.isVisible());
  });

  for (const state of [...Object.keys(scenes), 'the restore dialogue']) {
    it(`has no axe-core violation in ${state}, in four themes`, async () => {
      const page = await pages.open(state === 'the restore dialogue' ? 'some' : state);
      if (state === 'the restore dialogue') await openRestore(page);
      await page.evaluate(axeSource);
      for (const theme of themes) {
        await page.evaluate((name) => { backupsStage.setTheme(name); }, theme);
        await drawn(page);
        assert.deepEqual(await violations(page), [], theme);
      }
    });
  }

  it('never scrolls sideways as a page, from 300 px on', async () => {
    const page = await pages.open();
    for (const width of [300, 550, 760, 1100]) {
      await page.setViewportSize({ width, height: 760 });
      await drawn(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${String(width)} px`);
    }
  });
});
