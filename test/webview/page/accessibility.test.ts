import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { scenes } from '../chat/scenes.ts';
import { drawn } from './host-in-page.ts';
import { StagePages, themes } from './stage-pages.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const allRules: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** What can differ between themes; all else was judged in the first one. */
const colourRules: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

declare global {
  var axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
}

async function violations(page: Page, rules: RunOptions): Promise<string[]> {
  const results = await page.evaluate((options) => axe.run(document, options), rules);
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
}

describe('the chat view, for everybody', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  for (const state of Object.keys(scenes)) {
    it(`has no axe-core violation in ${state}, in four themes`, async () => {
      const page = await pages.open(state, { width: 300 });
      await drawn(page);
      await page.evaluate(axeSource);
      assert.deepEqual(await violations(page, allRules), []);
      for (const theme of themes.slice(1)) {
        await page.evaluate((name) => { stage.setTheme(name); }, theme);
        await drawn(page);
        assert.deepEqual(await violations(page, colourRules), [], theme);
      }
    });
  }

  for (const state of ['conversation', 'memories', 'captured', 'error', 'sessions', 'damaged', 'models']) {
    it(`never scrolls sideways in ${state}, from 210 px on`, async () => {
      const page = await pages.open(state);
      for (const width of [210, 300, 420, 600]) {
        await page.setViewportSize({ width, height: 760 });
        await drawn(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(overflow, 0, `${String(width)} px`);
      }
    });
  }

  it('has one h1, a day as h2 and turns as h3', async () => {
    const page = await pages.open('conversation');
    const headings = await page.locator('h1, h2, h3').allTextContents();
    assert.deepEqual(headings, ['Chat with Alden', 'Today', 'You, 21:40', 'Alden, 21:40', 'You, 21:42', 'Alden, 21:42']);
  });
});
