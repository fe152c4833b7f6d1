import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import type { Store } from '../../src/store/port.ts';
import { newFact } from '../store/sql/support/sample-rows.ts';
import { fillStore } from '../support/store/fill-store.ts';
import { Profile } from './driver/profile.ts';

const since = 'The user rows on Sundays.';

describe('a restore that is stopped', function () {
  this.timeout(240_000);
  let profile: Profile;
  let frame: Frame;

  before(async () => {
    profile = await Profile.make({ models: null });
    await profile.inStore((store) => fillStore(store, { messages: 400, turnsPerChat: 10 }));
    const { window } = await profile.open();
    await window.runCommand('Hearthlink: Show backups');
    frame = await window.webview({ title: 'Hearthlink Backups' });
    await frame.getByRole('button', { name: 'Back up now' }).click();
    await frame.getByRole('heading', { name: /^Everything up to today .* is safe and proved\.$/ }).waitFor({ timeout: 60_000 });
    await profile.inStore((store) => store.slices.add([newFact('since', since, { at: Date.now(), validFrom: Date.now() })]));
  });

  after(() => profile.close());

  /** The restore dialogue of the first backup, with nothing kept of what came since, and its word typed. */
  async function readyToRestore(): Promise<Locator> {
    await frame.getByRole('button', { name: /^Restore the backup of / }).last().click();
    const dialogue = frame.getByRole('dialog', { name: 'Go back to an earlier moment' });
    await dialogue.getByRole('checkbox', { name: since }).uncheck();
    await dialogue.getByLabel('Type restore').fill('restore');
    return dialogue;
  }

  it('leaves everything as it is', async () => {
    const dialogue = await readyToRestore();
    const stopped = dialogue.evaluate(pressStop, 'First, what is there now is backed up.');
    await dialogue.getByRole('button', { name: 'Restore', exact: true }).click();
    await stopped;
    await dialogue.waitFor({ state: 'detached' });
    await frame.locator('.note').getByText('Nothing was changed: all is as it was before.').waitFor();
    assert.equal(await profile.inStore(remembersWhatCameSince), true);
  });

  it('can be done after all', async () => {
    const dialogue = await readyToRestore();
    await dialogue.getByRole('button', { name: 'Restore', exact: true }).click();
    await frame.locator('.note').getByText(/^Restored and compared: all is as it was today /).waitFor({ timeout: 60_000 });
    assert.equal(await profile.inStore(remembersWhatCameSince), false);
  });
});

async function remembersWhatCameSince(store: Store): Promise<boolean> {
  return (await store.slices.get(['since'])).length > 0;
}

/** Runs in the page, where nothing comes between: presses "Stop" once the dialogue says that this is being done. */
function pressStop(dialogue: Element, doing: string): Promise<void> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const stop = [...dialogue.querySelectorAll<HTMLElement>('vscode-button')].find(({ textContent }) => textContent.trim() === 'Stop');
      if (stop === undefined || !dialogue.textContent.includes(doing)) return;
      observer.disconnect();
      stop.click();
      resolve();
    });
    observer.observe(dialogue, { childList: true, subtree: true, characterData: true });
  });
}
