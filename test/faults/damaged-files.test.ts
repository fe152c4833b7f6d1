import assert from 'node:assert/strict';
import fs from 'node:fs';
import { HearthlinkError } from '../../src/shared/errors.ts';
import { openRealStore, realIds } from '../support/store/real-store.ts';
import { ProductWindow } from './support/product-window.ts';
import { flipped, StoreFolder } from './support/store-folder.ts';

const isDamage = (error: unknown) => HearthlinkError.is(error, 'store-damaged');
const chats = (count: number) => Array.from({ length: count }, (_, i) => `Chat ${i}`);

interface FilledFolder extends Disposable {
  readonly folder: StoreFolder;
  readonly journal: string;
  /** Where the journal's records end: before the first one, and after each chat's. */
  readonly ends: readonly number[];
}

/** A store with acknowledged chats 0 to `count` - 1, each in a record of its own. */
async function storeOf(count: number): Promise<FilledFolder> {
  const folder = new StoreFolder();
  const window = new ProductWindow(folder.path);
  await window.chats();
  const journal = folder.nameLike(/^journal-1-/);
  const ends = [folder.read(journal).length];
  for (const title of chats(count)) {
    await window.addChat(title);
    ends.push(folder.read(journal).length);
  }
  await window.close();
  return { folder, journal, ends, [Symbol.dispose]: () => { folder[Symbol.dispose](); } };
}

async function seen<T>(folder: StoreFolder, look: (window: ProductWindow) => Promise<T>): Promise<T> {
  const window = new ProductWindow(folder.path);
  try {
    return await look(window);
  } finally {
    await window.close();
  }
}

describe('a journal on the disk that was cut', () => {
  it('holds, at every byte of its last two records, all whole ones, and takes the next write', async function () {
    this.timeout(120_000);
    using filled = await storeOf(4);
    const { folder, journal, ends } = filled;
    const whole = folder.read(journal);
    for (let length = ends[2] ?? 0; length <= whole.length; length++) {
      folder.write(journal, whole.subarray(0, length));
      const left = chats(ends.filter((end) => end <= length).length - 1);
      await seen(folder, async (window) => {
        assert.deepEqual(await window.chats(), left, `cut at ${length}`);
        assert.equal((await window.engine.status()).state, 'ready', `cut at ${length}`);
        await window.addChat('Next');
      });
      if (length % 4 === 0) assert.deepEqual(await seen(folder, (window) => window.chats()), [...left, 'Next'], `reopened after a cut at ${length}`);
    }
  });
});

describe('a journal on the disk with a flipped bit', () => {
  it('is damaged at every byte of its last two records: named, kept, not written to, and read up to there', async function () {
    this.timeout(120_000);
    using filled = await storeOf(4);
    const { folder, journal, ends } = filled;
    const whole = folder.read(journal);
    const [, , second = 0, third = 0] = ends;
    for (let at = second; at < whole.length; at++) {
      const damaged = flipped(whole, at, at % 8);
      folder.write(journal, damaged);
      await seen(folder, async (window) => {
        assert.deepEqual(await window.chats(), chats(at < third ? 2 : 3), `byte ${at}`);
        await assert.rejects(window.addChat('Next'), isDamage, `byte ${at}`);
        const { state, damagedFiles, problem } = await window.engine.status();
        assert.deepEqual([state, damagedFiles, problem?.parameters['file']], ['damaged', [journal], journal], `byte ${at}`);
      });
      assert.ok(folder.read(journal).equals(damaged), `byte ${at}: the file is as it was`);
    }
  });

  it('is gone on from, wherever it was, with what could be read, beside the damaged file', async function () {
    this.timeout(120_000);
    using filled = await storeOf(4);
    const { folder, journal, ends } = filled;
    const whole = folder.read(journal);
    const [, , second = 0, third = 0] = ends;
    for (let at = second; at < whole.length; at += 7) {
      using copy = new StoreFolder(folder.path);
      const damaged = flipped(whole, at, at % 8);
      copy.write(journal, damaged);
      const left = chats(at < third ? 2 : 3);
      await seen(copy, async (window) => {
        assert.equal((await window.engine.continueAfterDamage()).state, 'ready', `byte ${at}`);
        await window.addChat('Next');
        assert.deepEqual(await window.chats(), [...left, 'Next'], `byte ${at}`);
      });
      assert.deepEqual(await seen(copy, (window) => window.chats()), [...left, 'Next'], `reopened, byte ${at}`);
      assert.ok(copy.read(`damaged-${journal}`).equals(damaged), `byte ${at}: the file is kept`);
    }
  });

  it('is damaged by every single bit of its last byte: a whole record does not become a torn one', async () => {
    using filled = await storeOf(3);
    const { folder, journal } = filled;
    const whole = folder.read(journal);
    for (let bit = 0; bit < 8; bit++) {
      folder.write(journal, flipped(whole, whole.length - 1, bit));
      assert.equal(await seen(folder, async (window) => (await window.engine.status()).state), 'damaged', `bit ${bit}`);
    }
  });

  it('is damaged in its middle too, and what stands behind is not shown as if nothing had been there', async () => {
    using filled = await storeOf(12);
    const { folder, journal, ends } = filled;
    folder.flip(journal, (ends[5] ?? 0) + 100);
    await seen(folder, async (window) => {
      assert.deepEqual(await window.chats(), chats(5));
      assert.equal((await window.engine.status()).state, 'damaged');
    });
  });

  it('is told of by the worker as by the engine, and gone on from through it', async () => {
    using filled = await storeOf(5);
    const { folder, journal, ends } = filled;
    folder.flip(journal, (ends[3] ?? 0) + 100);
    const store = openRealStore(folder.path);
    try {
      const { state, damagedFiles } = await store.status();
      assert.deepEqual([state, damagedFiles], ['damaged', [journal]]);
      assert.equal((await store.sessions.list({ limit: 10 })).length, 3);
      const next = { id: realIds.next(), agentId: 'alden', title: 'Next', temporary: false, workspaceId: null, expiresAt: null, at: 1 };
      await assert.rejects(store.sessions.create(next), isDamage);
      assert.equal((await store.continueAfterDamage(Date.now())).state, 'ready');
      await store.sessions.create(next);
      assert.equal((await store.sessions.list({ limit: 10 })).length, 4);
    } finally {
      await store.close();
    }
    assert.ok(folder.names().includes(`damaged-${journal}`));
  });
});

describe('a generation on the disk that is damaged', () => {
  /** Chats 0 and 1 in the first generation's journal, 2 in the second's, after a rotation. */
  async function rotatedStore(): Promise<StoreFolder> {
    const { folder } = await storeOf(2);
    await seen(folder, async (window) => {
      assert.equal(await window.engine.rotate(), true);
      await window.addChat('Chat 2');
    });
    return folder;
  }

  for (const file of ['snapshot.sqlite', 'calls.bin', 'COVERS', 'MARK']) {
    it(`loses nothing by a changed ${file}: the generation before it and the journals since hold everything`, async () => {
      using folder = await rotatedStore();
      const name = folder.nameLike(new RegExp(`^g2-[^/]*/${file}$`));
      folder.flip(name, 30);
      const bytes = folder.read(name);
      await seen(folder, async (window) => {
        assert.deepEqual(await window.chats(), chats(3));
        await window.addChat('Chat 3');
        assert.deepEqual((await window.engine.status()).damagedFiles, [name]);
      });
      assert.deepEqual(await seen(folder, (window) => window.chats()), chats(4));
      assert.ok(folder.read(`damaged-${name}`).equals(bytes), 'it is kept');
    });

    it(`loses nothing by a missing ${file}`, async () => {
      using folder = await rotatedStore();
      folder.remove(folder.nameLike(new RegExp(`^g2-[^/]*/${file}$`)));
      assert.deepEqual(await seen(folder, (window) => window.chats()), chats(3));
    });
  }

  it('loses nothing by a snapshot cut to nothing', async () => {
    using folder = await rotatedStore();
    folder.write(folder.nameLike(/^g2-[^/]*\/snapshot\.sqlite$/), Buffer.alloc(0));
    assert.deepEqual(await seen(folder, (window) => window.chats()), chats(3));
  });

  for (const change of ['missing', 'damaged'] as const) {
    it(`does not need its MANIFEST, ${change} as it is`, async () => {
      using folder = await rotatedStore();
      if (change === 'missing') folder.remove('MANIFEST');
      else folder.flip('MANIFEST', 20);
      await seen(folder, async (window) => {
        assert.deepEqual(await window.chats(), chats(3));
        assert.equal((await window.engine.status()).state, 'ready');
      });
    });
  }

  it('is damage that names the journal behind it when that is gone, and is gone on from', async () => {
    using folder = await rotatedStore();
    const journal = folder.nameLike(/^journal-2-/);
    folder.remove(journal);
    await seen(folder, async (window) => {
      assert.deepEqual(await window.chats(), chats(2));
      const { state, damagedFiles } = await window.engine.status();
      assert.deepEqual([state, damagedFiles], ['damaged', [journal]]);
      await assert.rejects(window.addChat('Next'), isDamage);
      await window.engine.continueAfterDamage();
      await window.addChat('Next');
    });
    assert.deepEqual(await seen(folder, (window) => window.chats()), [...chats(2), 'Next']);
  });

  it('is damage that names the journal behind it at every byte of that one’s header, and keeps that one', async () => {
    using folder = await rotatedStore();
    const journal = folder.nameLike(/^journal-2-/);
    for (let at = 0; at < 64; at++) {
      using copy = new StoreFolder(folder.path);
      copy.flip(journal, at);
      const damaged = copy.read(journal);
      await seen(copy, async (window) => {
        assert.deepEqual(await window.chats(), chats(2), `byte ${at}`);
        assert.deepEqual((await window.engine.status()).damagedFiles, [journal]);
        await window.engine.continueAfterDamage();
        await window.addChat('Next');
      });
      assert.deepEqual(await seen(copy, (window) => window.chats()), [...chats(2), 'Next']);
      assert.ok(copy.read(`damaged-${journal}`).equals(damaged), `byte ${at}: the file is kept`);
    }
  });

  it('is damage, not an empty store, at every byte of the first journal’s header', async () => {
    using filled = await storeOf(2);
    const { folder, journal } = filled;
    const whole = folder.read(journal);
    for (let at = 0; at < 64; at++) {
      folder.write(journal, flipped(whole, at, at % 8));
      const before = folder.digests();
      await seen(folder, async (window) => {
        await assert.rejects(window.chats(), isDamage, `byte ${at}`);
        assert.deepEqual((await window.engine.status()).problem?.parameters['file'], journal);
      });
      assert.deepEqual(folder.digests(), before);
    }
  });

  it('is damage, not an empty store, when the only one has lost its MARK', async () => {
    using filled = await storeOf(2);
    const { folder } = filled;
    folder.remove('g1-first/MARK');
    const before = folder.digests();
    await seen(folder, async (window) => {
      await assert.rejects(window.chats(), isDamage);
      assert.equal((await window.engine.status()).state, 'damaged');
    });
    assert.deepEqual(folder.digests(), before);
  });

  it('is damage, not an empty store, when all generations are gone', async () => {
    using folder = await rotatedStore();
    for (const name of fs.readdirSync(folder.path)) if (name.startsWith('g')) folder.remove(name);
    await seen(folder, async (window) => { await assert.rejects(window.chats(), isDamage); });
  });
});
