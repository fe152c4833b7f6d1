import path from 'node:path';
import * as z from 'zod';
import { accountParts, type Account } from './accounts.ts';
import type { Archives } from './ports.ts';
import type { ShelvedBackup } from './shelf.ts';

/** What a backup of everything holds along with the store. None of it is restored by itself. */

export const settingsPart = 'settings.json';

/** The settings that a person had chosen, as they stand in a backup: names and values of whoever wrote it. */
export type HeldSettings =
  /** It has none. */
  | { readonly type: 'none' }
  /** It has a part that is none. */
  | { readonly type: 'unreadable' }
  | { readonly type: 'held'; readonly values: ReadonlyMap<string, unknown> };

export interface HeldAlong {
  /** When the backup of everything was made; changes since have nothing of the kind. */
  readonly madeAt: number;
  readonly settings: HeldSettings;
  readonly accounts: readonly Account[];
}

/** There are a few dozen settings, none of which is long. */
const mostSettingsBytes = 256 * 1024;
const mostSettings = 1_000;
const settingsSchema = z.record(z.string(), z.unknown());
const accountNames = ['record', 'log'] as const satisfies readonly Account[];

/** @throws HearthlinkError `archive-damaged`, and what else opening and reading a backup throws */
export async function heldAlong({ manifest: { madeAt, parts }, places: [place] }: ShelvedBackup, archives: Archives): Promise<HeldAlong> {
  const accounts = accountNames.filter((account) => parts.some(({ name }) => name === accountParts[account]));
  const part = parts.find(({ name }) => name === settingsPart);
  if (part === undefined) return { madeAt, accounts, settings: { type: 'none' } };
  if (part.bytes > mostSettingsBytes) return { madeAt, accounts, settings: { type: 'unreadable' } };
  const pieces: Uint8Array[] = [];
  for await (const piece of partOf(path.join(place.folder, place.file), settingsPart, archives)) pieces.push(piece);
  return { madeAt, accounts, settings: settingsIn(Buffer.concat(pieces).toString('utf8')) };
}

/** An account as it was written. @throws HearthlinkError `not-found` where the backup has none, and what reading a backup throws */
export function heldAccount({ places: [place] }: ShelvedBackup, account: Account, archives: Archives): AsyncGenerator<Uint8Array> {
  return partOf(path.join(place.folder, place.file), accountParts[account], archives);
}

async function* partOf(file: string, part: string, archives: Archives): AsyncGenerator<Uint8Array> {
  const archive = await archives.open(file);
  try {
    yield* archive.read(part);
  } finally {
    await archive.close();
  }
}

function settingsIn(text: string): HeldSettings {
  const parsed = settingsSchema.safeParse(jsonOf(text));
  if (!parsed.success) return { type: 'unreadable' };
  const values = new Map(Object.entries(parsed.data));
  return values.size > mostSettings ? { type: 'unreadable' } : { type: 'held', values };
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
