import type { RandomSource } from '../../shared/ports.ts';

/** Names of what lies in a store's folder. Each is unique, so that nobody overwrites what another window made. */

export const manifestFile = 'MANIFEST';
export const lockFile = 'lock';
export const snapshotFile = 'snapshot.sqlite';
/** The words of the search index; derived, made again where it cannot be read. */
export const wordsFile = 'index.bin';
export const callsFile = 'calls.bin';
export const coversFile = 'COVERS';
export const markFile = 'MARK';

/** The one generation whose name is known in advance, so that of two windows that start a store only one makes it. */
export const firstGeneration = 'g1-first';
/**
 * There since before the first time that somebody has gone on after damage. As long as it is not, no window has to list the
 * folder to know that nobody has.
 */
export const wentOnFile = 'WENT-ON';
/** Where the first generation is put together before it gets its name. */
export const unfinishedPrefix = 'creating-';
/** Copies that were opened and checked before a migration. */
export const checkedCopyPrefix = 'before-v';
/** What was found damaged, and is kept. */
export const damagedPrefix = 'damaged-';

export interface NumberedName {
  readonly name: string;
  readonly number: number;
}

export function generationName(number: number, random: RandomSource): string {
  return `g${number}-${randomPart(random)}`;
}

export function journalName(number: number, random: RandomSource): string {
  return `journal-${number}-${randomPart(random)}${journalSuffix}`;
}

/** No folder ends so. */
export const journalSuffix = '.log';

export function randomPart(random: RandomSource): string {
  return Buffer.from(random.bytes(8)).toString('hex');
}

/** The generations among the names of a folder, newest first. */
export function generationsIn(names: readonly string[]): NumberedName[] {
  return numbered(names, /^g(\d+)-[0-9a-z]+$/);
}

/** More generations than one history has: its numbers never reach those of the one that goes on after damage to it. */
const generationsOfHistory = 1_000_000;

/** How often somebody has gone on after damage, as the names of a folder say; 0: never. */
export function historyIn(names: readonly string[]): number {
  const [newest] = generationsIn(names);
  return newest === undefined ? 0 : Math.floor(newest.number / generationsOfHistory);
}

export function firstNumberOf(history: number): number {
  return history * generationsOfHistory + 1;
}

/**
 * The generation with which a history begins after damage. Nobody finds it by reading on, for no SEAL names it. The name is
 * known in advance, so that of several windows that go on one makes it.
 */
export function recoveryName(history: number): string {
  return `g${firstNumberOf(history)}-after`;
}

/** The journals among the names of a folder, newest first. */
export function journalsIn(names: readonly string[]): NumberedName[] {
  return numbered(names, /^journal-(\d+)-[0-9a-z]+\.log$/);
}

function numbered(names: readonly string[], pattern: RegExp): NumberedName[] {
  const found: NumberedName[] = [];
  for (const name of names) {
    const number = pattern.exec(name)?.[1];
    if (number !== undefined) found.push({ name, number: Number(number) });
  }
  return found.sort((a, b) => b.number - a.number || (a.name < b.name ? -1 : 1));
}
