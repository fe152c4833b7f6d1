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
  return `journal-${number}-${randomPart(random)}.log`;
}

export function randomPart(random: RandomSource): string {
  return Buffer.from(random.bytes(8)).toString('hex');
}

/** The generations among the names of a folder, newest first; where two have one number, the one that goes on after damage. */
export function generationsIn(names: readonly string[]): NumberedName[] {
  const recoveryFirst = (a: NumberedName, b: NumberedName) => b.number - a.number || Number(isRecovery(b.name)) - Number(isRecovery(a.name));
  return numbered(names, /^g(\d+)-[0-9a-z]+$/).sort(recoveryFirst);
}

/**
 * A generation that goes on after damage. It begins another history without a SEAL, so nobody finds it by reading on. The
 * name is made of what is damaged, so that of several windows one makes it.
 */
export function recoveryName(number: number, damagedDigest: string): string {
  return `g${number}-after${damagedDigest}`;
}

/** No random part of a name is like it: those are hexadecimal. */
function isRecovery(name: string): boolean {
  return /^g\d+-after/.test(name);
}

export function recoveriesIn(names: readonly string[]): readonly string[] {
  return names.filter(isRecovery);
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
