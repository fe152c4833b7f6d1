import * as z from 'zod/mini';
import type { Protocol } from './channel.ts';
import {
  beforeChangeSchema,
  graphSchema,
  hitSchema,
  importanceLevelSchema,
  memoryFilterSchema,
  memorySnapshotSchema,
  proposalSchema,
  replacedSchema,
  replacingSchema,
  scopeChoiceSchema,
  sliceDetailSchema,
  sliceKindSchema,
  sliceRowSchema,
  statisticsSchema,
  weekSchema,
} from './memory-views.ts';

const nothing = z.object({});
const byId = z.object({ id: z.string() });
/** As the reader saw it: a change is refused with `conflict` when it has changed since. */
const seen = z.object({ id: z.string(), version: z.number() });

/**
 * What the memory browser and the extension say to each other. The view says `ready` and asks for what it shows; the extension
 * tells it when something changed. The view owns the search, the filters and what is chosen; it keeps them over a reload.
 */
export const memoryProtocol = {
  methods: {
    ready: { parameters: nothing, result: memorySnapshotSchema },
    /** Newest first. `total` counts all that pass the filter; null unless `counted`. */
    list: {
      parameters: z.object({ filter: memoryFilterSchema, offset: z.number(), limit: z.number(), counted: z.boolean() }),
      result: z.object({ slices: z.array(sliceRowSchema), total: z.nullable(z.number()) }),
    },
    /** Best first. By words alone at once; with `meaning` also by what it means, which takes an embedding model and a moment. */
    search: {
      parameters: z.object({ text: z.string(), filter: memoryFilterSchema, meaning: z.boolean() }),
      /** `byMeaning`: whether meaning could be looked at. */
      result: z.object({ hits: z.array(hitSchema), byMeaning: z.boolean() }),
    },
    /** Null when it is gone. */
    detail: { parameters: byId, result: z.object({ detail: z.nullable(sliceDetailSchema) }) },

    /** Answers the memory as it is now: of something said, a correction is a new memory that takes its place. */
    edit: { parameters: z.object({ id: z.string(), version: z.number(), text: z.string() }), result: z.object({ slice: sliceRowSchema }) },
    /** What is left out stays. Refused as a whole when one of them has changed. */
    change: {
      parameters: z.object({
        slices: z.array(seen),
        importance: z.optional(importanceLevelSchema),
        pinned: z.optional(z.boolean()),
        scope: z.optional(scopeChoiceSchema),
        kind: z.optional(sliceKindSchema),
      }),
      result: z.object({ slices: z.array(sliceRowSchema), undo: beforeChangeSchema }),
    },
    undoChange: { parameters: z.object({ before: beforeChangeSchema }), result: z.object({ slices: z.array(sliceRowSchema) }) },
    forget: { parameters: z.object({ ids: z.array(z.string()) }), result: z.object({ slices: z.array(sliceRowSchema) }) },
    undoForget: { parameters: z.object({ ids: z.array(z.string()) }), result: z.object({ slices: z.array(sliceRowSchema) }) },

    /** One memory in the place of several, and several in the place of one, in the reader's words. */
    merge: { parameters: z.object({ slices: z.array(seen), text: z.string() }), result: replacedSchema },
    split: { parameters: z.object({ slice: seen, texts: z.array(z.string()) }), result: replacedSchema },
    undoReplace: { parameters: replacingSchema, result: nothing },
    /** Of two that do not fit: which one holds. */
    settle: { parameters: z.object({ id: z.string(), otherId: z.string(), holds: z.enum(['this', 'other', 'both']) }), result: nothing },

    weeks: { parameters: z.object({ filter: memoryFilterSchema }), result: z.object({ weeks: z.array(weekSchema) }) },
    /** What the latest memories name most, and what ties it. */
    graph: { parameters: z.object({ limit: z.number() }), result: graphSchema },
    statistics: { parameters: nothing, result: statisticsSchema },

    /** What waits for review, newest first. */
    proposals: { parameters: z.object({ offset: z.number(), limit: z.number() }), result: z.object({ proposals: z.array(proposalSchema), total: z.number() }) },
    accept: { parameters: z.object({ ids: z.array(z.string()) }), result: nothing },
    /** Everything that waits. Answers how many. */
    acceptAll: { parameters: nothing, result: z.object({ count: z.number() }) },
    acceptEdited: { parameters: z.object({ id: z.string(), version: z.number(), text: z.string() }), result: nothing },
    reject: { parameters: z.object({ ids: z.array(z.string()) }), result: nothing },
    undoReject: { parameters: byId, result: nothing },
    /** Whether what the agent notes from now on is held at once. */
    setAlwaysAccept: { parameters: z.object({ always: z.boolean() }), result: memorySnapshotSchema },

    openSource: { parameters: byId, result: nothing },
    openReply: { parameters: z.object({ sessionId: z.string(), messageId: z.string() }), result: nothing },
    openChat: { parameters: nothing, result: nothing },
    importMemory: { parameters: nothing, result: nothing },
    copy: { parameters: z.object({ text: z.string() }), result: nothing },
  },
  events: {
    /** Memories changed, here or in another window; with `everything`, ask for all that is shown. */
    changed: z.object({ ids: z.array(z.string()), everything: z.boolean() }),
    snapshot: memorySnapshotSchema,
    /** Searches everything for a text. */
    search: z.object({ text: z.string() }),
  },
} satisfies Protocol;

export type MemoryProtocol = typeof memoryProtocol;
