import assert from 'node:assert/strict';
import path from 'node:path';
import { TestProcess } from './support/child-process.ts';
import { StoreFolder } from './support/store-folder.ts';
import { inStore } from '../support/store/real-store.ts';
import { titles } from './support/stored-chats.ts';

const storeProcess = path.join(import.meta.dirname, 'support/store-process.ts');

describe('a window that ends without being asked', () => {
  it('leaves behind everything that it has acknowledged, though nobody told it to save', async () => {
    using folder = new StoreFolder();
    const acknowledged: string[] = [];
    for (const life of [1, 2, 3]) {
      await using window = new TestProcess(storeProcess, [folder.path]);
      for (let count = 0; count < 5; count++) {
        const title = `Chat ${life}-${count}`;
        window.tell(`add ${title}`);
        assert.equal(await window.says(), 'added');
        acknowledged.push(title);
      }
      // Killed here, in the middle of its life: nothing of it is closed, flushed or deactivated.
    }
    assert.deepEqual(await inStore(folder.path, titles), acknowledged.toSorted());
  });
});
