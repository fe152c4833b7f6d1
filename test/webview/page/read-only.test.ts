import assert from 'node:assert/strict';
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
      /^The data folder cannot be written\. The system said: “ENOTDIR: not a directory, mkdir”\. Nothing new is kept until it can be written again\./,
    );
  });

  it('invites nobody to begin what cannot be kept', async () => {
    const page = await pages.open('read-only-empty');
    await page.getByRole('heading', { name: 'Nothing can be written right now' }).waitFor();
    assert.equal(await page.locator('.starter').count(), 0);
    assert.equal(await page.locator('.composer-text').getAttribute('readonly'), '');
  });
});
