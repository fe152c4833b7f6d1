import { Kysely } from 'kysely';

import type { RandomSource } from '../../shared/ports.ts';
import type { SearchKeeping, StoreContent } from '../methods-contract.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { summaryOf } from './content-summary.ts';
import { forbidNondeterminism } from './determinism.ts';
import { SqlJsDialect } from './dialect.ts';
import { createMethods, type StoreMethodContext } from './methods.ts';
import { migrate, schemaVersion } from './migrations.ts';
import { forgetAgain, forgottenHere } from './repositories/forgetting-again.ts';
import { allDocuments, contentStatus, lastPurgeAt, markPurged } from './repositories/housekeeping.ts';
import type { RankSignals } from './repositories/recall.ts';
import { dropAllVectors } from './repositories/slice-vectors.ts';
import { wipeForgotten } from './repositories/wiping.ts';
import type { StoreSchema } from './schema.ts';
import { StatementCache } from './statement-cache.ts';

export interface StoreContentParts {
  readonly search: SearchKeeping<SearchIndex>;
  readonly rank: RankSignals;
  /** For the key of the store's fingerprints, made once with the store. */
  readonly random: RandomSource;
}

/** Who is at work until when, and how far the work is: a job is planned for something said, which is backed up, and can be planned again. */
const passingTables: ReadonlySet<keyof StoreSchema> = new Set(['lease', 'job']);

/** What a store keeps: its tables, the methods that read and write them, and the search beside them. */
export function createStoreContent({ search, rank, random }: StoreContentParts): StoreContent<StoreSchema, SearchIndex> {
  return {
    schemaVersion,
    migrate: (database, fromVersion) => {
      migrate(database, fromVersion, random);
    },
    summary: summaryOf,
    passingTables,
    guard: forbidNondeterminism,
    purged: markPurged,
    connect: (database, write) => new Kysely<StoreSchema>({ dialect: new SqlJsDialect({ statements: new StatementCache(database), write }) }),
    search,
    housekeeping: {
      allDocuments: { kind: 'read', run: (context: StoreMethodContext) => allDocuments(context) },
      status: { kind: 'read', run: (context: StoreMethodContext) => contentStatus(context) },
      lastPurge: { kind: 'read', run: (context: StoreMethodContext) => lastPurgeAt(context) },
      dropAllVectors: { kind: 'write', run: (context: StoreMethodContext) => dropAllVectors(context) },
      forgotten: { kind: 'read', run: (context: StoreMethodContext) => forgottenHere(context) },
      forgetAgain: { kind: 'write', run: (context: StoreMethodContext, change) => forgetAgain(context, change) },
      wipe: { kind: 'write', run: (context: StoreMethodContext, { at }) => wipeForgotten(context, at) },
    },
    methods: createMethods(rank),
  };
}
