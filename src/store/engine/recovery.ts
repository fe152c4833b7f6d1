import { hash } from 'node:crypto';
import { markGeneration, writeGeneration, writeManifest } from '../generation/generation-writer.ts';
import { damagedPrefix, generationsIn, randomPart, recoveriesIn, recoveryName, unfinishedPrefix } from '../generation/names.ts';
import { firstPosition } from '../journal/journal.ts';
import { chainLength } from '../journal/record.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { LazyIndex } from './lazy-index.ts';
import type { Replica } from './replica.ts';

/**
 * Goes on with what could be read before a damaged file: a marked generation of its own, which begins another history. Its
 * name is made from the damaged file's, so that of several windows one makes it. The damaged file, if it is there at all, is
 * kept under a name that nobody opens.
 * @param damaged a journal, or a generation that a SEAL names
 */
export async function continueWithoutDamaged<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  replica: Replica<Schema, Search>,
  damaged: string,
): Promise<void> {
  const { files, random } = setup;
  const { content, place } = replica;
  const digest = hash('sha256', damaged).slice(0, 16);
  const goneOn = () => recoveriesIn(files.list()).some((other) => other.endsWith(digest));
  if (goneOn()) return;
  const newest = generationsIn(files.list())[0]?.number ?? 0;
  const generation = Math.max(newest, place.journal.number) + 1;
  const name = recoveryName(generation, digest);
  const chain = Buffer.from(random.bytes(chainLength));
  const unfinished = unfinishedPrefix + randomPart(random);

  const written = await writeGeneration(
    files,
    random,
    {
      kind: 'recovery', generation, storeId: content.storeId, schemaVersion: content.schemaVersion,
      journal: '', offset: firstPosition, sequence: place.sequence, chain: chain.toString('hex'),
    },
    {
      snapshot: content.database.export(),
      calls: content.calls.save({ at: setup.clock.now(), withoutWords: false }),
      index: await content.index.save(),
    },
    unfinished,
  );
  await markGeneration(files, written, chain, place.sequence);
  // Another window may have made it under another number while this one was being written.
  const first = !goneOn() && (await files.renameFolder(unfinished, name));
  await files.flushFolder();
  if (first) {
    await writeManifest(files, random, content.storeId, name);
    // Of a file in a generation, all of that generation: beside the damaged one it may hold what could not be read.
    const [kept = ''] = damaged.split('/');
    if (files.list().includes(kept)) await files.renameFile(kept, damagedPrefix + kept);
    await files.flushFolder();
  } else {
    await files.remove(unfinished);
    await files.remove(written.nextJournal);
  }
}

/** Where there is no other generation to take vectors from, words alone are kept. */
export async function loadWithoutDamagedVectors<Search>(index: LazyIndex<Search>): Promise<void> {
  try {
    await index.ready();
  } catch (error) {
    if (!HearthlinkError.is(error, 'store-damaged')) throw error;
    await index.ready({ withVectors: false });
  }
}
