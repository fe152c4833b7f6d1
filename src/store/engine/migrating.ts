import { HearthlinkError } from '../../shared/errors.ts';
import { removeUnfinished } from '../generation/generation-writer.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { GenerationMaker } from './generation-maker.ts';
import { migratedContent } from './new-content.ts';
import type { OpenStore } from './open-store.ts';

/** Whether the store that is open was left by an earlier release, and is to be used by this one. */
export function mustMigrate<Schema, Search>({ content, migrates = true }: EngineSetup<Schema, Search>, { problem, replica }: OpenStore<Schema, Search>): boolean {
  return replica !== null && replica.content.schemaVersion < content.schemaVersion && migrates && problem === null;
}

/**
 * Brings a store of an earlier release to this release's schema, once what it holds was backed up by whoever asked for that.
 * Of the copies that were made of it, that of what was migrated is kept. Where it cannot be done the store is left as it is;
 * what stands in the way becomes its problem.
 */
export async function migrateStore<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  store: OpenStore<Schema, Search>,
  maker: GenerationMaker<Schema, Search>,
): Promise<void> {
  const from = store.replica?.content.schemaVersion;
  const copies: string[] = [];
  try {
    const done = await maker.migrate(async (content, place) => {
      // Asked again where another window wrote meanwhile, so that just what is migrated was backed up.
      await setup.beforeMigration?.({ content, place });
      const migrated = await migratedContent(setup, content);
      copies.push(migrated.folder);
      return migrated;
    });
    await removeUnfinished(setup.files, done ? copies.slice(0, -1) : copies);
  } catch (error) {
    await removeUnfinished(setup.files, mayBeMigrated(setup, store, from) ? copies.slice(0, -1) : copies);
    store.leaveAsItIs(HearthlinkError.from(error));
  }
}

/** What failed may be what comes after the SEAL; where that cannot be told, it may be so too. */
function mayBeMigrated<Schema, Search>({ log }: EngineSetup<Schema, Search>, store: OpenStore<Schema, Search>, from: number | undefined): boolean {
  try {
    store.catchUp();
  } catch (error) {
    log.warn('Whether the store was migrated cannot be told.', { code: HearthlinkError.from(error).code });
    return true;
  }
  return store.replica?.content.schemaVersion !== from;
}
