import { HearthlinkError } from '../../shared/errors.ts';
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
 * Where it cannot be done the store is left as it is; what stands in the way becomes its problem.
 */
export async function migrateStore<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  store: OpenStore<Schema, Search>,
  maker: GenerationMaker<Schema, Search>,
): Promise<void> {
  try {
    await maker.migrate(async (content, place) => {
      // Asked again where another window wrote meanwhile, so that just what is migrated was backed up.
      await setup.beforeMigration?.({ content, place });
      return migratedContent(setup, content);
    });
  } catch (error) {
    store.leaveAsItIs(HearthlinkError.from(error));
  }
}
