import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedFor, drawn, update } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

function isLibraryThere(page: Page): Promise<boolean> {
  return page.evaluate(() => customElements.get('vscode-button') !== undefined);
}

/** What is behind the words of the first button. */
function colourOf(page: Page): Promise<string> {
  return page.locator('vscode-button').first().evaluate((button) => getComputedStyle(button).backgroundColor);
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

  it('have the colours of the theme, and follow it to another', async () => {
    const page = await pages.open('no-model', { theme: 'light-hc' });
    await page.getByRole('button', { name: 'Pull qwen3:4b' }).waitFor();
    assert.equal(await colourOf(page), 'rgb(15, 74, 133)');
    await page.evaluate(() => { document.documentElement.style.setProperty('--vscode-button-background', '#123456'); document.body.classList.add('other-theme'); });
    await drawn(page);
    assert.equal(await colourOf(page), 'rgb(18, 52, 86)');
  });

  it('come with an empty chat that asks for a model', async () => {
    const page = await pages.open('no-model');
    await page.getByRole('button', { name: 'Pull qwen3:4b' }).click();
    assert.deepEqual(await askedFor(page, 'pullModel'), { model: 'qwen3:4b' });
  });
});
