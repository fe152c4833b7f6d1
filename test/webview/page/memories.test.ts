import assert from 'node:assert/strict';
import { asked, askedFor, drawn, emit } from './host-in-page.ts';
import { StagePages } from './stage-pages.ts';

describe('memories under a reply', () => {
  let pages: StagePages;

  before(async function () { pages = await StagePages.start(this, 'chat'); });
  after(() => pages.close());

  it('are quoted with date and source, folded until they are wanted', async () => {
    const page = await pages.open('conversation');
    const memory = page.locator('hearth-memory').first();
    assert.equal(await memory.isVisible(), false);
    await page.getByText('Memories used (2)').click();
    assert.equal((await memory.innerText()).replace(/\s+/g, ' ').trim(), '“The Pi in the cellar has 4 GB and no swap.” 3 May Nightly build on the Pi');
    await memory.getByRole('button', { name: 'Nightly build on the Pi' }).click();
    assert.deepEqual(await askedFor(page, 'openSource'), { id: 'm1' });
  });

  it('can be followed by more where they are the answer', async () => {
    const page = await pages.open('offline');
    await page.getByRole('button', { name: 'Look further back' }).click();
    assert.deepEqual(await askedFor(page, 'lookFurther'), { messageId: 'r1' });
    const answered = await pages.open('conversation');
    await answered.getByText('Memories used (2)').click();
    assert.equal(await answered.getByText('Look further back').count(), 0);
  });

  it('are edited in place', async () => {
    const page = await pages.open('memories');
    const editor = page.getByRole('textbox', { name: 'Memory' });
    await editor.fill('Prefers two link jobs.');
    await editor.press('Enter');
    assert.deepEqual(await askedFor(page, 'editMemory'), { id: 'm2', text: 'Prefers two link jobs.' });
    await page.getByText('Prefers two link jobs.').waitFor();
    assert.equal(await editor.count(), 0);
  });

  it('stay as they were when editing is given up', async () => {
    const page = await pages.open('memories');
    const editor = page.getByRole('textbox', { name: 'Memory' });
    await editor.fill('Nonsense');
    await editor.press('Escape');
    await page.getByText('Prefers a link pool of one').waitFor();
    assert.deepEqual(await asked(page, 'editMemory'), []);
    assert.equal(await page.getByRole('button', { name: 'Edit memory' }).nth(1).evaluate((element) => element === document.activeElement), true);
  });

  it('are forgotten with a way back that counts down, wherever they are shown', async () => {
    const page = await pages.open('conversation');
    await page.getByText('Memories used (2)').click();
    await page.getByText('Memories used (1)').click();
    const pool = page.locator('hearth-memory', { hasText: 'Prefers a link pool' });
    assert.equal(await pool.count(), 2);
    await pool.first().getByRole('button', { name: 'Forget memory' }).click();
    assert.deepEqual(await askedFor(page, 'forgetMemory'), { id: 'm2' });
    await page.getByText(/\((60|59) s\)/).first().waitFor();
    assert.equal(await pool.count(), 0);
    await page.getByText(/\(5[0-8] s\)/).first().waitFor();
    await page.getByText('Forgotten. It will be wiped').first().getByText('Undo').click();
    assert.deepEqual(await askedFor(page, 'undoForgetMemory'), { id: 'm2' });
    await pool.nth(1).waitFor();
  });

  it('hand the focus on to what undoes the press', async () => {
    const page = await pages.open('conversation');
    await page.getByText('Memories used (2)').click();
    const focus = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent.trim() || document.activeElement?.getAttribute('aria-label') || '');
    await page.locator('hearth-memory').first().getByRole('button', { name: 'Forget memory' }).press('Enter');
    await page.locator('hearth-memory').first().getByText('Undo').waitFor();
    assert.equal(await focus(), 'Undo');
    await page.keyboard.press('Enter');
    await page.locator('hearth-memory').first().getByText('“The Pi in the cellar').waitFor();
    assert.equal(await focus(), 'Forget memory');
  });

  it('keep no way back once the time is over', async () => {
    const page = await pages.open('memories');
    await page.evaluate(() => {
      const now = Date.now;
      Date.now = () => now() + 120_000;
    });
    await page.locator('.is-forgotten', { hasText: 'Undo' }).waitFor({ state: 'detached' });
  });

  it('tell a captured fact and take it back', async () => {
    const page = await pages.open('conversation');
    await page.getByText('Remembered: The project builds with Ninja now.').getByText('Undo').click();
    assert.deepEqual(await askedFor(page, 'undoCaptured'), { sliceId: 's1' });
    await emit(page, 'captured', { messageId: 'r2', captured: [] });
    await page.getByText('Remembered: The project builds').waitFor({ state: 'detached' });
  });

  it('ask once how to remember, together with the first fact', async () => {
    const page = await pages.open('captured');
    await page.getByRole('radio', { name: 'Remember, and let me undo' }).click();
    await page.getByText('Not this').click();
    assert.deepEqual(await askedFor(page, 'decideCaptured'), { sliceId: 's1', remember: false, mode: 'automatic' });
    await emit(page, 'captureMode', { mode: 'automatic' });
    await page.getByRole('radiogroup').waitFor({ state: 'detached' });
  });

  it('ask about a fact without asking for the mode again', async () => {
    const page = await pages.open('secret');
    assert.equal(await page.getByRole('radiogroup').count(), 0);
    await page.getByText('It does not fit with something you told me before.').waitFor();
    await page.getByText('Remember', { exact: true }).click();
    assert.deepEqual(await askedFor(page, 'decideCaptured'), { sliceId: 's2', remember: true, mode: null });
  });

  it('take what is selected in a reply, or all of it', async () => {
    const page = await pages.open('conversation');
    const remember = page.getByRole('button', { name: 'Remember this' }).last();
    await remember.click();
    assert.deepEqual(await askedFor(page, 'remember'), { messageId: 'r2', text: null });
    await page.getByText('Remembered: Kept from this turn.').waitFor();
    await page.evaluate(() => {
      const body = document.querySelectorAll('.reply-body')[1];
      const words = body === undefined ? null : document.createTreeWalker(body.querySelector('p') ?? body, NodeFilter.SHOW_TEXT);
      while (words?.nextNode() !== null && words?.currentNode.textContent === '') continue;
      const text = words?.currentNode;
      if (text !== undefined) document.getSelection()?.setBaseAndExtent(text, 0, text, 14);
    });
    await drawn(page);
    await remember.click();
    assert.deepEqual(await askedFor(page, 'remember', 2), { messageId: 'r2', text: 'Then Ninja can' });
  });

  it('offer to blank a secret where it was written', async () => {
    const page = await pages.open('secret');
    await page.getByText('Blank it here too').click();
    assert.deepEqual(await askedFor(page, 'blankSecret'), { messageId: 'q1', start: 32, end: 51 });
  });
});
