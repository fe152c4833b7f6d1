import type { StoreFiles } from '../files/store-files.ts';
import { checkedCopyPrefix, damagedPrefix, generationsIn, journalsIn, journalSuffix, unfinishedPrefix } from '../generation/names.ts';
import type { EncryptionReport } from '../port.ts';
import type { StoreEngine } from './store-engine.ts';

/**
 * Puts all that is stored under a data key, in every window: the content becomes that of a new generation, as with a purge,
 * which is read back before it counts, and whatever is not under this key is removed. To be asked again after it was
 * interrupted; it does nothing when there is nothing left to do.
 * @param keyId 0: under none
 * @param at now, in milliseconds
 * @throws HearthlinkError `store-locked` without this key, or the one before
 */
export async function encryptStore<Schema, Search>(
  engine: StoreEngine<Schema, Search>,
  files: StoreFiles,
  { keyId, at }: { readonly keyId: number; readonly at: number },
): Promise<EncryptionReport> {
  const isDone = await engine.inspect(({ content }) => content.keyId === keyId && notUnder(files, keyId).length === 0);
  if (!isDone) await engine.purge(at, keyId);
  return { keyId, filesLeft: notUnder(files, keyId).length };
}

/** Files with content that are not encrypted by this key. */
function notUnder(files: StoreFiles, keyId: number): string[] {
  const names = files.list();
  const setAside = names.filter((name) => [checkedCopyPrefix, damagedPrefix, unfinishedPrefix].some((prefix) => name.startsWith(prefix)));
  const holders = [...generationsIn(names), ...journalsIn(names)].map(({ name }) => name);
  return [...holders, ...setAside].flatMap((name) => filesIn(files, name)).filter((file) => (files.keyIdOf(file) ?? keyId) !== keyId);
}

/** The files in a folder; a journal itself, set aside or not. */
function filesIn(files: StoreFiles, name: string): string[] {
  return name.endsWith(journalSuffix) ? [name] : files.list(name).map((file) => `${name}/${file}`);
}
