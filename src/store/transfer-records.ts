import * as z from 'zod';
import { errorCodes } from '../shared/errors.ts';

/**
 * The records of an export, version 1: everything a person said, was answered and kept, one record a line of the file.
 * docs/export-format.md describes them for readers. An import of another program's file is turned into the same records.
 */

const time = z.int().min(0);
const id = z.string().min(1).max(200);
const share = z.number().min(0).max(1);
const words = z.string().max(20_000_000);
const label = z.string().max(20_000);
const count = z.number().nullable();

const exportedChat = z.strictObject({
  id,
  agentId: id,
  title: label,
  titleBy: z.enum(['none', 'agent', 'user']),
  status: z.enum(['active', 'paused', 'closed', 'archived']),
  temporary: z.boolean(),
  workspaceId: label.nullable(),
  createdAt: time,
  updatedAt: time,
  expiresAt: time.nullable(),
  activeLeafId: id.nullable(),
});

const exportedAttachment = z.strictObject({
  id,
  kind: z.enum(['selection', 'file', 'problems']),
  label,
  uri: label.nullable(),
  firstLine: z.int().nullable(),
  lastLine: z.int().nullable(),
  language: label.nullable(),
  text: words,
  tokens: z.int().min(0),
});

const exportedMessage = z.strictObject({
  id,
  chatId: id,
  parentId: id.nullable(),
  role: z.enum(['user', 'assistant']),
  origin: z.enum(['user', 'model', 'recall']),
  status: z.enum(['complete', 'stopped', 'cut-off', 'failed']),
  text: words,
  thinking: words,
  thinkingMs: z.number().nullable(),
  model: label.nullable(),
  createdAt: time,
  finishedAt: time.nullable(),
  attachments: z.array(exportedAttachment).max(1000),
  error: z.strictObject({ code: z.enum(errorCodes), parameters: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  statistics: z
    .strictObject({
      promptTokens: count,
      replyTokens: count,
      loadMs: count,
      promptMs: count,
      replyMs: count,
      omittedMessages: z.number(),
      omittedAttachments: z.number(),
      omittedMemories: z.number(),
    })
    .nullable(),
  memoriesUsed: z.array(id).max(10_000),
});

const exportedMemory = z.strictObject({
  id,
  kind: z.enum(['episodic', 'semantic', 'procedural', 'working']),
  state: z.enum(['held', 'proposed']),
  /** Null for what was said word for word: its words stand in the message it comes from. */
  text: words.nullable(),
  speaker: id,
  /** `shared`, `agent:<id>` or `workspace:<id>`. */
  scope: z.string().regex(/^(shared|agent:.+|workspace:.+)$/s).max(20_000),
  importance: share,
  confidence: share,
  provenance: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('message'), sessionId: id, messageId: id, quote: words.nullable() }),
    z.strictObject({ type: z.literal('editor'), uri: label, firstLine: z.int(), lastLine: z.int() }),
    z.strictObject({ type: z.literal('user') }),
  ]),
  createdAt: time,
  validFrom: time,
  validTo: time.nullable(),
  supersededBy: id.nullable(),
  contradicts: z.array(id).max(10_000),
  pinned: z.boolean(),
  recallCount: z.int().min(0),
  expiresAt: time.nullable(),
  /** Set: put aside by tidying up, out of recall. */
  archivedAt: time.nullable(),
  version: z.int().min(1),
  /** What it said before it was edited, oldest first. */
  versions: z.array(z.strictObject({ version: z.int().min(1), text: words, replacedAt: time })).max(10_000),
});

const exportedAgent = z.strictObject({ agentId: id, captureMode: z.enum(['unset', 'ask', 'automatic', 'off']) });

/** Any record of an export, named by the list of the file that it stands in. */
export const transferRecord = z.discriminatedUnion('type', [
  exportedAgent.extend({ type: z.literal('agent') }),
  exportedChat.extend({ type: z.literal('chat') }),
  exportedMessage.extend({ type: z.literal('message') }),
  exportedMemory.extend({ type: z.literal('memory') }),
]);

export type ExportedChat = z.infer<typeof exportedChat>;
export type ExportedMessage = z.infer<typeof exportedMessage>;
export type ExportedMemory = z.infer<typeof exportedMemory>;
export type TransferRecord = z.infer<typeof transferRecord>;

/** The lists of the file, in the order in which they are written and have to be read. */
export const transferParts = ['agent', 'chat', 'message', 'memory'] as const satisfies readonly TransferRecord['type'][];
export type TransferPart = (typeof transferParts)[number];
