import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { drawn, emit, update } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

const paragraph = 'Line 88 keeps the whole archive in memory, which is more than the machine has. ';

function toEnd(page: Page): Promise<number> {
  return page.locator('hearth-transcript').evaluate((list) => Math.round(list.scrollHeight - list.clientHeight - list.scrollTop));
}

/** Adds text to the reply that is being written in the scene "streaming". */
async function grow(page: Page, text: string): Promise<void> {
  await page.evaluate((added) => new Promise<void>((resolve) => { chatStage.stream('r3', added, 100_000, resolve); }), text);
  await drawn(page);
}

/** The carets when this much of the reply is there: where each stands, behind what, and how many pixels it takes from its line. */
async function carets(page: Page, text: string): Promise<string[]> {
  await update(page, 'r3', { text });
  await drawn(page);
  return page.locator('.is-streaming *').evaluateAll((elements) => elements.flatMap((element) => {
    const { content, marginLeft, width, marginRight } = getComputedStyle(element, '::after');
    const room = [marginLeft, width, marginRight].reduce((sum, pixels) => sum + Number.parseFloat(pixels), 0);
    return content === '""' ? `${element.localName} ${element.textContent.trim()} ${String(room)}` : [];
  }));
}

/** Collects what screen readers are told politely. */
async function listen(page: Page): Promise<string[]> {
  const said: string[] = [];
  await page.exposeFunction('heard', (words: string) => { said.push(words); });
  await page.evaluate(() => {
    const region = document.querySelector('hearth-announcer [role="status"]');
    if (region !== null) new MutationObserver(() => { heard(region.textContent); }).observe(region, { subtree: true, childList: true, characterData: true });
  });
  return said;
}

declare global {
  function heard(words: string): void;
}

describe('a reply that is being written', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('is kept in sight while the reader is at the end', async () => {
    const page = await pages.open('streaming', { height: 500 });
    for (let round = 0; round < 5; round++) {
      await grow(page, `\n\n${paragraph.repeat(3)}`);
      assert.equal(await toEnd(page), 0);
    }
  });

  it('moves nothing of what is being read once the reader has scrolled up, and offers a way back', async () => {
    const page = await pages.open('streaming', { height: 500 });
    await grow(page, `\n\n${paragraph.repeat(8)}`);
    await page.locator('hearth-transcript').hover();
    await page.mouse.wheel(0, -250);
    await page.getByText('Alden is writing below.').waitFor();
    const read = page.locator('.bubble').last();
    const before = await read.boundingBox();
    await grow(page, `\n\n${paragraph.repeat(8)}`);
    assert.deepEqual(await read.boundingBox(), before);
    await page.getByText('Go there').click();
    await drawn(page);
    assert.equal(await toEnd(page), 0);
    await grow(page, `\n\n${paragraph.repeat(3)}`);
    assert.equal(await toEnd(page), 0);
  });

  it('is followed again when the reader scrolls back to the end', async () => {
    const page = await pages.open('streaming', { height: 500 });
    await grow(page, `\n\n${paragraph.repeat(8)}`);
    await page.locator('hearth-transcript').hover();
    await page.mouse.wheel(0, -200);
    await page.getByText('Alden is writing below.').waitFor();
    await page.mouse.wheel(0, 1000);
    await page.getByText('Alden is writing below.').waitFor({ state: 'detached' });
    await grow(page, `\n\n${paragraph.repeat(3)}`);
    assert.equal(await toEnd(page), 0);
  });

  it('is drawn at most once a frame, however many pieces come', async () => {
    const page = await pages.open('streaming');
    const { updates, frames } = await page.evaluate(async () => {
      const app = document.querySelector('hearth-chat');
      if (app === null) throw new Error('There is no chat.');
      let drawings = 0;
      const body = document.querySelector('hearth-reply:has(.is-streaming) .reply-body');
      if (body === null) throw new Error('Nothing streams.');
      const perFrame: number[] = [];
      let inFrame = 0;
      new MutationObserver(() => { drawings++; inFrame++; }).observe(body, { subtree: true, childList: true, characterData: true });
      let counting = 0;
      const count = (): void => { perFrame.push(inFrame); inFrame = 0; counting = requestAnimationFrame(count); };
      counting = requestAnimationFrame(count);
      const pieces: Promise<void>[] = [];
      for (let piece = 0; piece < 500; piece++) {
        pieces.push(new Promise((resolve) => { chatStage.stream('r3', 'word ', 100_000, resolve); }));
        if (piece % 10 === 0) await new Promise((resolve) => setTimeout(resolve)); // in fifty tasks, over several frames
      }
      await Promise.all(pieces);
      while ((body.textContent.match(/word /g)?.length ?? 0) < 499) await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      cancelAnimationFrame(counting);
      return { updates: drawings, frames: perFrame };
    });
    assert.ok(updates > 0);
    assert.ok(Math.max(...frames) <= 1, `drawn ${String(Math.max(...frames))} times in a frame`);
  });

  it('keeps the elements of finished blocks', async () => {
    const page = await pages.open('streaming');
    await page.locator('.is-streaming > p').first().evaluate((first) => { first.setAttribute('data-mark', 'kept'); });
    await grow(page, `\n\n\`\`\`ts\nconst a = 1;\n\`\`\`\n\n${paragraph}`);
    await update(page, 'r3', { status: 'complete' });
    await drawn(page);
    assert.equal(await page.locator('p[data-mark="kept"]').count(), 1);
  });

  it('colours code line by line while it grows, without losing colours again', async () => {
    const page = await pages.open('streaming');
    await grow(page, '\n\n```ts\nconst a = 1;\n');
    await page.locator('.is-streaming .hljs-keyword').first().waitFor();
    await grow(page, 'const b');
    assert.ok((await page.locator('.is-streaming .hljs-keyword').count()) >= 1);
    await grow(page, ' = 2;\n');
    await page.waitForFunction(() => document.querySelectorAll('.is-streaming .hljs-keyword').length === 2);
    assert.equal(await page.locator('.is-streaming pre').innerText(), 'const a = 1;\nconst b = 2;');
  });

  it('has one caret, behind the innermost text at the end, where it takes no room', async () => {
    const page = await pages.open('streaming');
    assert.deepEqual(await carets(page, 'One.\n\nTwo.'), ['p Two. 0']);
    assert.deepEqual(await carets(page, 'One.\n\n# Plan'), ['h4 Plan 0']);
    assert.deepEqual(await carets(page, '1. One\n2. Two **and**'), ['li Two and 0']);
    assert.deepEqual(await carets(page, '- One\n  - Inside\n  - Last'), ['li Last 0']);
    assert.deepEqual(await carets(page, '- One\n\n  More of it'), ['p More of it 0']);
    assert.deepEqual(await carets(page, '> Quoted'), ['p Quoted 0']);
    assert.deepEqual(await carets(page, 'One.\n\n```ts\nconst a'), []);
    assert.deepEqual(await carets(page, '- One\n\n  ```ts\n  const a'), []);
  });

  it('is busy and silent, then announced once', async () => {
    const page = await pages.open('streaming');
    const said = await listen(page);
    await grow(page, `. ${paragraph.repeat(6)}`);
    assert.equal(await page.locator('li.turn').last().getAttribute('aria-busy'), 'true');
    assert.deepEqual(said, []);
    await update(page, 'r3', { status: 'complete' });
    await drawn(page);
    await update(page, 'r3', { tokensPerSecond: 20 });
    await drawn(page);
    assert.equal(said.length, 1);
    assert.match(said.join(), /^Alden replied: Three more places.*, and more$/);
    assert.equal(await page.locator('li.turn').last().getAttribute('aria-busy'), null);
  });

  it('asks for everything anew when a piece is missing', async () => {
    const page = await pages.open('streaming');
    await emit(page, 'delta', { messageId: 'r3', text: 'lost', thinking: '', length: 5000 });
    await page.waitForFunction(() => stage.asked.filter(({ method }) => method === 'ready').length === 2);
    await drawn(page);
    assert.doesNotMatch(await page.locator('.reply-body').last().innerText(), /lost/);
  });

  it('is whole after a snapshot that was overtaken by what came after it', async () => {
    const page = await pages.open('streaming');
    await page.evaluate(() => { stage.hold('ready'); });
    await emit(page, 'delta', { messageId: 'r3', text: 'lost', thinking: '', length: 5000 });
    await page.waitForFunction(() => stage.asked.filter(({ method }) => method === 'ready').length === 2);
    await grow(page, ' and more words that come meanwhile');
    await page.evaluate(() => { stage.release(); });
    await grow(page, ', and after.');
    const text = await page.locator('.reply-body').last().innerText();
    assert.ok(text.endsWith('the whole archive in memory and more words that come meanwhile, and after.'), text);
    assert.equal(await page.evaluate(() => stage.asked.filter(({ method }) => method === 'ready').length), 2);
  });

  it('shows its thinking folded, and counts seconds while it waits', async () => {
    const page = await pages.open('loading');
    await page.getByText(/^Loading qwen3:8b, 1[2-4] s\. Last time it took 18 s\.$/).waitFor();
    await update(page, 'r1', { thinking: 'They mean the disk.' });
    await page.getByText('Thinking', { exact: true }).waitFor();
    await update(page, 'r1', { text: 'The disk.', thinkingMs: 4100 });
    const fold = page.getByText('Thought for 4 s');
    await fold.waitFor();
    assert.equal(await page.getByText('They mean the disk.').isVisible(), false);
    await fold.click();
    assert.equal(await page.getByText('They mean the disk.').isVisible(), true);
  });
});
