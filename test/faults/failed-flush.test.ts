import assert from 'node:assert/strict';
import fs from 'node:fs';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { nodeStoreFiles } from '../../src/store/files/node-store-files.ts';
import { inStore } from '../support/store/real-store.ts';
import { withJournal } from './support/fault-files.ts';
import { ProductWindow } from './support/product-window.ts';
import { StoreFolder } from './support/store-folder.ts';
import { isRefusal, titles } from './support/stored-chats.ts';

describe('a flush that fails', () => {
  type Aftermath = 'kept' | 'lost';
  const call = { callId: 'call', chatId: 'chat' };

  /** A window whose next flush fails, after which what was appended is on the disk or is not. */
  function failingWindow(folder: StoreFolder): { window: ProductWindow; failNext: (aftermath: Aftermath) => void } {
    let next: Aftermath | null = null;
    const files = withJournal(nodeStoreFiles(folder.path), (journal, name) => {
      let appendedAt = 0;
      return {
        append: (bytes) => {
          appendedAt = journal.size();
          return journal.append(bytes);
        },
        flush: () => {
          if (next === null) return journal.flush();
          if (next === 'lost') fs.truncateSync(folder.at(name), appendedAt);
          next = null;
          throw new HearthlinkError('store-stopped', { detail: 'EIO' });
        },
      };
    });
    return { window: new ProductWindow(folder.path, { files }), failNext: (aftermath) => { next = aftermath; } };
  }

  for (const aftermath of ['kept', 'lost'] as const) {
    it(`is told as not known to be saved; the same call again is done once, where the bytes were ${aftermath}`, async () => {
      using folder = new StoreFolder();
      const { window, failNext } = failingWindow(folder);
      await window.addChat('Before');
      failNext(aftermath);
      await assert.rejects(window.addChat('Doubtful', call), isRefusal('store-not-known-saved'));
      await window.addChat('Doubtful', call);
      await window.addChat('After');
      assert.deepEqual(await window.chats(), ['After', 'Before', 'Doubtful']);
      await window.close();
      assert.deepEqual(await inStore(folder.path, titles), ['After', 'Before', 'Doubtful']);
    });

    it(`is repaired by another window too, with the same call, where the bytes were ${aftermath}`, async () => {
      using folder = new StoreFolder();
      const { window, failNext } = failingWindow(folder);
      await window.addChat('Before');
      failNext(aftermath);
      await assert.rejects(window.addChat('Doubtful', call), isRefusal('store-not-known-saved'));
      await window.close();
      const restarted = new ProductWindow(folder.path);
      await restarted.addChat('Doubtful', call);
      assert.deepEqual(await restarted.chats(), ['Before', 'Doubtful']);
      await restarted.close();
    });
  }
});
