import type { Effect, IndexedDocument } from './effects.ts';
import type { SearchKeeping } from './methods-contract.ts';

/**
 * A search that never learns what `mask` takes out of a text, such as keys and passwords: they stand in the message where a
 * person wrote them, and can be found by nobody.
 */
export function maskedSearch<Search>(keeping: SearchKeeping<Search>, mask: (text: string) => string): SearchKeeping<Search> {
  const masked = (document: IndexedDocument): IndexedDocument => ({ ...document, text: mask(document.text) });
  const maskedEffect = (effect: Effect): Effect => (effect.type === 'put-document' ? { ...effect, document: masked(effect.document) } : effect);
  return {
    apply: (search, effects) => {
      keeping.apply(search, effects.map(maskedEffect));
    },
    save: (search, storeId) => keeping.save(search, storeId),
    load: (files, storeId, documents) => keeping.load(files, storeId, async () => (await documents()).map(masked)),
  };
}
