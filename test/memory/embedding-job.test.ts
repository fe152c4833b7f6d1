import assert from 'node:assert/strict';
import { embeddingHandler, embeddingKind, enqueueEmbedding } from '../../src/memory/embedding-job.ts';
import type { Embedder } from '../../src/models/port.ts';
import { HearthlinkError } from '../../src/shared/errors.ts';
import type { Job } from '../../src/store/records.ts';
import { closeMemoryStores, createMemoryStore, type MemoryStore } from '../support/store/memory-store.ts';
import { HandClock, keepingLog, seededIds } from '../support/seeded-ports.ts';

afterEach(closeMemoryStores);

async function storeWith(texts: readonly string[]): Promise<MemoryStore> {
  const store = createMemoryStore();
  await store.slices.add(
    texts.map((text, index) => ({ id: `s${String(index)}`, kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1, provenance: { type: 'user' }, validFrom: 0, expiresAt: null, at: 0 })),
  );
  return store;
}

function countingEmbedder(model: string | null = 'digest'): Embedder & { readonly batches: readonly (readonly string[])[] } {
  const batches: (readonly string[])[] = [];
  return {
    batches,
    model: async () => Promise.resolve(model),
    embed: async (texts, _purpose, signal) => {
      signal.throwIfAborted();
      batches.push(texts);
      return Promise.resolve(texts.map(({ length }) => Float32Array.of(1, length)));
    },
  };
}

async function run(store: MemoryStore, embedder: Embedder, signal = new AbortController().signal): Promise<void> {
  const clock = new HandClock();
  await enqueueEmbedding({ store, clock, ids: seededIds(clock) });
  const job: Job | undefined = (await store.jobs.list({ limit: 1 }))[0];
  assert.ok(job?.kind === embeddingKind);
  await embeddingHandler({ store, embedder, clock, log: keepingLog() })(job, signal);
}

/** How many have no vector. */
async function missing(store: MemoryStore): Promise<number> {
  return (await store.slices.missingVectors({ model: 'digest', limit: 100 })).length;
}

describe('embedding in the background', () => {
  it('gives everything a vector, in small batches', async () => {
    const store = await storeWith(Array.from({ length: 40 }, (_, index) => `${String(index)} ${'x'.repeat(index + 1)}`));
    const embedder = countingEmbedder();

    await run(store, embedder);

    assert.deepEqual(embedder.batches.map(({ length }) => length), [16, 16, 8]);
    assert.equal(await missing(store), 0);
  });

  it('never embeds a secret', async () => {
    const store = await storeWith(['my password is hunter2xyz']);
    const embedder = countingEmbedder();
    await run(store, embedder);
    assert.deepEqual(embedder.batches, [[`my password is ${'•'.repeat(10)}`]]);
  });

  it('does nothing without an embedding model', async () => {
    const store = await storeWith(['a fact']);
    await run(store, countingEmbedder(null));
    assert.equal(await missing(store), 1);
  });

  it('stops when it is interrupted, and keeps what it has done', async () => {
    const store = await storeWith(Array.from({ length: 40 }, (_, index) => `${String(index)} ${'x'.repeat(index + 1)}`));
    const abort = new AbortController();
    const embedder = countingEmbedder();
    const interrupted: Embedder = {
      ...embedder,
      embed: async (...call) => {
        const vectors = await embedder.embed(...call);
        abort.abort(new HearthlinkError('cancelled', { reason: 'interrupted' }));
        return vectors;
      },
    };

    await assert.rejects(run(store, interrupted, abort.signal), { code: 'cancelled' });

    assert.equal(await missing(store), 24);
  });

  it('ends when nothing gets a vector, instead of asking for ever', async () => {
    const store = await storeWith(['a fact']);
    const noVectors: Embedder = { ...countingEmbedder(), embed: async () => Promise.resolve([]) };
    await run(store, noVectors);
    assert.equal(store.calls.filter((call) => call === 'slices.missingVectors').length, 2);
    assert.equal(await missing(store), 1);
  });
});
