import assert from 'node:assert/strict';
import { scenes } from '../chat/scenes.ts';
import { drawn } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

describe('the icons of the chat view', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('are all in the style sheet that holds only those in use', async function () {
    this.timeout(60_000);
    for (const state of Object.keys(scenes)) {
      const page = await pages.open(state);
      await drawn(page);
      const [named, missing] = await page.locator('.codicon').evaluateAll((icons) => [
        icons.length,
        icons.filter((icon) => !/^"."$/u.test(getComputedStyle(icon, '::before').content)).map((icon) => icon.getAttribute('class')),
      ] as const);
      assert.ok(named > 0, state);
      assert.deepEqual(missing, [], state);
    }
  });
});
