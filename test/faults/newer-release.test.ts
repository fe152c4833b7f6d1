import assert from 'node:assert/strict';
import { inStore } from '../support/store/real-store.ts';
import { productContent, ProductWindow } from './support/product-window.ts';
import { StoreFolder } from './support/store-folder.ts';
import { addChat, isRefusal, titles } from './support/stored-chats.ts';

describe('a store of a newer release', () => {
  const newerContent = { ...productContent, schemaVersion: productContent.schemaVersion + 1, migrate: () => undefined };

  async function newerStore(): Promise<StoreFolder> {
    const folder = new StoreFolder();
    await inStore(folder.path, (store) => addChat(store, 'Old'));
    const newer = new ProductWindow(folder.path, { content: newerContent });
    await newer.addChat('New');
    await newer.close();
    return folder;
  }

  it('is neither read nor written, says why, and not a byte of it changes', async () => {
    using folder = await newerStore();
    const before = folder.digests();
    await inStore(folder.path, async (store) => {
      const { state, problem } = await store.status();
      assert.deepEqual([state, problem?.code], ['newer-schema', 'store-newer-schema']);
      await assert.rejects(titles(store), isRefusal('store-newer-schema'));
      await assert.rejects(addChat(store, 'Refused'), isRefusal('store-newer-schema'));
      await assert.rejects(store.purge(Date.now()), isRefusal('store-newer-schema'));
    });
    assert.deepEqual(folder.digests(), before);
  });

  it('stops a window of the older release that has it open: nothing more is written by it', async () => {
    using folder = new StoreFolder();
    await inStore(folder.path, async (older) => {
      await addChat(older, 'Old');
      const newer = new ProductWindow(folder.path, { content: newerContent });
      await newer.addChat('New');
      const before = folder.digests();
      await assert.rejects(addChat(older, 'Refused'), isRefusal('store-newer-schema'));
      assert.equal((await older.status()).state, 'newer-schema');
      assert.deepEqual(folder.digests(), before);
      await newer.addChat('Newer');
      assert.deepEqual(await newer.chats(), ['New', 'Newer', 'Old']);
      await newer.close();
    });
  });
});
