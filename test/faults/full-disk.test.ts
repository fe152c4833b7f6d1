import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { HearthlinkError, type ErrorCode } from '../../src/shared/errors.ts';
import type { Store } from '../../src/store/port.ts';
import { fullCopy, loaded } from '../store/support/backup-copies.ts';
import { inStore } from '../support/store/real-store.ts';
import { TestProcess } from './support/child-process.ts';
import { needsDisks, SmallDisk } from './support/small-disk.ts';
import { StoreFolder } from './support/store-folder.ts';
import { addChat, isRefusal, titles } from './support/stored-chats.ts';

const storeProcess = path.join(import.meta.dirname, 'support/store-process.ts');
const megabyte = 1024 * 1024;

/** Adds chats until one is refused; answers the titles that were acknowledged. */
async function addUntilRefused(store: Store, code: ErrorCode): Promise<string[]> {
  const added: string[] = [];
  for (;;) {
    const title = `Chat ${String(added.length).padStart(5, '0')} ${'x'.repeat(2000)}`;
    try {
      await addChat(store, title);
    } catch (error) {
      assert.ok(HearthlinkError.is(error, code), `refused with ${HearthlinkError.from(error).message}`);
      return added;
    }
    added.push(title);
  }
}

describe('a full disk', () => {
  before(function () { needsDisks(this); });

  it('refuses what does not fit with store-full, keeps what was acknowledged, and takes more once there is room', async () => {
    using disk = new SmallDisk(8 * megabyte);
    let kept: string[] = [];
    await inStore(disk.store, async (store) => {
      await addChat(store, 'First');
      const filling = disk.fill(100_000);
      kept = [...(await addUntilRefused(store, 'store-full')), 'First'];
      assert.ok(kept.length > 5, `only ${kept.length} were taken`);
      assert.deepEqual(await titles(store), kept.toSorted());
      await assert.rejects(addChat(store, 'Still no room'), isRefusal('store-full'));
      filling.remove();
      await addChat(store, 'Room');
      assert.deepEqual(await titles(store), [...kept, 'Room'].sort());
    });
    assert.deepEqual(await inStore(disk.store, titles), [...kept, 'Room'].sort(), 'after a restart');
  });

  it('lets what was acknowledged be read after a restart while it is still full', async () => {
    using disk = new SmallDisk(4 * megabyte);
    const kept = await inStore(disk.store, async (store) => {
      await addChat(store, 'First');
      disk.fill(50_000);
      return [...(await addUntilRefused(store, 'store-full')), 'First'];
    });
    await inStore(disk.store, async (store) => {
      assert.deepEqual(await titles(store), kept.toSorted());
      await assert.rejects(addChat(store, `No room ${'x'.repeat(10_000)}`), isRefusal('store-full'));
    });
  });

  it('leaves nothing of a generation for which there was no room, so that the room goes to what is written', async () => {
    using disk = new SmallDisk(8 * megabyte);
    await inStore(disk.store, async (store) => {
      await addChat(store, 'First');
      const before = fs.readdirSync(disk.store).sort();
      const filling = disk.fill(100_000);
      await assert.rejects(store.purge(Date.now()), isRefusal('store-full'));
      assert.deepEqual(fs.readdirSync(disk.store).sort(), before);
      await addChat(store, 'Small');
      filling.remove();
      await store.purge(Date.now());
      assert.deepEqual(await titles(store), ['First', 'Small']);
    });
  });

  it('refuses a restore for which there is no room, and leaves the store as it was', async () => {
    using disk = new SmallDisk(8 * megabyte);
    await inStore(disk.store, async (store) => {
      await addChat(store, 'In the backup');
      const copy = await fullCopy(store.backup);
      await addChat(store, 'Since');
      const { scratch } = await loaded(store.backup, copy);
      const before = fs.readdirSync(disk.store).sort();
      const filling = disk.fill(100_000);
      await assert.rejects(store.backup.scratchRestore({ scratch, at: Date.now(), replaces: null }), isRefusal('store-full'));
      assert.deepEqual(fs.readdirSync(disk.store).sort(), before);
      assert.deepEqual(await titles(store), ['In the backup', 'Since']);
      filling.remove();
      await store.backup.scratchRestore({ scratch, at: Date.now(), replaces: null });
      assert.deepEqual(await titles(store), ['In the backup']);
    });
    assert.deepEqual(await inStore(disk.store, titles), ['In the backup'], 'after a restart');
  });

  it('is no store yet when it was full at the first start, and one as soon as there is room', async () => {
    using disk = new SmallDisk(4 * megabyte);
    const filling = disk.fill(20_000);
    await inStore(disk.store, async (store) => { await assert.rejects(addChat(store, 'First'), isRefusal('store-full')); });
    filling.remove();
    await inStore(disk.store, async (store) => {
      await addChat(store, 'First');
      assert.deepEqual(await titles(store), ['First']);
    });
  });
});

describe('a limit on the size of files', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('refuses with store-full, keeps what was acknowledged, and is forgotten once it is gone', async () => {
    using folder = new StoreFolder();
    await using limited = new TestProcess(storeProcess, [folder.path], 'ulimit -S -f 600');
    const kept: string[] = [];
    for (;;) {
      const title = `Chat ${kept.length} ${'x'.repeat(20_000)}`;
      limited.tell(`add ${title}`);
      const said = await limited.says();
      if (said !== 'added') {
        assert.equal(said, 'store-full');
        break;
      }
      kept.push(title);
    }
    assert.ok(kept.length > 2, `only ${kept.length} were taken`);
    limited.tell('look');
    assert.equal(await limited.says(), String(kept.length));
    execFileSync('prlimit', ['--pid', String(limited.pid), '--fsize=unlimited']);
    limited.tell('add Room');
    assert.equal(await limited.says(), 'added');
    assert.deepEqual(await inStore(folder.path, titles), [...kept, 'Room'].sort());
  });
});
