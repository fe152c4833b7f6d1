import assert from 'node:assert/strict';
import type { NewSlice } from '../../src/store/slice-port.ts';
import { poll } from '../support/vscode/poll.ts';
import { Profile } from './driver/profile.ts';
import type { Workbench } from './driver/workbench.ts';
import type { Notification } from './driver/workbench-window.ts';

const secretPlace = 'Wilhelmina hides the spare key under the hydrangea';

function fact(id: string, text: string): NewSlice {
  return { id, kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: 0, expiresAt: null, at: Number.parseInt(id, 36) };
}

describe('the care of memory', () => {
  let profile: Profile;
  let workbench: Workbench;

  beforeEach(async function () {
    this.timeout(120_000);
    profile = await Profile.make({ models: null });
    await profile.inStore(async (store) => {
      await store.slices.add([fact('a', 'Lives in Lisbon'), fact('b', 'Placeholder words'), fact('c', 'Drinks green tea every morning'), fact('d', 'Drinks green tea every single morning'), fact('e', secretPlace)]);
      await store.slices.edit({ id: 'b', text: 'lives in Lisbon.', at: 20 });
      await store.slices.forget({ id: 'e', undoUntil: 21, at: 20 });
      await store.slices.wipeForgotten(22);
    });
    workbench = await profile.open();
  });

  afterEach(() => profile.close());

  function supersededBy(id: string): Promise<string | null | undefined> {
    return profile.inStore(async (store) => (await store.slices.get([id]))[0]?.supersededBy);
  }

  it('merges duplicates as it was shown, and undoes it', async function () {
    this.timeout(120_000);
    const { window } = workbench;
    await window.runCommand('Hearthlink: Tidy up memory');
    const list = window.page.locator('.quick-input-widget:visible');
    await list.getByText('Merge duplicates: 1').waitFor();
    await list.getByText('Look at pairs that say nearly the same: 1').waitFor();
    assert.equal(await supersededBy('b'), null, 'nothing is done before the answer');

    await window.page.keyboard.press('Enter');
    await window.notification('Merged: 1.', 60_000);
    assert.equal(await supersededBy('b'), 'a');
    await window.clickNotification('Merged: 1.', 'Undo');
    await window.notification('All is as it was before.');

    assert.equal(await supersededBy('b'), null);
  });

  /** Asks until the answer is seen: an input box that is still coming up may lose what is typed, and a notice may be hidden by others. */
  async function verify(words: string, answer: string): Promise<Notification> {
    const { window } = workbench;
    const ask = async (): Promise<Notification | undefined> => {
      await window.runCommand('Notifications: Clear All Notifications');
      await window.runCommand('Hearthlink: Verify a forgotten memory');
      await window.page.getByText('Which words should be gone?').waitFor();
      await window.enter(words);
      return window.notification(answer, 15_000).catch(() => undefined);
    };
    return poll(`the answer "${answer}"`, ask, { timeoutMs: 80_000 });
  }

  it('says where forgotten words still are, and that they are gone once the files are made anew', async function () {
    this.timeout(240_000);
    const { window } = workbench;
    const found = await verify('the spare KEY under', 'still in the journal');
    assert.deepEqual(found.actions, ['Wipe now']);
    await window.clickNotification('still in the journal', 'Wipe now');
    await window.notification('wiped from the files of the store', 60_000);

    await verify('the spare KEY under', 'It is gone.');
  });
});
