import assert from 'node:assert/strict';
import path from 'node:path';
import type { Store } from '../../src/store/port.ts';
import { openRealStore, realIds } from '../support/store/real-store.ts';
import { StoreFolder } from './support/store-folder.ts';

const model = 'embeddingmodel';
const orchids = 'The harbour master waters orchids.';
const letters = 'Letters arrive on Tuesdays.';

async function inStore<T>(folder: StoreFolder, use: (store: Store) => Promise<T>): Promise<T> {
  const store = openRealStore(folder.path);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Two memories with a vector each, all in the files of one generation: a purge leaves none before it. */
async function indexedStore(): Promise<StoreFolder> {
  const folder = new StoreFolder();
  await inStore(folder, async (store) => {
    await store.slices.add([orchids, letters].map((text) => ({
      id: realIds.next(), kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1,
      provenance: { type: 'user' }, validFrom: 1, expiresAt: null, at: 1,
    })));
    await embedMissing(store);
    await store.purge(Date.now());
  });
  return folder;
}

/** As the embedding job does. Answers how many had no vector. */
async function embedMissing(store: Store): Promise<number> {
  const missing = await store.slices.missingVectors({ model, limit: 10 });
  const vectors = missing.map(({ id, version, text }) => ({ id, version, vector: Float32Array.of(text === orchids ? 1 : 0, text === orchids ? 0 : 1, 0, 0) }));
  await store.slices.putVectors({ model, vectors, at: 1 });
  return missing.length;
}

/** What is recalled, best first: by these words, and by what is near the vector of the orchids. */
async function recalled(store: Store, text: string, nearOrchids = false): Promise<string[]> {
  const { hits } = await store.recall({
    text, vector: nearOrchids ? { model, values: Float32Array.of(1, 0, 0, 0) } : null, agentId: 'alden', workspaceId: null, sessionId: null,
    excludeMessageIds: [], limit: 5, tokenBudget: 1000, charactersPerToken: 4, at: 2,
  });
  return hits.map(({ slice }) => slice.text);
}

describe('a search index on the disk', () => {
  it('is found whole by words and by vectors', async () => {
    using folder = await indexedStore();
    await inStore(folder, async (store) => {
      assert.deepEqual(await recalled(store, 'harbour'), [orchids]);
      assert.equal((await recalled(store, 'greenhouse', true))[0], orchids);
    });
  });

  for (const change of ['missing', 'damaged'] as const) {
    it(`is made again from the rows when its words are ${change}, and nothing is said of it`, async () => {
      using folder = await indexedStore();
      const words = folder.nameLike(/^g2-[^/]*\/index\.bin$/);
      if (change === 'missing') folder.remove(words);
      else folder.flip(words, 70);
      await inStore(folder, async (store) => {
        assert.deepEqual(await recalled(store, 'harbour'), [orchids]);
        assert.equal((await recalled(store, 'greenhouse', true))[0], orchids);
        assert.equal((await store.status()).state, 'ready');
      });
    });

    it(`finds by words when its vectors are ${change}, and names the generation`, async () => {
      using folder = await indexedStore();
      const vectors = folder.nameLike(/^g2-[^/]*\/vectors-.*\.bin$/);
      if (change === 'missing') folder.remove(vectors);
      else folder.flip(vectors, 90);
      await inStore(folder, async (store) => {
        assert.deepEqual(await recalled(store, 'harbour', true), [orchids]);
        const { state, damagedFiles } = await store.status();
        assert.deepEqual([state, damagedFiles], ['ready', [path.posix.dirname(vectors)]]);
        await store.purge(Date.now());
        assert.deepEqual(await recalled(store, 'letters'), [letters]);
      });
    });

    it(`has its vectors made again when they were ${change}, once for all windows`, async () => {
      using folder = await indexedStore();
      const vectors = folder.nameLike(/^g2-[^/]*\/vectors-.*\.bin$/);
      if (change === 'missing') folder.remove(vectors);
      else folder.flip(vectors, 90);
      await inStore(folder, (one) => inStore(folder, async (other) => {
        await Promise.all([one, other].map((store) => recalled(store, 'greenhouse', true)));
        assert.equal(await embedMissing(one), 2);
        assert.equal(await embedMissing(other), 0);
        for (const store of [one, other]) assert.equal((await recalled(store, 'greenhouse', true))[0], orchids);
      }));
      // Who opens it now finds the old file damaged still, and the new vectors in the journal.
      await inStore(folder, async (store) => {
        assert.equal((await recalled(store, 'greenhouse', true))[0], orchids);
        assert.equal(await embedMissing(store), 0);
        await store.purge(Date.now());
      });
      await inStore(folder, async (store) => {
        assert.equal((await recalled(store, 'greenhouse', true))[0], orchids);
        assert.deepEqual((await store.status()).damagedFiles, []);
      });
    });
  }
});
