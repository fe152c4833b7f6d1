import * as z from 'zod/mini';
import { keptSchema, lossSchema } from './backups-contents.ts';
import { encryptionSchema } from './backups-encryption.ts';
import { errorDataSchema } from './channel.ts';

/** What the backups view shows. Times are milliseconds, sizes bytes; the view writes them as people say them. Nothing is in here that was not measured. */

/** Rows of what people know: their memories and chats. */
const holdsSchema = z.object({ memories: z.number(), chats: z.number() });

export const backupStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('not-proved') }),
  z.object({ type: z.literal('proved'), at: z.number() }),
  /** `what`: the part that is not as it was written; may be empty. */
  z.object({ type: z.literal('damaged'), what: z.string() }),
]);

export const backupRowSchema = z.object({
  id: z.string(),
  kind: z.enum(['full', 'changes']),
  by: z.enum(['schedule', 'hand', 'before-restore', 'before-migration', 'journal']),
  madeAt: z.number(),
  bytes: z.number(),
  /** Of changes: how many more there are than before. Null where they were not counted. */
  holds: z.nullable(holdsSchema),
  state: backupStateSchema,
  /** Something it needs is gone or damaged. */
  isIncomplete: z.boolean(),
  /** From before the last wipe: what was forgotten since may be in it. */
  mayHoldForgotten: z.boolean(),
  /** It leaves when old ones are next looked through. */
  leaves: z.boolean(),
});

export const unreadableRowSchema = z.object({ file: z.string(), bytes: z.number(), error: errorDataSchema });

/** What is so, in one of a few ways, the best that holds. */
export const verdictSchema = z.discriminatedUnion('type', [
  /** There is nothing that could be backed up, or no backup yet. */
  z.object({ type: z.literal('none') }),
  /** `upTo`: all that was written until then is in a backup that was proved at `provedAt`. */
  z.object({ type: z.literal('proved'), upTo: z.number(), provedAt: z.number(), holds: z.nullable(holdsSchema) }),
  z.object({ type: z.literal('not-proved'), madeAt: z.number() }),
  /** So many files are encrypted, and cannot be looked into now. */
  z.object({ type: z.literal('locked'), count: z.number() }),
  /** No backup can be restored. */
  z.object({ type: z.literal('unusable') }),
]);

export const activitySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({
    type: z.enum(['starting', 'writing', 'proving', 'restoring']),
    id: z.nullable(z.string()),
    startedAt: z.number(),
    done: z.number(),
    total: z.nullable(z.number()),
  }),
]);

export const backupFolderSchema = z.object({
  isSecond: z.boolean(),
  /** The folder's own name; the path is shown on hover. */
  name: z.string(),
  path: z.string(),
  isHere: z.boolean(),
  freeBytes: z.nullable(z.number()),
});

export const backupsSnapshotSchema = z.object({
  verdict: verdictSchema,
  /** Newest first. */
  backups: z.array(backupRowSchema),
  unreadable: z.array(unreadableRowSchema),
  activity: activitySchema,
  schedule: z.object({ changesEveryHours: z.number(), fullEveryHours: z.number(), nextChangesAt: z.number(), nextFullAt: z.number() }),
  kept: z.object({ allDays: z.number(), dailyDays: z.number(), weeklyDays: z.number() }),
  folders: z.array(backupFolderSchema),
  encryption: encryptionSchema,
  /** Stretches of time of which every moment can be gone back to, oldest first. */
  moments: z.array(z.object({ from: z.number(), to: z.number() })),
});

export const restoreTargetSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('backup'), id: z.string() }),
  z.object({ type: z.literal('moment'), at: z.number() }),
]);

/** What going back would bring and take, of one kind. Null: it could not be counted. */
export const comparisonSchema = z.object({
  kind: z.enum(['memories', 'chats', 'messages']),
  get: z.nullable(z.number()),
  getNewest: z.nullable(z.number()),
  lose: z.nullable(z.number()),
  /** The newest there is now. */
  loseNewest: z.nullable(z.number()),
});

export const restorePreviewSchema = z.object({
  /** The moment that is reached. */
  at: z.nullable(z.number()),
  isProved: z.boolean(),
  comparisons: z.array(comparisonSchema),
  /** What would be lost, newest first; of many, the newest. */
  losses: z.array(lossSchema),
  /** How many more there are. */
  moreLosses: z.number(),
});

export const restoreOutcomeSchema = z.object({
  comparisons: z.array(z.object({ kind: z.enum(['memories', 'chats', 'messages']), count: z.number() })),
  /** The moment that was reached. */
  at: z.nullable(z.number()),
  /** The backup of what was there before; null where that could not be read. */
  safetyId: z.nullable(z.string()),
  /** What was kept of that. */
  kept: keptSchema,
  /** How many memories and messages stay forgotten, although the backup had them. */
  keptForgotten: z.number(),
});

export type BackupState = z.infer<typeof backupStateSchema>;
export type BackupRow = z.infer<typeof backupRowSchema>;
export type BackupVerdict = z.infer<typeof verdictSchema>;
export type BackupHolds = z.infer<typeof holdsSchema>;
export type BackupActivityView = z.infer<typeof activitySchema>;
export type BackupFolderView = z.infer<typeof backupFolderSchema>;
export type BackupsSnapshot = z.infer<typeof backupsSnapshotSchema>;
export type RestoreTargetView = z.infer<typeof restoreTargetSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
export type RestorePreviewView = z.infer<typeof restorePreviewSchema>;
export type RestoreOutcomeView = z.infer<typeof restoreOutcomeSchema>;
