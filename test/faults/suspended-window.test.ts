import assert from 'node:assert/strict';
import path from 'node:path';
import { inStore } from '../support/store/real-store.ts';
import { TestProcess } from './support/child-process.ts';
import { StoreFolder } from './support/store-folder.ts';
import { addChat, titles } from './support/stored-chats.ts';

const storeProcess = path.join(import.meta.dirname, 'support/store-process.ts');

describe('a window that is suspended while it holds the lock', () => {
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  for (const step of ['append', 'flush'] as const) {
    it(`before its ${step}, keeps nobody from writing, and loses nothing when it goes on`, async () => {
      using folder = new StoreFolder();
      await inStore(folder.path, async (store) => {
        await addChat(store, 'First');
        await using other = new TestProcess(storeProcess, [folder.path]);
        other.tell('add Second');
        assert.equal(await other.says(), 'added');
        await addChat(store, 'Third');
        other.tell('look');
        assert.equal(await other.says(), '3');
        other.tell(`stop before ${step}`);
        assert.equal(await other.says(), 'armed');
        other.tell('add Suspended');
        assert.equal(await other.says(), 'stopping');
        assert.ok(folder.names().includes('lock'), 'it holds the lock');

        await addChat(store, 'Meanwhile');
        await addChat(store, 'And more');

        other.wake();
        assert.equal(await other.says(), 'added');
        const all = ['And more', 'First', 'Meanwhile', 'Second', 'Suspended', 'Third'];
        assert.deepEqual(await titles(store), all);
        other.tell('add Last');
        assert.equal(await other.says(), 'added');
        assert.deepEqual(await titles(store), [...all, 'Last'].sort());
        other.tell('look');
        assert.equal(await other.says(), '7');
      });
    });
  }
});
