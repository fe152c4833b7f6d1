import type { StoreFiles } from '../files/store-files.ts';
import { flushGeneration } from './flushing.ts';
import { markedGenerations, readCovers } from './generation-reader.ts';
import {
  checkedCopyPrefix, damagedPrefix, generationsIn, journalsIn, manifestFile, unfinishedPrefix, type NumberedName,
} from './names.ts';
import type { Covers } from './papers.ts';

/** Sealed journals that no kept generation needs stay this long for the next backup to take, as long as they are small. */
const sealedJournalsForMs = 7 * 24 * 60 * 60 * 1000;
const sealedJournalsBytes = 64 * 1024 * 1024;
/** What was put together and never got its name was left by a window that died. */
const unfinishedForMs = 60 * 60 * 1000;

export interface TidyOptions {
  readonly at: number;
  /** After a purge nothing older may stay, for it holds what was forgotten. */
  readonly afterPurge: boolean;
}

/**
 * Names in the store's folder that may go. Of generations: those below the newest mark, of which one marked one is kept
 * except after a purge, and unmarked ones beside it. Of journals: those that no kept generation needs.
 */
function whatMayGo(files: StoreFiles, options: TidyOptions): string[] {
  const names = files.list();
  const [newest, second] = markedGenerations(files);
  const all = generationsIn(names);
  const newestNumber = all.find(({ name }) => name === newest)?.number;
  if (newest === undefined || newestNumber === undefined) return [];

  const kept = [newest, ...(second === undefined || options.afterPurge ? [] : [second])];
  const generations = all.filter(({ name, number }) => number <= newestNumber && !kept.includes(name)).map(({ name }) => name);
  return [...generations, ...journalsThatMayGo(files, names, kept, newestNumber, options), ...leftovers(files, names, options)];
}

/** Removes it. Answers how many names went and how many bytes they held. */
export async function tidy(files: StoreFiles, options: TidyOptions): Promise<{ removed: number; bytes: number }> {
  let bytes = 0;
  const names = await certainToGo(files, options);
  for (const name of names) {
    bytes += files.bytes(name);
    await files.remove(name);
  }
  if (names.length > 0) await files.flushFolder();
  return { removed: names.length, bytes };
}

/** Another window may have written the newest mark and not flushed it yet; nothing goes before it is certain to stay. */
async function certainToGo(files: StoreFiles, options: TidyOptions): Promise<string[]> {
  for (;;) {
    const names = whatMayGo(files, options);
    const [newest] = markedGenerations(files);
    if (names.length === 0 || newest === undefined || (await flushGeneration(files, newest))) return names;
    // Gone by now, as there is a newer one.
  }
}

function journalsThatMayGo(
  files: StoreFiles,
  names: readonly string[],
  kept: readonly string[],
  newestNumber: number,
  options: TidyOptions,
): string[] {
  const journals = journalsIn(names);
  const needed = kept.map((name) => firstNeeded(readCovers(files, name), journals));
  const lowest = Math.min(newestNumber, ...needed);
  const free = journals.filter(({ number }) => number < lowest);
  if (options.afterPurge) return free.map(({ name }) => name);
  let bytes = 0;
  return free
    .filter(({ name }) => {
      bytes += files.size(name) ?? 0;
      return bytes > sealedJournalsBytes || (files.modifiedAt(name) ?? 0) < options.at - sealedJournalsForMs;
    })
    .map(({ name }) => name);
}

/** The lowest number of a journal that this generation is read with; 0, so all are kept, where it cannot be told. */
function firstNeeded(covers: Covers | string | null, journals: readonly NumberedName[]): number {
  if (covers === null || typeof covers === 'string') return 0;
  return journals.find(({ name }) => name === covers.journal)?.number ?? covers.generation;
}

function leftovers(files: StoreFiles, names: readonly string[], options: TidyOptions): string[] {
  const old = (name: string) => (files.modifiedAt(name) ?? options.at) < options.at - unfinishedForMs;
  return names.filter((name) => {
    if (name.startsWith(unfinishedPrefix) || name.startsWith(`${manifestFile}.`)) return old(name);
    return options.afterPurge && (name.startsWith(checkedCopyPrefix) || name.startsWith(damagedPrefix));
  });
}
