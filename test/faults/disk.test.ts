import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { HearthlinkError, type ErrorCode } from '../../src/shared/errors.ts';
import { nodeStoreFiles } from '../../src/store/files/node-store-files.ts';
import type { Store } from '../../src/store/port.ts';
import { fullCopy, loaded } from '../store/support/backup-copies.ts';
import { openRealStore, realIds } from '../support/store/real-store.ts';
import { TestProcess } from './support/child-process.ts';
import { withJournal } from './support/fault-files.ts';
import { productContent, ProductWindow } from './support/product-window.ts';
import { SmallDisk, whyNoDisks } from './support/small-disk.ts';
import { StoreFolder } from './support/store-folder.ts';

const storeProcess = path.join(import.meta.dirname, 'support/store-process.ts');
const megabyte = 1024 * 1024;
const is = (code: ErrorCode) => (error: unknown) => HearthlinkError.is(error, code);

async function addChat(store: Store, title: string): Promise<void> {
  await store.sessions.create({ id: realIds.next(), agentId: 'alden', title, temporary: false, workspaceId: null, expiresAt: null, at: Date.now() });
}

async function titles(store: Store): Promise<string[]> {
  return (await store.sessions.list({ limit: 1000 })).map(({ title }) => title).sort();
}

async function inStore<T>(folder: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = openRealStore(folder);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

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

/** Skips, and says why, where the machine cannot give a test disks. */
function needsDisks(context: Mocha.Context): void {
  const reason = whyNoDisks();
  if (reason === null) return;
  process.stdout.write(`    Skipped: ${reason}.\n`);
  context.skip();
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
      await assert.rejects(addChat(store, 'Still no room'), is('store-full'));
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
      await assert.rejects(addChat(store, `No room ${'x'.repeat(10_000)}`), is('store-full'));
    });
  });

  it('leaves nothing of a generation for which there was no room, so that the room goes to what is written', async () => {
    using disk = new SmallDisk(8 * megabyte);
    await inStore(disk.store, async (store) => {
      await addChat(store, 'First');
      const before = fs.readdirSync(disk.store).sort();
      const filling = disk.fill(100_000);
      await assert.rejects(store.purge(Date.now()), is('store-full'));
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
      await assert.rejects(store.backup.scratchRestore({ scratch, at: Date.now(), replaces: null }), is('store-full'));
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
    await inStore(disk.store, async (store) => { await assert.rejects(addChat(store, 'First'), is('store-full')); });
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
      await assert.rejects(addChat(store, 'Refused'), is('store-read-only'));
      disk.unprotect();
      await eventually(() => addChat(store, 'Again'));
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
      await assert.rejects(addChat(store, 'Refused'), is('store-read-only'));
      await assert.rejects(titles(store), is('store-read-only'));
      assert.equal(fs.readFileSync(folder.path, 'utf8'), 'mine');
      fs.rmSync(folder.path);
      // Without a call: a view that shows the trouble wants to hear that it is over.
      await new Promise<void>((resolve) => { store.onDidChange(({ status }) => { if (status) resolve(); }); });
      await eventually(() => addChat(store, 'First'));
      assert.deepEqual(await titles(store), ['First']);
    });
  });
});

/** The store looks again at what stood in its way every two seconds. */
async function eventually(act: () => Promise<void>): Promise<void> {
  const end = performance.now() + 20_000;
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (performance.now() > end || !HearthlinkError.is(error, 'store-read-only')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

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
      await assert.rejects(window.addChat('Doubtful', call), is('store-not-known-saved'));
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
      await assert.rejects(window.addChat('Doubtful', call), is('store-not-known-saved'));
      await window.close();
      const restarted = new ProductWindow(folder.path);
      await restarted.addChat('Doubtful', call);
      assert.deepEqual(await restarted.chats(), ['Before', 'Doubtful']);
      await restarted.close();
    });
  }
});

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
      await assert.rejects(titles(store), is('store-newer-schema'));
      await assert.rejects(addChat(store, 'Refused'), is('store-newer-schema'));
      await assert.rejects(store.purge(Date.now()), is('store-newer-schema'));
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
      await assert.rejects(addChat(older, 'Refused'), is('store-newer-schema'));
      assert.equal((await older.status()).state, 'newer-schema');
      assert.deepEqual(folder.digests(), before);
      await newer.addChat('Newer');
      assert.deepEqual(await newer.chats(), ['New', 'Newer', 'Old']);
      await newer.close();
    });
  });
});

describe('a window that is suspended while it holds the lock', () => {
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  for (const step of ['append', 'flush'] as const) {
    it(`before its ${step}, holds the others up for a moment only, and loses nothing when it goes on`, async () => {
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
        await stopped(other.pid);
        assert.ok(folder.names().includes('lock'), 'it holds the lock');

        const start = performance.now();
        await addChat(store, 'Meanwhile');
        const waited = performance.now() - start;
        assert.ok(waited < 15_000, `waited for ${Math.round(waited)} ms`);
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

/** The third field of a process's line in /proc is T while it is stopped; elsewhere `ps` says so. */
async function stopped(pid: number): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end;) {
    if (execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('The process did not stop.');
}
