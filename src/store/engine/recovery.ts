import { notEncrypted } from '../encryption/store-keys.ts';
import type { StoreFiles } from '../files/store-files.ts';
import { markedGenerations, readMark } from '../generation/generation-reader.ts';
import { markGeneration, removeUnfinished, writeGeneration, writeManifest } from '../generation/generation-writer.ts';
import { firstNumberOf, historyIn, journalsIn, markFile, randomPart, recoveryName, unfinishedPrefix, wentOnFile } from '../generation/names.ts';
import { setAside } from '../generation/set-aside.ts';
import { firstPosition } from '../journal/journal.ts';
import { chainLength } from '../journal/record.ts';
import { HearthlinkError } from '../../shared/errors.ts';
import type { LeftBehind } from '../port.ts';
import type { EngineSetup } from './engine-setup.ts';
import { leftBehindOf } from './left-behind.ts';
import type { LazyIndex } from './lazy-index.ts';
import type { ReplicaContent } from './replica-content.ts';
import type { Replica } from './replica.ts';

/**
 * Goes on with what could be read before a damaged file: a marked generation of its own, which begins another history. Of
 * several windows one does so. The damaged file, if it is there at all, is kept under a name that nobody opens.
 * @param history the one that is left: the newest in the folder before the replica was read
 * @param damaged a journal, or a generation that a SEAL names
 * @returns what is left behind; null when another window has gone on meanwhile
 */
export async function continueWithoutDamaged<Schema, Search>(
  setup: EngineSetup<Schema, Search>,
  replica: Replica<Schema, Search>,
  { history, damaged }: { readonly history: number; readonly damaged: string },
): Promise<LeftBehind | null> {
  const { files, random } = setup;
  const { content, place } = replica;
  const othersWentOn = () => historyIn(files.list()) > history;
  if (othersWentOn()) return null;
  const leftBehind = leftBehindOf(files, replica, damaged);
  const generation = firstNumberOf(history + 1);
  const name = recoveryName(history + 1);
  const chain = Buffer.from(random.bytes(chainLength));
  const unfinished = unfinishedPrefix + randomPart(random);

  const written = await writeGeneration(
    files,
    random,
    {
      kind: 'recovery', generation, storeId: content.storeId, schemaVersion: content.schemaVersion,
      journal: '', offset: firstPosition, sequence: place.sequence, chain: chain.toString('hex'), keyId: keyOf(files, content),
    },
    {
      snapshot: content.database.export(),
      calls: content.calls.save({ at: setup.clock.now(), withoutWords: false }),
      index: await content.index.save(),
    },
    unfinished,
  );
  await markGeneration(files, written, chain, place.sequence);
  await files.writeFile(wentOnFile, []);
  // Where that one has been replaced by now, its name is free again.
  const first = !othersWentOn() && (await files.renameFolder(unfinished, name));
  await files.flushFolder();
  if (first) {
    await writeManifest(files, random, content.storeId, name);
    // Of a file in a generation, all of that generation: beside the damaged one it may hold what could not be read.
    const [kept = ''] = damaged.split('/');
    if (files.list().includes(kept)) await setAside(files, kept);
    await files.flushFolder();
  } else {
    await removeUnfinished(files, [unfinished, written.nextJournal]);
  }
  return first ? leftBehind : null;
}

/**
 * A content that comes from elsewhere is encrypted as the store was: as the newest mark says that can be read or names a key,
 * whatever older files are under; where there is none, as a journal does.
 */
function keyOf<Schema, Search>(files: StoreFiles, { keyId }: ReplicaContent<Schema, Search>): number {
  if (keyId !== notEncrypted) return keyId;
  for (const name of markedGenerations(files)) {
    const named = files.keyIdOf(`${name}/${markFile}`) ?? notEncrypted;
    if (named !== notEncrypted) return named;
    const mark = readMark(files, name);
    if (mark !== null && typeof mark !== 'string') return mark.keyId;
  }
  return journalsIn(files.list()).map(({ name }) => files.keyIdOf(name) ?? notEncrypted).find((found) => found !== notEncrypted) ?? notEncrypted;
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
