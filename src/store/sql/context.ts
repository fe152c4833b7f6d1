import type { Kysely } from 'kysely';

import type { MethodContext } from '../methods-contract.ts';
import type { StoreSchema } from './schema.ts';

export type StoreDatabase = Kysely<StoreSchema>;

/** What every method of a repository needs. */
export type StoreContext = Omit<MethodContext<StoreSchema, never>, 'search'>;

/** For methods that also look for slices by their words, to find what is said twice. */
export interface SimilarityContext extends StoreContext {
  /** Ids of slices, hidden ones too, that share words with `text` in one scope; the closest first. */
  similarSlices(text: string, scope: string, limit: number): readonly string[];
}
