import { HearthlinkError } from '../../shared/errors.ts';
import type { RandomSource } from '../../shared/ports.ts';
import { notEncrypted } from '../encryption/store-keys.ts';
import type { StoreFiles } from '../files/store-files.ts';
import { fileHeaderLength } from '../journal/file-header.ts';
import { firstPosition } from '../journal/journal.ts';
import { chainLength } from '../journal/record.ts';
import { markedGenerations } from './generation-reader.ts';
import { markGeneration, removeUnfinished, writeGeneration, writeManifest, type GenerationContent } from './generation-writer.ts';
import { firstGeneration, generationsIn, journalsIn, manifestFile, randomPart, unfinishedPrefix } from './names.ts';

/**
 * Starts a store where there is none: a complete, marked generation is put together under another name and renamed, so of
 * several windows one makes it and the others find it.
 */
export async function createFirstGeneration(
  files: StoreFiles,
  random: RandomSource,
  schemaVersion: number,
  content: GenerationContent,
): Promise<void> {
  await files.createStoreFolder();
  const file = remainsOfAStore(files);
  if (markedGenerations(files).length > 0) return;
  if (file !== undefined) throw new HearthlinkError('store-damaged', { file });
  const storeId = Buffer.from(random.bytes(16)).toString('hex');
  const chain = Buffer.from(random.bytes(chainLength));
  const unfinished = unfinishedPrefix + randomPart(random);
  const place = {
    kind: 'first', generation: 1, storeId, schemaVersion, journal: '', offset: firstPosition, sequence: 0, chain: chain.toString('hex'), keyId: notEncrypted,
  } as const;
  const written = await writeGeneration(files, random, place, content, unfinished);
  await markGeneration(files, written, chain, 0);
  const first = await files.renameFolder(unfinished, firstGeneration);
  await files.flushFolder();
  if (first) {
    await writeManifest(files, random, storeId, firstGeneration);
  } else {
    await removeUnfinished(files, [unfinished, written.nextJournal]);
  }
}

/**
 * A file of a store whose generations are gone: such a folder is never taken for an empty one. Asked before looking for
 * generations, since another window may be making the first.
 */
function remainsOfAStore(files: StoreFiles): string | undefined {
  const names = files.list();
  const journals = journalsIn(names).filter(({ name, number }) => number > 1 || (files.size(name) ?? 0) > fileHeaderLength);
  return [...generationsIn(names), ...journals].map(({ name }) => name)[0] ?? names.find((name) => name === manifestFile);
}
