import { HearthlinkError } from '../../shared/errors.ts';
import type { GenerationContent } from '../generation/generation-writer.ts';
import type { ForgottenHere } from '../methods-contract.ts';
import { runBatch } from './batch-run.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { ReplicaContent } from './replica-content.ts';

/** What a restored content is given of the one that it replaces. */
export interface RestoredContent {
  readonly parts: GenerationContent;
  /** Slices and messages that were forgotten or blanked here since, and are not brought back. */
  readonly keptForgotten: number;
}

/**
 * The content of a backup, as it may follow the present one: what was forgotten here stays forgotten, and calls that were
 * answered here stay known, so that one which is repeated is not done again on the restored content.
 * @param restored changed by it; may be given again when the present content has changed meanwhile
 * @param at when it is restored, in milliseconds
 */
export async function restoredContent<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  { restored, present, at }: { readonly restored: ReplicaContent<Schema, Search>; readonly present: ReplicaContent<Schema, Search>; readonly at: number },
): Promise<RestoredContent> {
  const keptForgotten = await forgetAsIn(setup, restored, present, at);
  return {
    parts: {
      snapshot: restored.database.export(),
      calls: present.calls.save({ at: setup.clock.now(), withoutWords: false }),
      // In the name of the store that it becomes a part of, which may be another than the backup was made of.
      index: setup.content.search.save(await restored.index.ready(), present.storeId),
    },
    keptForgotten,
  };
}

/** Wipes from `content` what is forgotten in `present`. Answers how many slices and messages it held of that. */
export async function forgetAsIn<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  content: ReplicaContent<Schema, Search>,
  present: ReplicaContent<Schema, Search>,
  at: number,
): Promise<number> {
  const forgotten = await forgottenIn(setup, present);
  const call = { id: '', method: setup.content.housekeeping.forgetAgain, argument: { forgotten, at } };
  content.database.begin();
  const { answers, body } = await runBatch(content, [call], at);
  const [answer] = answers;
  if (answer === undefined || 'error' in answer) {
    content.database.rollback();
    throw answer?.error ?? new HearthlinkError('internal', { detail: 'What is forgotten was not wiped.' });
  }
  content.database.commit();
  content.index.apply(body?.effects ?? []);
  return Number(answer.result);
}

/** Content of an earlier release, which could not be migrated, is asked in the words of this one, and may not understand them. */
async function forgottenIn<Schema, Search>({ content, log }: EngineSetup<Schema, Search>, present: ReplicaContent<Schema, Search>): Promise<ForgottenHere> {
  try {
    return await content.housekeeping.forgotten.run(present.readingContext(), undefined);
  } catch (error) {
    if (present.schemaVersion === content.schemaVersion) throw error;
    log.warn('What is forgotten in an earlier release’s store could not be read.', { code: HearthlinkError.from(error).code });
    return { key: new Uint8Array(), fingerprints: [], sliceIds: [], messages: [] };
  }
}
