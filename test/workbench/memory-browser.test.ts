import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { fillStore } from '../support/store/fill-store.ts';
import { realIds } from '../support/store/real-store.ts';
import { poll } from '../support/vscode/poll.ts';
import { accessibilityViolations } from './driver/accessibility.ts';
import { isKept } from './driver/kept-state.ts';
import { memoryBrowser, searchMemory } from './driver/memory-page.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';

/** Facts beside the turns of small talk, newest last. */
const facts = ['The harbour publishes its tide tables in UTC.', 'The second rain barrel stands behind the shed.', 'Henrike lends her sander for the keel.'];

describe('the memory browser in a workbench', function () {
  let profile: Profile;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    profile = await Profile.make();
    await profile.inStore(async (store) => {
      await fillStore(store, { messages: 400, turnsPerChat: 50 });
      const at = Date.now();
      await store.slices.add(
        facts.map((text, i) => ({
          id: realIds.next(), kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: at + i, expiresAt: null, at: at + i,
        })),
      );
    });
    workbench = await profile.open();
  });

  after(() => profile.close());

  beforeEach(() => workbench.window.runCommand('Hearthlink: Open memory'));

  const browser = (): Promise<Frame> => memoryBrowser(workbench);
  const search = (text: string): Promise<Frame> => searchMemory(workbench, text);

  it('lists what is remembered, newest first, to the oldest', async () => {
    const frame = await search('');
    await frame.getByText('403 memories').waitFor();
    assert.match(await frame.locator('.slice-text').first().innerText(), /Henrike lends her sander/);
    await frame.locator('.slices').press('End');
    await frame.locator('.slice.is-selected', { hasText: 'Mine 0:' }).waitFor();
    await frame.locator('hearth-slice-detail', { hasText: 'Mine 0:' }).waitFor();
  });

  it('finds as one types, by the chat’s own recall', async () => {
    const frame = await search('where are the barrels');
    await frame.locator('.slice', { hasText: 'The second rain barrel' }).waitFor();
    await frame.locator('.slice', { hasText: 'The second rain barrel' }).click();
    await frame.locator('hearth-slice-detail', { hasText: 'told by you' }).waitFor();
  });

  it('corrects, pins and re-rates a memory, and keeps what it said before', async () => {
    const frame = await search('harbour tide');
    await frame.locator('.slice', { hasText: 'The harbour publishes' }).click();
    const detail = frame.locator('hearth-slice-detail');
    await detail.getByRole('button', { name: 'Edit' }).click();
    await detail.getByRole('textbox').fill('The harbour publishes its tide tables in local time.');
    await detail.getByRole('textbox').press('Enter');
    await detail.getByText('Until then “The harbour publishes its tide tables in UTC.”').waitFor();
    await detail.getByRole('button', { name: 'Pinned' }).click();
    await detail.locator('[aria-label="Pinned"][aria-pressed="true"]').waitFor();
    await detail.getByRole('button', { name: 'Importance: Normal' }).click();
    await detail.getByRole('menuitemradio', { name: 'High' }).click();
    await detail.getByRole('button', { name: 'Importance: High' }).waitFor();
  });

  it('forgets with undo', async () => {
    const frame = await search('sander keel');
    await frame.locator('.slice', { hasText: 'Henrike' }).click();
    const detail = frame.locator('hearth-slice-detail');
    await detail.getByRole('button', { name: 'Forget' }).click();
    await detail.getByText('Forgotten. It will be wiped').waitFor();
    await detail.getByText('Undo').click();
    await detail.getByRole('heading', { name: 'Henrike lends her sander' }).waitFor();
  });

  it('opens the chat that a memory comes from', async () => {
    const frame = await search('Mine 7');
    await frame.locator('.slice', { hasText: 'Mine 7:' }).first().click();
    await frame.locator('hearth-slice-detail .section', { hasText: 'Where it comes from' }).locator('.link-button').click();
    const chat = await workbench.window.webview({ title: 'Hearthlink Chat' });
    await chat.locator('.transcript', { hasText: 'Mine 7:' }).waitFor({ timeout: 20_000 });
  });

  it('is there again after a reload, with the search and what was chosen', async function () {
    this.timeout(120_000);
    const frame = await search('harbour tide');
    await frame.locator('.slice', { hasText: 'The harbour publishes' }).click();
    await frame.locator('hearth-slice-detail', { hasText: 'local time' }).waitFor();
    await poll('the workbench to have kept what the view keeps', () => isKept(workbench.window.page, 'harbour tide'));
    await workbench.window.reload();
    const again = await browser();
    assert.equal(await again.getByRole('searchbox').inputValue(), 'harbour tide');
    await again.locator('hearth-slice-detail', { hasText: 'local time' }).waitFor();
  });

  for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
    it(`has no axe-core violation in ${theme}`, async () => {
      await workbench.setTheme(theme);
      const frame = await search('harbour tide');
      await frame.locator('.slice', { hasText: 'The harbour publishes' }).click();
      await frame.locator('hearth-slice-detail', { hasText: 'local time' }).waitFor();
      assert.deepEqual(await accessibilityViolations(frame), []);
    });
  }

  it('logs no error and breaks no rule of its page', () => {
    assert.deepEqual(workbench.window.webviewProblems(), []);
  });
});
