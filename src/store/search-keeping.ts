import { createHash } from 'node:crypto';
import { HearthlinkError } from '../shared/errors.ts';
import type { IndexedDocument } from './effects.ts';
import { wordsFile } from './generation/names.ts';
import type { IndexFile, SearchKeeping } from './methods-contract.ts';
import { SearchIndex } from './search/search-index.ts';

/** How the search index lies in a generation: its words, which the rows can replace, and a file of vectors for each model. */
export const searchKeeping: SearchKeeping<SearchIndex> = {
  apply(index, effects) {
    for (const effect of effects) index.apply(effect);
  },

  save(index, storeId) {
    const { words, vectors } = index.serialise(storeId);
    const vectorFiles = [...vectors].map(([model, bytes]) => ({ name: `vectors-${fileNamePart(model)}.bin`, bytes }));
    return [{ name: wordsFile, bytes: words }, ...vectorFiles];
  },

  async load(files, storeId, documents) {
    const words = files.find(({ name }) => name === wordsFile);
    const vectors = files.filter(({ name }) => name !== wordsFile);
    const index = loadedWords(words, storeId) ?? rebuilt(await documents());
    for (const { bytes, isChecked } of vectors) index.loadVectors(bytes, storeId, isChecked);
    return index;
  },
};

/** Null when they have to be made again: not there, or of another version of the analyzer. */
function loadedWords(words: IndexFile | undefined, storeId: string): SearchIndex | null {
  if (words === undefined) return null;
  try {
    return SearchIndex.load(words.bytes, storeId, words.isChecked);
  } catch (error) {
    if (HearthlinkError.is(error, 'store-damaged')) return null;
    throw error;
  }
}

function rebuilt(documents: readonly IndexedDocument[]): SearchIndex {
  const index = new SearchIndex();
  for (const document of documents) index.apply({ type: 'put-document', document });
  return index;
}

/** A model's digest may hold what a file name may not; its hash does not. The file itself says whose vectors it holds. */
function fileNamePart(model: string): string {
  return createHash('sha256').update(model).digest('hex').slice(0, 16);
}
