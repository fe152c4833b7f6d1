import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedFor, drawn, emit } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

/** What has the focus, as a person would name it. */
function focusName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'nothing';
    if (element.matches('li.turn')) return `turn: ${element.querySelector('h3')?.textContent ?? ''}`;
    return element.getAttribute('aria-label') ?? element.textContent.trim();
  });
}

async function press(page: Page, ...keys: readonly string[]): Promise<string> {
  for (const key of keys) {
    await page.keyboard.press(key);
    await drawn(page);
  }
  return focusName(page);
}

describe('the chat by keyboard', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('goes through banner, transcript and composer, each once', async () => {
    const page = await pages.open('conversation');
    await emit(page, 'connection', { connection: { state: 'offline', error: { code: 'model-not-running', parameters: {} }, canStart: true } });
    await drawn(page);
    const stops: string[] = [];
    for (let stop = 0; stop < 8; stop++) stops.push(await press(page, 'Tab'));
    assert.deepEqual(stops.slice(0, 7), [
      'Start it',
      'Try again',
      'turn: Alden, 21:42',
      'Remove tides.py:40–58',
      'Message to Alden',
      'Attach',
      'Model: No model',
    ].map((name) => name.replace('Message to Alden', 'Question to your memory')));
  });

  it('comes back to the turn from the composer, and out again at the top', async () => {
    const page = await pages.open('offline');
    await page.locator('.composer-text').focus();
    assert.equal(await press(page, 'Shift+Tab'), 'turn: From memory, 08:12');
    assert.equal(await press(page, 'Shift+Tab'), 'Try again');
  });

  it('goes from turn to turn with the arrows, Home and End', async () => {
    const page = await pages.open('conversation');
    await page.locator('.composer-text').focus();
    await press(page, 'Shift+Tab', 'Shift+Tab');
    assert.equal(await focusName(page), 'turn: Alden, 21:42');
    assert.equal(await press(page, 'ArrowUp'), 'turn: You, 21:42');
    assert.equal(await press(page, 'Home'), 'turn: You, 21:40');
    assert.equal(await press(page, 'ArrowUp'), 'turn: You, 21:40');
    assert.equal(await press(page, 'ArrowDown'), 'turn: Alden, 21:40');
    assert.equal(await press(page, 'End'), 'turn: Alden, 21:42');
  });

  it('goes into a turn with Enter, walks its controls with Tab, and leaves past the last one', async () => {
    const page = await pages.open('conversation');
    await page.locator('.composer-text').focus();
    await press(page, 'Shift+Tab', 'Shift+Tab');
    const walk = [await press(page, 'Enter')];
    for (let step = 0; step < 9; step++) walk.push(await press(page, 'Tab'));
    assert.deepEqual(walk, [
      'Insert at cursor',
      'Copy code',
      'Python code',
      'Memories used (1)',
      'Undo',
      'Hide this note',
      'Copy reply',
      'Answer again',
      'Remember this',
      'Remove tides.py:40–58',
    ]);
  });

  it('goes from the first control of a turn back to the turn', async () => {
    const page = await pages.open('conversation');
    await page.locator('.composer-text').focus();
    assert.equal(await press(page, 'Shift+Tab', 'Shift+Tab', 'Enter', 'Shift+Tab'), 'turn: Alden, 21:42');
  });

  it('comes back to the composer with Esc, from a turn and from inside one', async () => {
    const page = await pages.open('conversation');
    await page.locator('.composer-text').focus();
    assert.equal(await press(page, 'Shift+Tab', 'Shift+Tab', 'Escape'), 'Message to Alden');
    assert.equal(await press(page, 'Shift+Tab', 'Shift+Tab', 'Enter', 'Tab', 'Escape'), 'Message to Alden');
  });

  it('shows the tools of the turn that has the focus', async () => {
    const page = await pages.open('conversation');
    await page.locator('.composer-text').focus();
    await press(page, 'Shift+Tab', 'Shift+Tab', 'Home');
    assert.equal(await press(page, 'Enter'), 'Copy message');
    assert.equal(await press(page, 'Tab', 'Enter'), 'Your message');
    await page.keyboard.type(' Or in June?');
    await page.keyboard.press('Enter');
    assert.deepEqual(await askedFor(page, 'send'), { text: 'The nightly build on the Pi runs out of memory again. Same as in May? Or in June?', editOf: 'q1' });
  });

  it('keeps the question as it was when its new wording is given up', async () => {
    const page = await pages.open('conversation');
    await page.locator('.composer-text').focus();
    await press(page, 'Shift+Tab', 'Shift+Tab', 'Home', 'Enter', 'Tab', 'Enter');
    await page.keyboard.type('nonsense');
    assert.equal(await press(page, 'Escape'), 'turn: You, 21:40');
    assert.match(await page.locator('.bubble').first().innerText(), /Same as in May\?$/);
  });

  it('reaches a turn that is far from the window', async () => {
    const page = await pages.open('long');
    await page.locator('.composer-text').focus();
    const first = await press(page, 'Shift+Tab', 'Home');
    assert.match(first, /^turn: You/);
    const top = await page.locator('li.turn:focus').evaluate((turn) => turn.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 200);
    assert.match(await press(page, 'ArrowDown'), /^turn: Alden/);
  });

  it('keeps the focus in the transcript when the turn that has it is scrolled away', async () => {
    const page = await pages.open('long');
    await page.locator('.composer-text').focus();
    await press(page, 'Shift+Tab');
    await page.locator('hearth-transcript').evaluate((transcript) => { transcript.scrollTop = 0; });
    await drawn(page);
    await drawn(page);
    assert.equal(await page.evaluate(() => document.activeElement?.closest('hearth-transcript') !== null), true);
  });

  it('puts the caret into the composer when the view is shown', async () => {
    const page = await pages.open('first-run');
    await page.evaluate(() => { window.dispatchEvent(new Event('focus')); });
    await drawn(page);
    assert.equal(await focusName(page), 'Message to Alden');
  });

  it('begins with one of the three suggestions', async () => {
    const page = await pages.open('first-run');
    await press(page, 'Tab', 'Tab', 'Tab', 'Enter');
    assert.equal(await page.locator('.composer-text').inputValue(), '/remember ');
    assert.equal(await focusName(page), 'Message to Alden');
  });
});
