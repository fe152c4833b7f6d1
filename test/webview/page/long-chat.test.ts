import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type {} from '../../../src/webview/chat/transcript.ts';
import { askedFor, drawn, emit } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

function nodes(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length);
}

/** Scrolls to the top again and again until nothing older is left; resolves with the most elements there ever were. */
function scrollToTop(page: Page): Promise<{ readonly most: number; readonly milliseconds: number }> {
  return page.evaluate(async () => {
    const list = document.querySelector('hearth-transcript');
    if (list === null) throw new Error('There is no transcript.');
    const began = performance.now();
    let most = 0;
    while (list.hasMore || list.scrollTop > 0) {
      list.scrollTop = 0;
      await new Promise((resolve) => { requestAnimationFrame(resolve); });
      most = Math.max(most, document.querySelectorAll('*').length);
    }
    return { most, milliseconds: performance.now() - began };
  });
}

describe('a chat of 10,000 messages', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('opens at its end, with few elements', async () => {
    const page = await pages.open('long');
    await drawn(page);
    assert.match(await page.locator('li.turn').last().innerText(), /Note 10000:/);
    assert.ok((await nodes(page)) <= 2000);
  });

  it('is scrolled to its top at 1,000 messages a second or more, with never more than 2,000 elements', async function () {
    this.timeout(40_000);
    const page = await pages.open('long');
    const { most, milliseconds } = await scrollToTop(page);
    assert.match(await page.locator('li.turn').first().innerText(), /^You, [\d:]+\s+Note 1: /);
    assert.ok(most <= 2000, `${String(most)} elements`);
    assert.ok(10_000 / (milliseconds / 1000) >= 1000, `${String(Math.round(10_000_000 / milliseconds))} messages a second`);
  });

  it('keeps what is being read in its place when a page comes in before it', async () => {
    const page = await pages.open('long');
    const list = page.locator('hearth-transcript');
    await page.evaluate(() => { stage.hold('older'); });
    await list.evaluate((element) => { element.scrollTop = 1500; });
    await askedFor(page, 'older');
    await drawn(page);
    const reading = await list.evaluate((element) => {
      const edge = element.getBoundingClientRect().top;
      const turn = [...element.querySelectorAll<HTMLElement>('li.turn')].find((candidate) => candidate.getBoundingClientRect().top > edge);
      return { id: turn?.dataset['id'] ?? '', top: turn?.getBoundingClientRect().top ?? 0 };
    });
    await page.evaluate(() => { stage.release(); });
    await page.waitForFunction(() => document.querySelector('hearth-transcript')?.messages.length === 400);
    await drawn(page);
    const top = await page.locator(`li.turn[data-id="${reading.id}"]`).evaluate((turn) => turn.getBoundingClientRect().top);
    assert.ok(Math.abs(top - reading.top) < 2, `moved by ${String(top - reading.top)} px`);
  });

  it('says where each turn stands in the whole', async () => {
    const page = await pages.open('long');
    const last = page.locator('li.turn').last();
    assert.equal(await last.getAttribute('aria-posinset'), '10000');
    assert.equal(await last.getAttribute('aria-setsize'), '10000');
  });

  it('goes to a message that was not loaded yet', async () => {
    const page = await pages.open('long');
    await emit(page, 'reveal', { messageId: 'long-9000' });
    const turn = page.locator('li.turn[data-id="long-9000"]');
    await turn.waitFor();
    await drawn(page);
    const box = await turn.boundingBox();
    assert.ok(box !== null && box.y >= 0 && box.y < 200);
  });

  it('stays where it is read while a reply comes in at its end', async () => {
    const page = await pages.open('long');
    const list = page.locator('hearth-transcript');
    await list.hover();
    await page.mouse.wheel(0, -1500);
    await page.waitForFunction(() => document.querySelector('hearth-transcript')?.isPinned === false);
    await drawn(page);
    const before = await list.evaluate((element) => element.scrollTop);
    await page.locator('.composer-text').fill('Something new');
    await page.evaluate(() => { chatStage.add(...chatStage.made('from elsewhere')); });
    await drawn(page);
    assert.equal(await list.evaluate((element) => element.scrollTop), before);
  });
});
