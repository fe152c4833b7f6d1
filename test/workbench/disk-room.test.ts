import assert from 'node:assert/strict';
import { rmdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { leastRoomBytes } from '../../src/operations/disk-room.ts';
import { needsDisks, SmallDisk } from '../faults/support/small-disk.ts';
import { ChatPage } from './driver/chat-page.ts';
import { Profile } from './driver/profile.ts';
import { clockExtension, letPass } from './driver/window-clock.ts';

const calm = 'Hearthlink: talk with Alden through hearth-chat:latest';
const warning = 'The disk is nearly full. Chats are saved as ever; backups and looking for facts wait until there is room.';

describe('a disk that is nearly full', () => {
  it('is told by the status item within a minute and until there is room, and chats are saved meanwhile', async function () {
    this.timeout(240_000);
    needsDisks(this);
    using disk = new SmallDisk(2 * leastRoomBytes);
    const profile = await Profile.make();
    try {
      layOnto(disk, profile);
      profile.ollama.chat.answers('Very little.');
      const { window } = await profile.open({ besides: [clockExtension] });
      const chat = await ChatPage.open(window);
      await window.statusItem(calm).waitFor();

      disk.resize(leastRoomBytes / 2);
      await letPass(window, 1);
      await window.statusItem(warning).waitFor();
      await chat.send('How much room is left?');
      await chat.finished('Very little.');
      assert.equal(await profile.inStore(async (store) => (await store.sessions.list({ limit: 10 })).length), 1);

      disk.resize(2 * leastRoomBytes);
      await letPass(window, 1);
      await window.statusItem(calm).waitFor();
    } finally {
      await profile.close();
    }
  });
});

/** Has everything that the extension keeps of this person lie on a disk of its own. */
function layOnto(disk: SmallDisk, profile: Profile): void {
  const storage = path.dirname(profile.storeFolder);
  rmdirSync(storage);
  symlinkSync(disk.path, storage);
}
