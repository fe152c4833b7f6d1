import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import * as z from 'zod/mini';
import { memoryProtocol } from '../../../src/shared/protocol/memory.ts';
import { asked, askedFor } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

function search(page: Page): Locator {
  return page.getByRole('searchbox', { name: 'Search memory' });
}

function slice(page: Page, text: string): Locator {
  return page.locator('.slice', { hasText: text });
}

describe('the memory browser', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'memory'); });
  after(() => pages.close());

  it('lists memories with kind, date and source, and shows the chosen one in full', async () => {
    const page = await pages.open();
    await page.getByText('10 memories').waitFor();
    await slice(page, 'in UTC').click();
    const detail = page.locator('hearth-slice-detail');
    await detail.getByRole('heading', { name: 'The harbour publishes its tide tables in UTC.' }).waitFor();
    for (const part of ['“The harbour says on its page that all its tables are in UTC.”', 'Until then “The harbour publishes its tables in UTC.”', '14 replies', 'Does not fit with']) await detail.getByText(part).first().waitFor();
  });

  it('says what there is to do while there is no memory yet', async () => {
    const page = await pages.open('empty');
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
    await page.getByText('Open chat').click();
    await askedFor(page, 'openChat');
    await page.getByText('Import…').click();
    await askedFor(page, 'importMemory');
  });

  it('draws only what is in sight of a hundred thousand memories, and keeps few of them', async () => {
    const page = await pages.open('one-hundred-thousand');
    await page.getByText('100,000 memories').waitFor();
    await page.locator('.slices').press('End');
    await page.locator('.slice.is-selected', { hasText: 'Memory number 99999' }).waitFor();
    assert.ok((await page.locator('.slice').count()) < 120);
    assert.ok((await asked(page, 'list')).length < 6, 'what was passed over is not asked for');
    await page.locator('.slices').press('Home');
    await page.locator('.slice.is-selected', { hasText: 'Memory number 0,' }).waitFor();
  });

  it('shows what comes close to a text that the chat hands over, whatever was looked at', async () => {
    const page = await pages.open();
    await page.getByRole('button', { name: 'Pinned' }).click();
    await page.evaluate(() => { stage.post('search', { text: 'tide tables' }); });
    await page.getByText('3 of 10 memories').waitFor();
    assert.equal(await search(page).inputValue(), 'tide tables');
  });

  it('finds while one types, marks what matched and says why', async () => {
    const page = await pages.open();
    await search(page).pressSequentially('tide tables');
    await page.getByText('3 of 10 memories').waitFor();
    const [first] = await page.locator('.slice').all();
    assert.deepEqual(await first?.locator('mark').allInnerTexts(), ['tide', 'tables']);
    assert.equal(await first?.locator('.slice-why').innerText(), '2 words');
    await search(page).fill('quite something else');
    await page.getByText('Nothing like that. Try fewer words.').waitFor();
    await search(page).press('Escape');
    await page.getByText('10 memories').waitFor();
  });

  it('asks for the meaning too once the typing rests', async () => {
    const page = await pages.open();
    await search(page).fill('barrel');
    await page.waitForFunction(() => memoryStage.asked.some(({ method, parameters }) => method === 'search' && JSON.stringify(parameters).includes('"meaning":true')));
    await slice(page, 'second rain barrel').waitFor();
  });

  it('filters by each of its filters, and takes them off again', async () => {
    const page = await pages.open();
    const filters: readonly (readonly [menu: string, option: string, left: number])[] = [
      ['Kind', 'Preference', 2], ['Scope', 'This workspace', 1], ['Agent', 'Alden', 1], ['When', 'Today', 3], ['Source', 'Files', 1], ['Importance', 'High', 1],
    ];
    for (const [menu, option, left] of filters) {
      await page.getByRole('button', { name: menu, exact: true }).click();
      await page.locator('.menu-item', { hasText: option }).click();
      await page.getByText(`${String(left)} of 10 memories`).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: `Remove the filter ${menu}` }).click();
      await page.getByText('10 memories', { exact: true }).waitFor();
    }
    for (const [toggle, left] of [['Pinned', 2], ['Replaced', 1]] as const) {
      const button = page.getByRole('toolbar', { name: 'Filters' }).getByRole('button', { name: toggle });
      await button.click();
      await page.getByText(`${String(left)} of 10 memories`).waitFor();
      await button.click();
    }
  });

  it('corrects a memory in place', async () => {
    const page = await pages.open();
    await slice(page, 'Henrike').click();
    await page.getByRole('button', { name: 'Edit' }).click();
    const box = page.getByRole('textbox', { name: 'Memory' });
    await box.fill('Henrike lends her sander and a pad.');
    await box.press('Enter');
    assert.deepEqual(await askedFor(page, 'edit'), { id: 'keel', version: 1, text: 'Henrike lends her sander and a pad.' });
    await slice(page, 'and a pad').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Edit');
  });

  it('keeps what is being written when the memory changes elsewhere', async () => {
    const page = await pages.open();
    await slice(page, 'Henrike').click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Memory' }).fill('Half a senten');
    await page.evaluate(() => { memoryStage.changeElsewhere('keel', { pinned: true }); });
    await page.locator('hearth-slice-detail [aria-label="Pinned"][aria-pressed="true"]').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Memory' }).inputValue(), 'Half a senten');
  });

  it('re-rates, pins, moves and calls a memory another kind', async () => {
    const page = await pages.open();
    await slice(page, 'Henrike').click();
    const detail = page.locator('hearth-slice-detail');
    const choose = async (name: string, option: string): Promise<void> => {
      await detail.getByRole('button', { name }).click();
      await detail.getByRole('menuitemradio', { name: option }).click();
    };
    await choose('Importance: Normal', 'High');
    assert.deepEqual(await askedFor(page, 'change'), { slices: [{ id: 'keel', version: 1 }], importance: 'high' });
    await detail.getByRole('button', { name: 'Importance: High' }).waitFor();
    await choose('Scope: Shared by all agents', 'Alden only');
    assert.deepEqual(await askedFor(page, 'change', 2), { slices: [{ id: 'keel', version: 2 }], scope: 'agent' });
    await detail.getByRole('button', { name: 'Scope: Alden only' }).waitFor();
    await choose('Kind: Fact', 'Preference');
    assert.deepEqual(await askedFor(page, 'change', 3), { slices: [{ id: 'keel', version: 3 }], kind: 'procedural' });
    await detail.getByRole('button', { name: 'Kind: Preference' }).waitFor();
    await detail.getByRole('button', { name: 'Pinned' }).click();
    assert.deepEqual(await askedFor(page, 'change', 4), { slices: [{ id: 'keel', version: 4 }], pinned: true });
  });

  it('forgets with undo, by the keyboard too', async () => {
    const page = await pages.open();
    await slice(page, 'Henrike').click();
    await page.locator('.slices').press('Delete');
    assert.deepEqual(await askedFor(page, 'forget'), { ids: ['keel'] });
    await page.locator('hearth-slice-detail').getByText('Forgotten. It will be wiped').waitFor();
    await page.locator('.done-line').getByText('Undo').click();
    assert.deepEqual(await askedFor(page, 'undoForget'), { ids: ['keel'] });
    await page.getByRole('heading', { name: 'Henrike lends' }).waitFor();
  });

  it('keeps the way back in sight when the only hit was forgotten', async () => {
    const page = await pages.open();
    await search(page).fill('sander');
    await slice(page, 'Henrike').click();
    const detail = page.locator('hearth-slice-detail');
    await detail.getByRole('button', { name: 'Forget' }).click();
    await page.evaluate(() => { memoryStage.changeElsewhere('keel', {}); });
    await page.getByText('Nothing like that. Try fewer words.').waitFor();
    await detail.getByText('Undo').click();
    assert.deepEqual(await askedFor(page, 'undoForget'), { ids: ['keel'] });
  });

  it('opens where a memory comes from, and the replies that used it', async () => {
    const page = await pages.open();
    await slice(page, 'in UTC').click();
    const detail = page.locator('hearth-slice-detail');
    await detail.locator('.section', { hasText: 'Where it comes from' }).getByRole('button', { name: 'Tide tables' }).click();
    assert.deepEqual(await askedFor(page, 'openSource'), { id: 'zone' });
    await detail.locator('.section', { hasText: 'Used in' }).getByRole('button', { name: 'Winter work' }).click();
    assert.deepEqual(await askedFor(page, 'openReply'), { sessionId: 's2', messageId: 'r4' });
  });

  it('settles which of two that do not fit holds', async () => {
    const page = await pages.open();
    await slice(page, 'in UTC').click();
    await page.getByText('The other holds').click();
    assert.deepEqual(await askedFor(page, 'settle'), { id: 'zone', otherId: 'local', holds: 'other' });
    await page.getByRole('heading', { name: 'Does not fit with' }).waitFor({ state: 'detached' });
  });

  it('splits one memory into several, with undo', async () => {
    const page = await pages.open();
    await slice(page, 'Henrike').click();
    await page.getByRole('button', { name: 'Split' }).click();
    const box = page.getByRole('textbox', { name: 'One memory a line' });
    await box.fill('Henrike has a sander.\nThe keel needs sanding.');
    await box.press('Enter');
    assert.deepEqual(await askedFor(page, 'split'), { slice: { id: 'keel', version: 1 }, texts: ['Henrike has a sander.', 'The keel needs sanding.'] });
    await slice(page, 'The keel needs sanding.').waitFor();
    await page.locator('.done-line').getByText('Undo').click();
    await slice(page, 'The keel needs sanding.').waitFor({ state: 'detached' });
  });

  it('shows what an action on several would do before it is done', async () => {
    const page = await pages.open();
    await slice(page, 'second rain barrel').click();
    const list = page.locator('.slices');
    for (const key of ['Space', 'ArrowDown', 'ArrowDown', 'Space']) await list.press(key);
    const bar = page.getByRole('group', { name: 'Chosen memories' });
    await bar.getByText('Forget').click();
    await bar.getByText('2 memories will be forgotten.').waitFor();
    assert.deepEqual(await asked(page, 'forget'), []);
    await bar.getByText('Cancel').click();
    await bar.getByRole('button', { name: 'Importance' }).click();
    await bar.getByRole('menuitem', { name: 'Low' }).click();
    await bar.getByText('2 memories will have this importance: Low.').waitFor();
    await bar.getByText('Change', { exact: true }).click();
    assert.deepEqual(await askedFor(page, 'change'), { slices: [{ id: 'barrels', version: 1 }, { id: 'said', version: 1 }], importance: 'low' });
    await bar.waitFor({ state: 'detached' });
    await page.locator('.done-line').getByText('Undo').click();
    await page.locator('.done-line').getByText('As it was.').waitFor();
    const { before } = z.parse(memoryProtocol.methods.undoChange.parameters, await askedFor(page, 'undoChange'));
    assert.deepEqual(before.map(({ id, version }) => [id, version]), [['barrels', 2], ['said', 2]]);
  });

  it('merges two in the reader’s words, with undo', async () => {
    const page = await pages.open();
    await slice(page, 'tide tables in UTC').click({ modifiers: ['ControlOrMeta'] });
    await slice(page, 'tables are in local time').click({ modifiers: ['ControlOrMeta'] });
    const bar = page.getByRole('group', { name: 'Chosen memories' });
    await bar.getByText('Merge').click();
    const box = bar.getByRole('textbox', { name: 'Merged memory' });
    await box.fill('Old tables are in UTC, new ones in local time.');
    await box.press('Enter');
    const merge = { slices: [{ id: 'zone', version: 1 }, { id: 'local', version: 1 }], text: 'Old tables are in UTC, new ones in local time.' };
    assert.deepEqual(await askedFor(page, 'merge'), merge);
    await slice(page, 'Old tables are in UTC').waitFor();
    await page.locator('.done-line').getByText('Undo').click();
    await slice(page, 'Old tables are in UTC').waitFor({ state: 'detached' });
  });

  it('leaves the focus in the words of a merge when a memory changes elsewhere', async () => {
    const page = await pages.open();
    for (const text of ['tide tables in UTC', 'tables are in local time']) await slice(page, text).click({ modifiers: ['ControlOrMeta'] });
    const bar = page.getByRole('group', { name: 'Chosen memories' });
    await bar.getByText('Merge').click();
    await bar.getByRole('textbox', { name: 'Merged memory' }).fill('Half a senten');
    await page.evaluate(() => { memoryStage.changeElsewhere('keel', { text: 'Henrike lends it to nobody.' }); });
    await slice(page, 'to nobody').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Merged memory');
  });

  it('offers no change while nothing can be saved', async () => {
    const page = await pages.open('read-only');
    await slice(page, 'Henrike').click();
    for (const name of ['Edit', 'Pinned', 'Split', 'Forget', 'Importance: Normal']) assert.ok(await page.locator('hearth-slice-detail').getByRole('button', { name }).isDisabled(), name);
  });

  it('says what failed and leaves things as they were', async () => {
    const page = await pages.open();
    await slice(page, 'Henrike').click();
    await page.evaluate(() => { memoryStage.failing.set('change', { code: 'conflict', parameters: {} }); });
    await page.locator('hearth-slice-detail').getByRole('button', { name: 'Pinned' }).click();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.locator('hearth-slice-detail').getByRole('button', { name: 'Pinned' }).getAttribute('aria-pressed'), 'false');
  });

  it('comes back as it was after a reload', async () => {
    const page = await pages.open();
    await search(page).fill('tide');
    await slice(page, 'in UTC').click();
    await page.getByText('Timeline').click();
    await page.locator('.stop', { hasText: 'in UTC' }).waitFor();
    await page.reload();
    await page.locator('.stop', { hasText: 'in UTC' }).waitFor();
    assert.equal(await search(page).inputValue(), 'tide');
    await page.locator('hearth-slice-detail').getByRole('heading', { name: 'The harbour publishes' }).waitFor();
  });

  it('has one tab stop for the filters and one for the list, in the order of the page', async () => {
    const page = await pages.open();
    await slice(page, 'Henrike').click();
    await search(page).focus();
    const stops: string[] = [];
    for (let i = 0; i < 9; i++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent.trim().replace(/\s+/g, ' ') ?? ''));
    }
    assert.deepEqual(stops, ['List', 'Timeline', 'Graph', 'Review 2', 'More', 'Kind', 'Memories', 'Edit', 'Pinned']);
  });
});
