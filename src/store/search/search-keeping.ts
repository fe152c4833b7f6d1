import { createHash } from 'node:crypto';

import { HearthlinkError } from '../../shared/errors.ts';
import type { IndexedDocument } from '../effects.ts';
import type { IndexFile, SearchKeeping } from '../methods-contract.ts';
import { SearchIndex } from './search-index.ts';

const wordsFile = 'index.bin';

/** How a generation keeps the search index: one file for the words, one for each model's vectors. */
export const searchKeeping: SearchKeeping<SearchIndex> = {
  apply(search, effects) {
    for (const effect of effects) search.apply(effect);
  },

  save(search, storeId) {
    const { words, vectors } = search.serialise(storeId);
    const vectorFiles = [...vectors].map(([model, bytes]): IndexFile => ({ name: vectorsFile(model), bytes }));
    return [{ name: wordsFile, bytes: words }, ...vectorFiles];
  },

  async load(files, storeId, documents) {
    const words = files.find(({ name }) => name === wordsFile);
    const search = (words === undefined ? null : readWords(words.bytes, storeId)) ?? rebuilt(await documents());
    for (const { name, bytes } of files) if (name !== wordsFile) search.loadVectors(bytes, storeId);
    return search;
  },
};

function rebuilt(documents: readonly IndexedDocument[]): SearchIndex {
  const search = new SearchIndex();
  for (const document of documents) search.apply({ type: 'put-document', document });
  return search;
}

/** The index of these words, or null when it must be made again. */
function readWords(words: Uint8Array, storeId: string): SearchIndex | null {
  try {
    return SearchIndex.load(words, storeId);
  } catch (error) {
    if (HearthlinkError.is(error, 'store-damaged')) return null;
    throw error;
  }
}

/** A model's name may hold what a file name may not; its hash does not. The file itself says whose vectors it holds. */
function vectorsFile(model: string): string {
  return `vectors-${createHash('sha256').update(model).digest('hex').slice(0, 16)}.bin`;
}
