import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { asked, askedFor, drawn, emit, update } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

describe('the composer', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  function field(page: Page) {
    return page.locator('.composer-text');
  }

  it('sends with Enter and breaks the line with Shift+Enter', async () => {
    const page = await pages.open('conversation');
    await field(page).fill('One');
    await field(page).press('Shift+Enter');
    await field(page).pressSequentially('Two');
    assert.deepEqual(await asked(page, 'send'), []);
    await field(page).press('Enter');
    assert.deepEqual(await askedFor(page, 'send'), { text: 'One\nTwo', editOf: null });
    assert.equal(await field(page).inputValue(), '');
  });

  it('sends nothing while an input method composes', async () => {
    const page = await pages.open('conversation');
    await field(page).focus();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await field(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true });
    assert.deepEqual(await asked(page, 'send'), []);
    await session.send('Input.insertText', { text: '日本' });
    assert.equal(await field(page).inputValue(), '日本');
    await field(page).press('Enter');
    assert.deepEqual(await askedFor(page, 'send'), { text: '日本', editOf: null });
  });

  it('says how full the context is while there is a model that has one', async () => {
    const page = await pages.open('conversation');
    const gauge = page.getByText('3.1k of 8k');
    await gauge.waitFor();
    await emit(page, 'connection', { connection: { state: 'offline', error: { code: 'model-not-running', parameters: {} }, canStart: true } });
    await gauge.waitFor({ state: 'detached' });
    await emit(page, 'connection', { connection: { state: 'ready', model: 'qwen3:4b' } });
    await gauge.waitFor();
  });

  it('does not send blank lines', async () => {
    const page = await pages.open('conversation');
    await field(page).fill('  \n ');
    await field(page).press('Enter');
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    assert.deepEqual(await asked(page, 'send'), []);
  });

  it('puts the words back when they could not be sent, and sends them again on request', async () => {
    const page = await pages.open('conversation');
    await page.evaluate(() => { stage.failing.set('send', { code: 'store-full', parameters: { detail: 'ENOSPC' } }); });
    await field(page).fill('Keep me');
    await field(page).press('Enter');
    await page.getByRole('alert').getByText('The disk is full').waitFor();
    assert.equal(await field(page).inputValue(), 'Keep me');
    await page.evaluate(() => { stage.failing.clear(); });
    await page.getByRole('alert').getByText('Try again', { exact: true }).click();
    await askedFor(page, 'send', 2);
    await page.getByRole('alert').waitFor({ state: 'detached' });
    assert.equal(await field(page).inputValue(), '');
  });

  it('stops a running reply with Esc, and keeps what was written', async () => {
    const page = await pages.open('streaming');
    await field(page).press('Escape');
    await askedFor(page, 'stop');
    await page.getByText('Stopped here. What was written is kept.').waitFor();
  });

  it('holds a message until the reply before it has ended', async () => {
    const page = await pages.open('streaming');
    await field(page).fill('And then?');
    await field(page).press('Enter');
    await page.getByText('Sent when this reply has ended.').waitFor();
    assert.deepEqual(await asked(page, 'send'), []);
    await update(page, 'r3', { status: 'complete' });
    assert.deepEqual(await askedFor(page, 'send'), { text: 'And then?', editOf: null });
  });

  it('holds a message until there is a model, or lets it go', async () => {
    const page = await pages.open('no-model');
    await field(page).fill('Hello');
    await field(page).press('Enter');
    await page.getByText('Not yet').click();
    await emit(page, 'connection', { connection: { state: 'ready', model: 'qwen3:4b' } });
    await drawn(page);
    assert.deepEqual(await asked(page, 'send'), []);
    await emit(page, 'connection', { connection: { state: 'no-model', suggestion: 'qwen3:4b', memoryGb: 16 } });
    await drawn(page);
    await field(page).press('Enter');
    await emit(page, 'connection', { connection: { state: 'ready', model: 'qwen3:4b' } });
    assert.deepEqual(await askedFor(page, 'send'), { text: 'Hello', editOf: null });
  });

  it('keeps a draft across a reload, but not one of a private chat', async () => {
    const page = await pages.open('conversation');
    await field(page).fill('Half a sentence');
    await page.reload();
    await field(page).waitFor();
    assert.equal(await field(page).inputValue(), 'Half a sentence');

    const hidden = await pages.open('private');
    await field(hidden).fill('Between us');
    const kept = await hidden.evaluate(() => sessionStorage.getItem('stage-view-state'));
    assert.equal(kept?.includes('Between us') ?? false, false);
  });

  it('grows with its text up to eight lines, then scrolls', async () => {
    const page = await pages.open('conversation');
    const heights: number[] = [];
    for (const lines of [1, 3, 8, 20]) {
      await field(page).fill(Array.from({ length: lines }, () => 'line').join('\n'));
      heights.push((await field(page).boundingBox())?.height ?? 0);
    }
    assert.deepEqual(heights, [20, 60, 160, 160]);
  });

  it('completes slash commands by keyboard', async () => {
    const page = await pages.open('conversation');
    await field(page).pressSequentially('/re');
    const list = page.getByRole('listbox', { name: 'Commands' });
    assert.deepEqual(await list.getByRole('option').allInnerTexts(), ['/remember\nKeep what follows', '/recall\nLook something up, without a model']);
    await field(page).press('ArrowDown');
    await field(page).press('Enter');
    assert.equal(await field(page).inputValue(), '/recall ');
    assert.equal(await list.count(), 0);
    await field(page).pressSequentially('tea');
    await field(page).press('Enter');
    assert.deepEqual(await askedFor(page, 'send'), { text: '/recall tea', editOf: null });
  });

  it('puts the list of commands away with Esc', async () => {
    const page = await pages.open('conversation');
    await field(page).pressSequentially('/');
    await field(page).press('Escape');
    assert.equal(await page.getByRole('listbox').count(), 0);
    assert.equal(await field(page).inputValue(), '/');
  });

  it('says what is attached, how large it is, and takes it off', async () => {
    const page = await pages.open('conversation');
    const chip = page.locator('.composer .chip');
    assert.equal((await chip.innerText()).replace(/\s+/g, ' '), 'tides.py:40–58 412');
    await page.getByRole('button', { name: 'Remove tides.py:40–58' }).click();
    assert.deepEqual(await askedFor(page, 'detach'), { id: 'a9' });
    await emit(page, 'attachments', { attachments: [] });
    await chip.waitFor({ state: 'detached' });
  });

  it('asks the memory where no model can be reached', async () => {
    const page = await pages.open('offline');
    assert.equal(await field(page).getAttribute('placeholder'), 'Ask your memory');
    assert.equal(await page.getByRole('button', { name: 'Search memory' }).count(), 1);
  });

  it('chooses a model by keyboard and gives the focus back', async () => {
    const page = await pages.open('conversation');
    const picker = page.getByRole('button', { name: 'Model: qwen3:8b' });
    await picker.press('Enter');
    const options = page.getByRole('listbox', { name: 'Model' }).getByRole('option');
    await options.first().waitFor();
    assert.match(await options.first().innerText(), /5\.2 GB · context 32k · tools, thinking/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.deepEqual(await askedFor(page, 'chooseModel'), { name: 'qwen3:4b' });
    assert.equal(await picker.evaluate((element) => element === document.activeElement), true);
  });

  it('closes the list of models with Esc, and when the focus goes elsewhere', async () => {
    const page = await pages.open('conversation');
    const list = page.getByRole('listbox', { name: 'Model' });
    await page.getByRole('button', { name: 'Model: qwen3:8b' }).click();
    await list.waitFor();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Model: qwen3:8b' }).click();
    await list.waitFor();
    await field(page).click();
    await list.waitFor({ state: 'detached' });
    assert.deepEqual(await asked(page, 'chooseModel'), []);
  });

  it('shows a pull that goes on beside the chat, and puts its failure away', async () => {
    const page = await pages.open('pulling-another');
    await page.getByRole('progressbar', { name: 'Pulling gemma3:4b' }).waitFor();
    await page.getByText('Stop', { exact: true }).click();
    await askedFor(page, 'cancelPull');
    const failed = await pages.open('pull-failed');
    await failed.getByRole('alert').getByText('gemma3:40b could not be pulled.').waitFor();
    await failed.getByRole('button', { name: 'Hide this note' }).click();
    await askedFor(failed, 'cancelPull');
  });

  for (const scene of ['damaged', 'newer-schema', 'locked']) {
    it(`takes no words while the store is ${scene}`, async () => {
      const page = await pages.open(scene);
      assert.equal(await field(page).isEditable(), false);
      assert.equal(await page.getByRole('button', { name: 'Attach' }).isDisabled(), true);
    });
  }

  it('takes words while the folder cannot be written, because they are kept in memory', async () => {
    const page = await pages.open('read-only');
    assert.equal(await field(page).isEditable(), true);
    assert.equal(await page.getByRole('button', { name: 'Attach' }).isDisabled(), false);
  });
});
