import { crc32 } from 'node:zlib';
import * as z from 'zod';
import type { RandomSource } from '../../shared/ports.ts';
import type { ArchiveFiles } from '../archive/archive-files.ts';
import { readWhole, replaceWhole } from '../archive/whole-file.ts';

/** What outlives a window and a restart of whether a vault is locked: the file `VAULT` beside the keys. It holds no secrets. */

export const vaultStateFile = 'VAULT';

const time = z.int().nonnegative();

const stateSchema = z.object({
  format: z.literal(1),
  /** Only typing opens it, also where the system keeps a key. */
  locked: z.boolean(),
  /** Wrong tries since the last right one. */
  wrong: z.int().nonnegative(),
  /** In milliseconds since 1970; 0: it is not closed. */
  closedUntil: time,
  /** There were keys, so that a file of keys that is not there is lost. */
  hasKeys: z.boolean().default(false),
});

export type VaultState = z.infer<typeof stateSchema>;

const untouched: VaultState = { format: 1, locked: false, wrong: 0, closedUntil: 0, hasKeys: false };
/** What cannot be read does not open anything. */
const unreadable: VaultState = { ...untouched, locked: true, hasKeys: true };

export interface VaultStatePlace {
  /** The absolute path of the file. */
  readonly stateFile: string;
  readonly files: ArchiveFiles;
  readonly random: RandomSource;
}

export async function readVaultState({ stateFile, files }: VaultStatePlace): Promise<VaultState> {
  const bytes = await readWhole(stateFile, files);
  return bytes === null ? untouched : decode(bytes);
}

export async function writeVaultState(state: VaultState, { stateFile, files, random }: VaultStatePlace): Promise<void> {
  const text = JSON.stringify(state);
  await replaceWhole(stateFile, Buffer.from(`${text}\n${checksumOf(text)}\n`), files, random);
}

/** When a window last used what the keys open, in milliseconds; 0: never. In a file of its own, so that noting a use cannot undo a lock. */
export async function readLastUse(place: VaultStatePlace): Promise<number> {
  const bytes = await readWhole(lastUseFile(place), place.files);
  const at = Number(bytes?.toString('latin1') ?? 0);
  return Number.isSafeInteger(at) ? at : 0;
}

export async function writeLastUse(at: number, place: VaultStatePlace): Promise<void> {
  await replaceWhole(lastUseFile(place), Buffer.from(String(at)), place.files, place.random);
}

function lastUseFile({ stateFile }: VaultStatePlace): string {
  return `${stateFile}-USED`;
}

function decode(bytes: Buffer): VaultState {
  const [text = '', checksum] = bytes.toString('utf8').split('\n');
  if (checksum !== checksumOf(text)) return unreadable;
  const parsed = stateSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : unreadable;
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
