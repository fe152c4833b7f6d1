import assert from 'node:assert/strict';
import { askedFor } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

describe('a store that has gone on after damage', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('says until when everything is here, and what becomes of the rest', async () => {
    const page = await pages.open('gone-on');
    assert.match(
      await page.locator('.banner').innerText(),
      /^Everything up to .*21.*09:12.* is here\. What was written after that could not be read; the damaged file is kept\./,
    );
    assert.equal(await page.locator('.composer-text').getAttribute('readonly'), null);
  });
});

describe('a data folder that cannot be written', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('is said in whole sentences, the quoted one too', async () => {
    const page = await pages.open('read-only-empty');
    assert.match(
      await page.locator('.banner').innerText(),
      /^The data folder cannot be written\. The system said: “ENOTDIR: not a directory, mkdir”\. Nothing new is saved until it can be written again\./,
    );
  });

  it('invites nobody to begin what cannot be saved, and lets say what has to be said', async () => {
    const page = await pages.open('read-only-empty');
    await page.getByRole('heading', { name: 'Nothing can be written right now' }).waitFor();
    assert.equal(await page.locator('.starter').count(), 0);
    assert.equal(await page.locator('.composer-text').getAttribute('readonly'), null);
  });

  it('marks what is in memory alone, says how much it is, and offers to keep it elsewhere', async () => {
    const page = await pages.open('unsaved');
    assert.match(
      await page.locator('.banner').innerText(),
      /^The disk is full\. 2 messages are not saved yet\. Saving is tried again by itself; closing the window loses what is not saved\./,
    );
    assert.deepEqual(await page.locator('.unsaved-mark').allInnerTexts(), ['Not saved yet', 'Not saved yet']);
    await page.getByRole('button', { name: 'Save to a file' }).click();
    await page.getByRole('button', { name: 'Try now' }).click();
    await askedFor(page, 'exportUnsaved');
    await askedFor(page, 'saveAgain');
  });

  it('offers the way out of a damaged store besides, and keeps what is unsaved', async () => {
    const page = await pages.open('damaged-unsaved');
    assert.equal(await page.locator('.banner').count(), 2);
    await page.locator('.banner', { hasText: '1 message is not saved yet.' }).waitFor();
    await page.getByRole('button', { name: 'Save to a file' }).click();
    await askedFor(page, 'exportUnsaved');
    await page.getByRole('button', { name: 'Go on with what can be read' }).click();
    await askedFor(page, 'continueAfterDamage');
  });
});
