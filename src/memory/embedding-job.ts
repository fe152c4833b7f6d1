import type { Clock, IdSource, Log } from '../shared/ports.ts';
import type { JobHandler } from '../models/background-jobs.ts';
import type { Embedder } from '../models/port.ts';
import type { Store } from '../store/port.ts';
import type { TextToEmbed } from '../store/slice-port.ts';
import { maskSecrets } from './secrets.ts';

export const embeddingKind = 'embedding';

export interface EmbeddingParts {
  readonly store: Store;
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly log: Log;
}

/** Plans to embed whatever has no vector yet; one waiting job does for all. */
export async function enqueueEmbedding(parts: { readonly store: Pick<Store, 'jobs'>; readonly clock: Clock; readonly ids: IdSource }): Promise<void> {
  const at = parts.clock.now();
  await parts.store.jobs.enqueue({ id: parts.ids.next(), kind: embeddingKind, key: 'all', payload: '{}', runAfter: at, at });
}

/** Small enough that a person's question, which goes first, waits for a moment only. */
const textsAtOnce = 16;
/** About 2,000 tokens, the window of the usual embedding models; a longer text is known by its beginning. */
const longestText = 6_000;

/** Gives every slice that recall may see a vector of the embedding model, the newest first; nothing without such a model. */
export function embeddingHandler({ store, embedder, clock, log }: EmbeddingParts): JobHandler {
  return async (_job, signal) => {
    let embedded = 0;
    let lastFirst: string | undefined;
    for (;;) {
      signal.throwIfAborted();
      const model = await embedder.model();
      if (model === null) return;
      const missing = await store.slices.missingVectors({ model, limit: textsAtOnce });
      const first = missing[0]?.id;
      // The same one again: the store would not take its vector, because it is being changed. The next job sees to it.
      if (first === undefined || first === lastFirst) break;
      lastFirst = first;
      const texts = missing.map(({ text }) => maskSecrets(text).slice(0, longestText));
      const vectors = await embedder.embed(texts, 'document', signal);
      // Another model was chosen meanwhile: these vectors are its, and not of the one they would be stored under.
      if ((await embedder.model()) !== model) continue;
      await store.slices.putVectors({ model, vectors: vectorsOf(missing, vectors), at: clock.now() });
      embedded += missing.length;
    }
    if (embedded > 0) log.info('Memories were embedded.', { count: embedded });
  };
}

function vectorsOf(slices: readonly TextToEmbed[], vectors: readonly Float32Array[]) {
  return slices.flatMap(({ id, version }, index) => {
    const vector = vectors[index];
    return vector === undefined ? [] : [{ id, version, vector }];
  });
}
