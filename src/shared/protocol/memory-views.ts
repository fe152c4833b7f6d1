import * as z from 'zod/mini';
import { errorDataSchema } from './channel.ts';

/** What the memory browser shows. Times are milliseconds; the view writes them as people say them. */

export const sliceKindSchema = z.enum(['episodic', 'semantic', 'procedural', 'working']);
export const importanceLevelSchema = z.enum(['low', 'normal', 'high']);
/** Who may recall it: every agent, this one, this one in the open folder, or in another folder. */
export const scopeChoiceSchema = z.enum(['shared', 'agent', 'workspace', 'other-workspace']);

/** A memory as a row of a list. */
export const sliceRowSchema = z.object({
  id: z.string(),
  version: z.number(),
  kind: sliceKindSchema,
  /** The first few hundred characters; secrets are masked. */
  text: z.string(),
  speaker: z.enum(['user', 'agent']),
  at: z.number(),
  source: z.object({ type: z.enum(['chat', 'editor', 'user']), title: z.string(), canOpen: z.boolean() }),
  scope: scopeChoiceSchema,
  importance: importanceLevelSchema,
  pinned: z.boolean(),
  replaced: z.boolean(),
  archived: z.boolean(),
  contradicts: z.boolean(),
  expiresAt: z.nullable(z.number()),
  /** While forgotten: until when it can be brought back. */
  undoUntil: z.nullable(z.number()),
});

export const whySchema = z.object({ words: z.array(z.string()), meaning: z.boolean(), neighbour: z.boolean() });

export const hitSchema = z.object({ slice: sliceRowSchema, why: whySchema });

export const memoryFilterSchema = z.object({
  kinds: z.array(sliceKindSchema),
  scopes: z.array(scopeChoiceSchema),
  speakers: z.array(z.enum(['user', 'agent'])),
  sources: z.array(z.enum(['chat', 'editor', 'user'])),
  importance: z.array(importanceLevelSchema),
  /** Noted from here on, and before there; null: no bound. */
  from: z.nullable(z.number()),
  to: z.nullable(z.number()),
  pinned: z.boolean(),
  replaced: z.boolean(),
  archived: z.boolean(),
  /** Words that stand in it just so; empty: no condition. */
  about: z.string(),
});

export const sliceDetailSchema = z.object({
  slice: sliceRowSchema,
  /** The whole text, secrets masked. */
  text: z.string(),
  state: z.enum(['held', 'proposed', 'forgotten']),
  confidence: z.number(),
  validFrom: z.number(),
  validTo: z.nullable(z.number()),
  /** The user's or the agent's own words; null where there is nothing to quote. */
  quote: z.nullable(z.string()),
  versions: z.array(z.object({ text: z.string(), replacedAt: z.number() })),
  replaces: z.array(sliceRowSchema),
  replacedBy: z.nullable(sliceRowSchema),
  contradicts: z.array(sliceRowSchema),
  uses: z.object({ total: z.number(), latest: z.array(z.object({ sessionId: z.string(), messageId: z.string(), title: z.string(), at: z.number() })) }),
});

/** What took the place of what, to be taken back. */
export const replacingSchema = z.object({
  ids: z.array(z.string()),
  by: z.array(z.object({ id: z.string(), version: z.number() })),
});

export const replacedSchema = z.object({ slices: z.array(sliceRowSchema), undo: replacingSchema });

/** How memories were before a change, with their versions after it: what takes the change back. */
export const beforeChangeSchema = z.array(
  z.object({
    id: z.string(),
    version: z.number(),
    kind: sliceKindSchema,
    /** 0 to 1 */
    importance: z.number(),
    pinned: z.boolean(),
    scope: z.discriminatedUnion('type', [
      z.object({ type: z.literal('shared') }),
      z.object({ type: z.literal('agent'), agentId: z.string() }),
      z.object({ type: z.literal('workspace'), workspaceId: z.string() }),
    ]),
  }),
);

export const proposalSchema = z.object({
  slice: sliceRowSchema,
  quote: z.nullable(z.string()),
  saidAt: z.number(),
  closeTo: z.nullable(sliceRowSchema),
  doesNotFit: z.array(sliceRowSchema),
});

export const weekSchema = z.object({ start: z.number(), count: z.number() });

export const statisticsSchema = z.object({
  total: z.number(),
  byKind: z.object({ episodic: z.number(), semantic: z.number(), procedural: z.number(), working: z.number() }),
  bySource: z.object({ chat: z.number(), editor: z.number(), user: z.number() }),
  byScope: z.object({ shared: z.number(), agent: z.number(), workspace: z.number() }),
  pinned: z.number(),
  replaced: z.number(),
  archived: z.number(),
  contradictions: z.number(),
  proposed: z.number(),
  forgotten: z.number(),
  used: z.number(),
  replies: z.number(),
  oldest: z.nullable(z.number()),
  newest: z.nullable(z.number()),
});

export const entityKindSchema = z.enum(['person', 'place', 'project', 'file', 'topic']);

export const entitySchema = z.object({
  name: z.string(),
  kind: entityKindSchema,
  /** Memories that name it. */
  count: z.number(),
  /** When it was first named. */
  since: z.number(),
});

export const graphSchema = z.object({
  entities: z.array(entitySchema),
  /** Pairs by their places in `entities`, with the memories that name both. */
  ties: z.array(z.object({ a: z.number(), b: z.number(), count: z.number() })),
  /** How many entities were found; the ones named most often are in `entities`. */
  found: z.number(),
  /** How many memories were read for it. */
  read: z.number(),
});

export const memorySnapshotSchema = z.object({
  agent: z.object({ id: z.string(), name: z.string() }),
  /** What the store holds in all, and what waits for review. */
  total: z.number(),
  toReview: z.number(),
  /** A folder is open, which memories can belong to. */
  hasWorkspace: z.boolean(),
  /** Facts are held at once instead of waiting for review. */
  alwaysAccepts: z.boolean(),
  isReadOnly: z.boolean(),
  problem: z.nullable(errorDataSchema),
});

export type SliceKindView = z.infer<typeof sliceKindSchema>;
export type ImportanceLevel = z.infer<typeof importanceLevelSchema>;
export type ScopeChoice = z.infer<typeof scopeChoiceSchema>;
export type SliceRow = z.infer<typeof sliceRowSchema>;
export type Why = z.infer<typeof whySchema>;
export type Hit = z.infer<typeof hitSchema>;
export type MemoryFilter = z.infer<typeof memoryFilterSchema>;
export type SliceDetailView = z.infer<typeof sliceDetailSchema>;
export type ProposalView = z.infer<typeof proposalSchema>;
export type BeforeChange = z.infer<typeof beforeChangeSchema>;
export type Replacing = z.infer<typeof replacingSchema>;
export type WeekView = z.infer<typeof weekSchema>;
export type StatisticsView = z.infer<typeof statisticsSchema>;
export type EntityView = z.infer<typeof entitySchema>;
export type EntityKind = z.infer<typeof entityKindSchema>;
export type GraphView = z.infer<typeof graphSchema>;
export type MemorySnapshot = z.infer<typeof memorySnapshotSchema>;
