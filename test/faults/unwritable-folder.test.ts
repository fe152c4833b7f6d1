import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Store } from '../../src/store/port.ts';
import { inStore } from '../support/store/real-store.ts';
import { needsDisks, SmallDisk } from './support/small-disk.ts';
import { StoreFolder } from './support/store-folder.ts';
import { addChat, isRefusal, titles } from './support/stored-chats.ts';

const megabyte = 1024 * 1024;

/** Without a call: a view that shows the trouble wants to hear that it is over. */
function statusTold(store: Store): Promise<void> {
  return new Promise((resolve) => {
    const listening = store.onDidChange(({ status }) => {
      if (!status) return;
      listening.dispose();
      resolve();
    });
  });
}

describe('a folder that cannot be written', () => {
  it('can be read, and says so, on a write-protected disk; and is written again when the protection is gone', async function () {
    needsDisks(this);
    using disk = new SmallDisk(8 * megabyte);
    await inStore(disk.store, (store) => addChat(store, 'Kept'));
    disk.protect();
    await inStore(disk.store, async (store) => {
      const { state, problem } = await store.status();
      assert.deepEqual([state, problem?.code], ['read-only', 'store-read-only']);
      assert.deepEqual(await titles(store), ['Kept']);
      await assert.rejects(addChat(store, 'Refused'), isRefusal('store-read-only'));
      const over = statusTold(store);
      disk.unprotect();
      await over;
      await addChat(store, 'Again');
      assert.equal((await store.status()).state, 'ready');
      assert.deepEqual(await titles(store), ['Again', 'Kept']);
    });
  });

  it('is not there when a file stands in its place: that is said, the file is left alone, and a store begins once it is away', async () => {
    using folder = new StoreFolder();
    fs.writeFileSync(folder.path, 'mine');
    await inStore(folder.path, async (store) => {
      const { state, problem } = await store.status();
      assert.deepEqual([state, problem?.code], ['read-only', 'store-read-only']);
      await assert.rejects(addChat(store, 'Refused'), isRefusal('store-read-only'));
      await assert.rejects(titles(store), isRefusal('store-read-only'));
      assert.equal(fs.readFileSync(folder.path, 'utf8'), 'mine');
      const over = statusTold(store);
      fs.rmSync(folder.path);
      await over;
      await addChat(store, 'First');
      assert.deepEqual(await titles(store), ['First']);
    });
  });
});
