import * as z from 'zod';
import { largestArchiveBytes, mostParts } from './archive-format.ts';
import { partName } from './part-name.ts';

/** What a backup says about itself: what it holds, of which moment, and how each part can be checked. */

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Milliseconds since 1970. */
const time = z.int();
/** A table, or what the store calls a kind of row. */
const rowKind = z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/);
/** Ids that `createIdSource` makes. */
const archiveId = z.string().regex(/^[0-9a-z]{26}$/);

/** A place in the history of a store, at which its content is fixed. */
const position = z.object({
  journal: z.string().regex(/^journal-[0-9]{1,9}-[0-9a-z]{1,40}\.log$/),
  /** Of the first byte behind the last record. */
  offset: count,
  sequence: count,
  /** Stands for the whole history up to there. */
  chain: z.string().regex(/^[0-9a-f]{32}$/),
  /** When the store was known to be there. */
  at: time,
});

export type Position = z.infer<typeof position>;

const part = z.object({
  name: partName,
  /** As it was before it was compressed; a reader gives no more than this. */
  bytes: count,
  /** Of its chunks in the file, with what stands around their data. */
  storedBytes: count,
  sha256,
});

export type ManifestPart = z.infer<typeof part>;

const head = z.object({
  id: archiveId,
  /** `full`: complete but for the documents in `blobs`. `changes`: the records since the base. */
  kind: z.enum(['full', 'changes']),
  storeId: z.string().regex(/^[0-9a-f]{32}$/),
  madeAt: time,
  by: z.enum(['schedule', 'hand', 'before-restore', 'before-migration', 'journal']),
  /** The backup that these changes go on from. */
  base: z.object({ id: archiveId }).nullable(),
  from: position.nullable(),
  to: position,
  schemaVersion: z.int().positive(),
  extensionVersion: z.string().max(40),
  /** Rows of each table at `to`; empty where they could not be counted. */
  counts: z.record(rowKind, count),
  /** The newest time in each kind of row at `to`. */
  newest: z.record(rowKind, time),
  /** Documents that belong to this backup but lie in an earlier one. */
  blobs: z.array(z.object({ sha256, bytes: count, in: archiveId })).default([]),
});

/** The manifest without what only the writer of the file knows. */
export type ManifestHead = Readonly<z.input<typeof head>>;

export const manifestSchema = head.extend({ parts: z.array(part).max(mostParts) }).superRefine((manifest, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const isFull = manifest.kind === 'full';
  if (isFull !== (manifest.base === null) || isFull !== (manifest.from === null)) refuse('Changes have a base, and nothing else has.');
  if (new Set(manifest.parts.map(({ name }) => name)).size !== manifest.parts.length) refuse('Two parts have one name.');
  if (totalBytes(manifest.parts) > largestArchiveBytes) refuse('The parts are too large.');
});

export type Manifest = z.infer<typeof manifestSchema>;

export function totalBytes(parts: readonly { readonly bytes: number }[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
