import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedFor, drawn, update } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

function isLibraryThere(page: Page): Promise<boolean> {
  return page.evaluate(() => customElements.get('vscode-button') !== undefined);
}

describe('buttons with words in the chat', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('come with their library when the first is drawn, and not with the chat', async () => {
    const page = await pages.open('long');
    await drawn(page);
    assert.equal(await isLibraryThere(page), false);
    const last = await page.locator('li.turn').last().getAttribute('data-id') ?? '';
    await update(page, last, { status: 'failed', error: { code: 'model-crashed', parameters: { model: 'qwen3:8b', detail: 'out of memory' } } });
    await page.getByRole('button', { name: 'Try again' }).click();
    assert.deepEqual(await askedFor(page, 'answerAgain'), { messageId: last, model: null });
    assert.equal(await isLibraryThere(page), true);
  });

  it('come with an empty chat that asks for a model', async () => {
    const page = await pages.open('no-model');
    await page.getByRole('button', { name: 'Pull qwen3:4b' }).click();
    assert.deepEqual(await askedFor(page, 'pullModel'), { model: 'qwen3:4b' });
  });
});
