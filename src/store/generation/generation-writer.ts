import { HearthlinkError } from '../../shared/errors.ts';
import type { RandomSource } from '../../shared/ports.ts';
import { notEncrypted } from '../encryption/store-keys.ts';
import type { StoreFiles } from '../files/store-files.ts';
import { encodeFileHeader } from '../journal/file-header.ts';
import { emptyJournal } from '../journal/journal.ts';
import type { IndexFile } from '../methods-contract.ts';
import { callsFile, coversFile, generationName, journalName, manifestFile, markFile, snapshotFile } from './names.ts';
import { encodePaper, identityOf, type Covers } from './papers.ts';

/** What a generation is to hold. */
export interface GenerationContent {
  readonly snapshot: Uint8Array;
  readonly calls: Uint8Array;
  readonly index: readonly IndexFile[];
}

export type CoveredPlace = Pick<Covers, 'kind' | 'generation' | 'storeId' | 'schemaVersion' | 'offset' | 'sequence' | 'chain' | 'keyId'> & {
  /** Covered by a rotation; all other kinds go on in the journal that is made with them. */
  readonly journal: string;
};

export interface WrittenGeneration {
  readonly name: string;
  /** The journal that goes on behind the SEAL. */
  readonly nextJournal: string;
  readonly covers: Covers;
}

/**
 * Writes a generation and the empty journal that goes on behind it, and flushes both with their folder entries. Neither
 * counts until a SEAL or a mark says so. Where it fails, nothing of them stays: on a full disk the room is needed.
 * @param name of the folder; a new unique one when not given
 */
export async function writeGeneration(
  files: StoreFiles,
  random: RandomSource,
  place: CoveredPlace,
  content: GenerationContent,
  name = generationName(place.generation, random),
): Promise<WrittenGeneration> {
  const nextJournal = journalName(place.generation, random);
  await files.createFolder(name);
  try {
    return { name, nextJournal, covers: await writeFiles(files, random, place, content, { name, nextJournal }) };
  } catch (error) {
    await removeUnfinished(files, [name, nextJournal]);
    throw error;
  }
}

/** What cannot be removed now is tidied away with the next generation: of copies from before a migration, with the next purge. */
export async function removeUnfinished(files: StoreFiles, names: readonly string[]): Promise<void> {
  for (const name of names) {
    try {
      await files.remove(name);
    } catch (error) {
      if (!HearthlinkError.is(error)) throw error;
    }
  }
}

async function writeFiles(
  files: StoreFiles,
  random: RandomSource,
  place: CoveredPlace,
  content: GenerationContent,
  { name, nextJournal }: Pick<WrittenGeneration, 'name' | 'nextJournal'>,
): Promise<Covers> {
  const header = encodeFileHeader({ kind: 'index', storeId: place.storeId, number: place.generation, extra: Buffer.alloc(0) });
  const written: Covers['files'] = [];
  const { keyId } = place;
  const write = async (file: string, parts: readonly Uint8Array[]) => {
    const checksum = await files.writeFile(`${name}/${file}`, parts, keyId);
    written.push({ name: file, bytes: parts.reduce((sum, part) => sum + part.length, 0), crc32: checksum });
  };
  await write(snapshotFile, [content.snapshot]);
  await write(callsFile, [header, content.calls]);
  for (const file of content.index) await write(file.name, [file.bytes]);

  const { storeId, ...covered } = place;
  const journal = place.kind === 'rotation' ? place.journal : nextJournal;
  const covers: Covers = { ...identityOf(storeId, keyId), ...covered, journal, files: written };
  await files.writeFile(`${name}/${coversFile}`, [encodePaper(covers)], keyId);
  await files.flushFolder(name);
  await files.writeFile(nextJournal, [emptyJournal(storeId, place.generation, random)], keyId);
  await files.flushFolder();
  return covers;
}

/**
 * Makes a generation count: after its SEAL has won and was flushed, or, for one without a SEAL, when it is complete. The
 * chain value and sequence are those with which its own journal opens.
 */
export async function markGeneration(files: StoreFiles, generation: WrittenGeneration, chain: Buffer, sequence: number): Promise<void> {
  const { storeId, keyId } = generation.covers;
  const mark = { ...identityOf(storeId, keyId), chain: chain.toString('hex'), sequence };
  await files.writeFile(`${generation.name}/${markFile}`, [encodePaper(mark)], keyId);
  await files.flushFolder(generation.name);
}

/** Writes down the newest generation, for people and as proof that there was one, never encrypted. Only a hint, so a failure is none. */
export async function writeManifest(files: StoreFiles, random: RandomSource, storeId: string, generation: string): Promise<void> {
  const unfinished = `${manifestFile}.${Buffer.from(random.bytes(6)).toString('hex')}`;
  try {
    await files.writeFile(unfinished, [encodePaper({ ...identityOf(storeId, notEncrypted), generation })]);
    await files.renameFile(unfinished, manifestFile);
  } catch (error) {
    if (!HearthlinkError.is(error, 'store-full', 'store-stopped')) throw error;
  }
}

