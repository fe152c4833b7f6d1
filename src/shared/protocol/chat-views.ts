import * as z from 'zod/mini';
import { errorDataSchema } from './channel.ts';

/** What the chat view shows. Times are milliseconds; the view writes them as people say them. */

export const memoryViewSchema = z.object({
  id: z.string(),
  text: z.string(),
  /** True when the text is the user's or the agent's own words, to be shown in quotation marks. */
  verbatim: z.boolean(),
  speaker: z.enum(['user', 'agent']),
  at: z.number(),
  source: z.object({
    type: z.enum(['chat', 'editor', 'user']),
    /** Title of the chat or name of the file; empty where there is none. */
    title: z.string(),
    canOpen: z.boolean(),
  }),
  state: z.enum(['held', 'forgotten', 'wiped']),
  /** While forgotten: until when it can be brought back. */
  undoUntil: z.nullable(z.number()),
  contradicts: z.boolean(),
  /** Words that matched; empty when meaning alone brought it. */
  words: z.array(z.string()),
});

/** A fact that was found in what the user said. */
export const capturedViewSchema = z.object({
  sliceId: z.string(),
  text: z.string(),
  /** `proposed` asks first; `held` was remembered and can be undone. */
  state: z.enum(['proposed', 'held', 'undone']),
  contradicts: z.boolean(),
});

export const attachmentViewSchema = z.object({
  id: z.string(),
  kind: z.enum(['selection', 'file', 'problems']),
  label: z.string(),
  tokens: z.number(),
});

export const secretViewSchema = z.object({
  start: z.number(),
  end: z.number(),
  kind: z.enum(['key', 'token', 'password', 'card']),
});

export const messageViewSchema = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  /** `recall`: no model spoke. `command`: the answer of a slash command. */
  origin: z.enum(['user', 'model', 'recall', 'command']),
  status: z.enum(['complete', 'streaming', 'stopped', 'cut-off', 'failed']),
  text: z.string(),
  thinking: z.string(),
  thinkingMs: z.nullable(z.number()),
  model: z.nullable(z.string()),
  at: z.number(),
  attachments: z.array(attachmentViewSchema),
  error: z.nullable(errorDataSchema),
  memories: z.array(memoryViewSchema),
  captured: z.array(capturedViewSchema),
  /** What looks like a secret in the text; offered to be blanked. */
  secrets: z.array(secretViewSchema),
  /** Ids of the siblings in order, this message included: other answers, or other wordings of the question. */
  siblings: z.array(z.string()),
  tokensPerSecond: z.nullable(z.number()),
  omitted: z.object({ messages: z.number(), attachments: z.number(), memories: z.number() }),
  /** True while it is in memory alone, because the disk refuses it. */
  unsaved: z.optional(z.boolean()),
});

export const sessionViewSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['active', 'paused', 'closed', 'archived', 'expired']),
  temporary: z.boolean(),
  private: z.boolean(),
  updatedAt: z.number(),
});

export const sessionHitViewSchema = z.object({
  session: sessionViewSchema,
  messageId: z.nullable(z.string()),
  snippet: z.string(),
  matchStart: z.number(),
  matchEnd: z.number(),
});

/** Is there a model to talk to? `unknown` until the server was asked. */
export const connectionViewSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unknown') }),
  z.object({ state: z.literal('ready'), model: z.string() }),
  /** The server answers but has no chat model. `fits` is what this machine can run. */
  z.object({ state: z.literal('no-model'), suggestion: z.string(), memoryGb: z.number() }),
  z.object({ state: z.literal('offline'), error: errorDataSchema, canStart: z.boolean() }),
]);

export const pullViewSchema = z.object({
  model: z.string(),
  status: z.string(),
  completedBytes: z.nullable(z.number()),
  totalBytes: z.nullable(z.number()),
  /** Null until it can be told from what was measured. */
  secondsLeft: z.nullable(z.number()),
  error: z.nullable(errorDataSchema),
});

export const modelViewSchema = z.object({
  name: z.string(),
  bytes: z.number(),
  contextLength: z.nullable(z.number()),
  abilities: z.array(z.enum(['chat', 'thinking', 'tools', 'pictures', 'embedding'])),
  loaded: z.boolean(),
  chosen: z.boolean(),
  /** Set when the machine has less memory than the model needs. */
  needsBytes: z.nullable(z.number()),
});

/** What could not be read when this window went on after damage, and when the last write was made that could; see `LeftBehind`. */
export const leftBehindSchema = z.nullable(z.object({ bytes: z.nullable(z.number()), lastWriteAt: z.nullable(z.number()) }));

/** What the disk refuses, and is offered again: how many messages, and why. */
export const unsavedViewSchema = z.object({ messages: z.number(), error: errorDataSchema });

export const snapshotSchema = z.object({
  agent: z.object({ id: z.string(), name: z.string() }),
  /** Null: an empty chat that is stored with its first message. */
  session: z.nullable(sessionViewSchema),
  private: z.boolean(),
  temporary: z.boolean(),
  /** The last messages of the active branch, oldest first. */
  messages: z.array(messageViewSchema),
  hasMore: z.boolean(),
  /** Messages on the active branch, shown or not. */
  total: z.number(),
  connection: connectionViewSchema,
  /** Host of the endpoint when it is not this machine; shown for as long as it is set. */
  remoteHost: z.nullable(z.string()),
  pull: z.nullable(pullViewSchema),
  attachments: z.array(attachmentViewSchema),
  context: z.nullable(z.object({ usedTokens: z.number(), sizeTokens: z.number() })),
  captureMode: z.enum(['unset', 'ask', 'automatic', 'off']),
  showTokensPerSecond: z.boolean(),
  /** What stands in the editor, for the empty chat's suggestions. */
  editor: z.nullable(z.object({ label: z.string() })),
  store: z.object({ state: z.enum(['starting', 'ready', 'read-only', 'damaged', 'newer-schema', 'locked', 'stopped']), error: z.nullable(errorDataSchema), damagedFiles: z.array(z.string()), leftBehind: leftBehindSchema, unsaved: z.optional(unsavedViewSchema) }),
});

export type MemoryView = z.infer<typeof memoryViewSchema>;
export type CapturedView = z.infer<typeof capturedViewSchema>;
export type AttachmentView = z.infer<typeof attachmentViewSchema>;
export type SecretView = z.infer<typeof secretViewSchema>;
export type MessageView = z.infer<typeof messageViewSchema>;
export type SessionView = z.infer<typeof sessionViewSchema>;
export type SessionHitView = z.infer<typeof sessionHitViewSchema>;
export type ConnectionView = z.infer<typeof connectionViewSchema>;
export type PullView = z.infer<typeof pullViewSchema>;
export type ModelView = z.infer<typeof modelViewSchema>;
export type ChatSnapshot = z.infer<typeof snapshotSchema>;
