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

/** Types the word and restores. */
async function restoreWith(dialogue: Locator): Promise<void> {
  await dialogue.getByLabel('Type restore').fill('restore');
  await button(dialogue, 'Restore').click();
}

function keepOf(parameters: unknown): unknown {
  return typeof parameters === 'object' && parameters !== null && 'keep' in parameters ? parameters.keep : undefined;
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
    for (const words of ['Not counted', 'An earlier one is missing', 'Damaged: the changes in it', 'This backup is encrypted.', 'Attic drive is not there now.']) {
      await broken.getByText(words).waitFor();
    }
  });

  it('says which backups may hold what was forgotten, and deletes them when asked to', async () => {
    const page = await pages.open('forgotten');
    await page.getByText('3 backups are older than the last wipe, and may still hold what you forgot or deleted.').waitFor();
    assert.equal(await page.getByRole('row').filter({ hasText: 'May hold what you forgot or deleted' }).count(), 3);
    await page.getByRole('button', { name: 'Delete them…' }).click();
    assert.deepEqual(await askedFor(page, 'removeForgotten'), {});
    const other = await pages.open();
    assert.equal(await other.getByText('May hold what you forgot').count(), 0);
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
    assert.deepEqual(await dialogue.locator('tbody tr').first().locator('th, td').allInnerTexts(), ['Memories', '1,239', '19 Nov 18:31', '45', 'today 21:42']);
    const word = dialogue.getByLabel('Type restore');
    await word.fill('resto');
    await word.press('Enter');
    assert.deepEqual(await asked(page, 'restore'), []);
    await word.fill('Restore');
    await button(dialogue, 'Restore').click();
    assert.deepEqual(await askedFor(page, 'restore'), { target: { type: 'backup', id: 'evening' }, keep: { type: 'all-but', chats: [], memories: [] } });
    await page.locator('.note').getByText('Restored and compared: all is as it was 19 Nov 18:59.').waitFor();
    await page.locator('.note').getByText('1,239 memories, 205 chats and 3,120 messages are there. Kept from what came since: 7 chats, 45 memories.').waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
  });

  it('breaks no word of what going back brings and takes, however narrow the view', async () => {
    const dialogue = await openRestore(await pages.open('some', { width: 320 }));
    const broken = await dialogue.locator('tbody :is(th, td)').evaluateAll((cells) => cells.filter((cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      const lines = new Set([...text.getClientRects()].map(({ top }) => Math.round(top))).size;
      return lines > cell.textContent.trim().split(/\s+/).length;
    }).map((cell) => cell.textContent));
    assert.deepEqual(broken, []);
  });

  it('keeps what is checked of what would be lost', async () => {
    const page = await pages.open();
    const dialogue = await openRestore(page);
    await dialogue.getByText('52 of 52').waitFor();
    await dialogue.getByLabel('Chat “Invoice test fails on CI”').uncheck();
    await dialogue.getByText('51 of 52').waitFor();
    await restoreWith(dialogue);
    assert.deepEqual(keepOf(await askedFor(page, 'restore')), { type: 'all-but', chats: ['invoice'], memories: [] });
  });

  it('keeps only what is chosen when nothing else is to be kept', async () => {
    const page = await pages.open();
    const dialogue = await openRestore(page);
    await button(dialogue, 'Choose from all 52').click();
    await dialogue.getByRole('checkbox').nth(3).and(page.locator(':focus')).waitFor();
    await button(dialogue, 'None').click();
    await dialogue.getByText('0 of 52').waitFor();
    await dialogue.getByLabel('Memory “Rows on Mondays since the club moved.”, as it is now').check();
    await restoreWith(dialogue);
    assert.deepEqual(keepOf(await askedFor(page, 'restore')), { type: 'these', chats: [], memories: ['rowing'] });
  });

  it('offers the backup that was made before a restore as the way back', async () => {
    const page = await pages.open();
    await restoreWith(await openRestore(page));
    await button(page, 'Undo the restore…').click();
    assert.deepEqual(await askedFor(page, 'preview', 2), { target: { type: 'backup', id: 'evening' } });
    await page.getByRole('dialog', { name: 'Go back to an earlier moment' }).waitFor();
  });

  it('shows how far a restore is, stops it, and says that nothing was changed', async () => {
    const page = await pages.open();
    const dialogue = await openRestore(page);
    await page.evaluate(() => {
      backupsStage.hold('restore');
      backupsStage.failing.set('restore', { code: 'cancelled', parameters: {} });
    });
    await restoreWith(dialogue);
    await dialogue.getByRole('status').getByText('Starting').waitFor();
    await button(dialogue, 'Stop').and(page.locator(':focus')).waitFor();
    await page.evaluate(() => { backupsStage.post('activity', { type: 'restoring', id: 'evening', startedAt: Date.now(), done: 64, total: 100 }); });
    await dialogue.locator('.state').getByText('Restoring, 64').waitFor();
    await dialogue.getByRole('status').getByText('Restoring, 64').waitFor();
    assert.equal(await dialogue.getByRole('progressbar').getAttribute('value'), '0.64');
    await button(dialogue, 'Stop').click();
    await askedFor(page, 'stop');
    await page.evaluate(() => { backupsStage.release(); });
    await page.getByText('The restore was stopped.').waitFor();
    await page.getByText('Nothing was changed: all is as it was before.').waitFor();
  });

  it('says where one is when a restore fails', async () => {
    const page = await pages.open();
    await page.evaluate(() => { backupsStage.failing.set('restore', { code: 'store-full', parameters: {} }); });
    await restoreWith(await openRestore(page));
    const alert = page.getByRole('alert');
    await alert.getByText('The disk is full, so this was not kept.').waitFor();
    await alert.getByText('Nothing was changed: all is as it was before.').waitFor();
  });

  for (const code of ['store-not-known-saved', 'store-timeout', 'store-stopped']) {
    it(`does not say that nothing was changed after ${code}, when nobody knows`, async () => {
      const page = await pages.open();
      await page.evaluate((unclear) => { backupsStage.failing.set('restore', { code: unclear, parameters: {} }); }, code);
      await restoreWith(await openRestore(page));
      await page.getByRole('alert').waitFor();
      assert.equal(await page.getByText('Nothing was changed').count(), 0);
    });
  }

  it('shows ten backups at first, and all of them when asked', async () => {
    const page = await pages.open();
    assert.equal(await page.locator('tbody tr:not(.group)').count(), 10);
    await button(page, 'Show all 37').click();
    await page.locator('tbody tr:not(.group)').nth(36).waitFor();
    await page.locator('tbody tr:not(.group)').nth(10).locator('th').and(page.locator(':focus')).waitFor();
  });

  it('looks at another moment when one is chosen, and forgets what it was told of the one before', async () => {
    const page = await pages.open();
    const dialogue = await openRestore(page);
    await page.evaluate(() => { backupsStage.hold('preview'); });
    await dialogue.getByLabel('Moment').fill('2026-11-18T12:30:00');
    assert.deepEqual(await askedFor(page, 'preview', 2), { target: { type: 'moment', at: at('2026-11-18', '12:30') } });
    await dialogue.locator('p:not(.sr-only)').getByText('Looking at what it holds…').waitFor();
    await dialogue.getByRole('status').getByText('Looking at what it holds…').waitFor();
    assert.equal(await dialogue.getByText('1,239').count(), 0);
    await page.evaluate(() => { backupsStage.release(); });
    await dialogue.getByText('1,239').waitFor();
  });

  it('looks at one moment at a time, and of those typed on the way only at the newest', async () => {
    const page = await pages.open();
    const dialogue = await openRestore(page);
    await page.evaluate(() => { backupsStage.hold('preview'); });
    await dialogue.getByLabel('Moment').fill('2026-11-18T12:30:00');
    await askedFor(page, 'preview', 2);
    for (const moment of ['2026-11-17T12:30:00', '2026-11-16T12:30:00', '2001-11-16T12:30:00']) await dialogue.getByLabel('Moment').fill(moment);
    await drawn(page);
    assert.equal((await asked(page, 'preview')).length, 2);
    await page.evaluate(() => { backupsStage.release(); });
    await dialogue.getByText('1,239').waitFor();
    assert.deepEqual((await asked(page, 'preview')).slice(2), [{ target: { type: 'moment', at: at('2026-11-16', '12:30') } }]);
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
