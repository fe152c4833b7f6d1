import * as z from 'zod';

/** Parts of which a store is put together. */
const ofStore = [/^(?:snapshot\.sqlite|calls\.bin|index\.bin|vectors-[0-9a-f]{16}\.bin|COVERS|MARK)$/, /^records$/];
/**
 * What a part of a backup may be called. The set is closed, and no name has a folder in it, so a hostile archive cannot say
 * where on a disk something should go.
 *
 * - `snapshot.sqlite`, `calls.bin`, `index.bin`, `vectors-<digest>.bin`, `COVERS`, `MARK`: the files of a generation, by the names
 *   they have in the store;
 * - `records`: whole records of the store's journals, one behind the other;
 * - `blob-<sha256>`: a document, by its content;
 * - `settings.json`, `prompts.json`, `rubrics.json`, `personas.json`, `logs.jsonl`, `audit.jsonl`.
 */
const patterns = [
  ...ofStore,
  /^blob-[0-9a-f]{64}$/,
  /^(?:(?:settings|prompts|rubrics|personas)\.json|(?:logs|audit)\.jsonl)$/,
];

export const partName = z.string().refine((name) => patterns.some((pattern) => pattern.test(name)), 'No part has this name.');

export type PartName = z.infer<typeof partName>;

/** Whether a store is put together from it; the others lie beside one. */
export function isStorePart(name: string): boolean {
  return ofStore.some((pattern) => pattern.test(name));
}
