import * as z from 'zod/mini';
import { errorDataSchema } from './channel.ts';

/** What the backups view shows of what is in a backup, and of what a restore would take. Times are milliseconds. */

export const thingKindSchema = z.enum(['chat', 'memory']);

/** One thing in a backup, beside what is here now. */
export const heldThingSchema = z.object({
  kind: thingKindSchema,
  id: z.string(),
  /** A chat's title, or what a memory says. */
  words: z.string(),
  at: z.number(),
  /** Of a chat; null for a memory. */
  messages: z.nullable(z.number()),
  /** `differs`: of a chat there are messages that are not here; a memory says something else here. */
  state: z.enum(['missing', 'differs', 'here']),
});

export const heldQuerySchema = z.object({
  kind: thingKindSchema,
  text: z.string(),
  /** Only what is missing or differs here. */
  onlyLost: z.boolean(),
  /** 0, or `next` of the page before. */
  from: z.number(),
});

export const heldPageSchema = z.object({ things: z.array(heldThingSchema), next: z.nullable(z.number()) });

export const heldMessageSchema = z.object({ role: z.enum(['user', 'assistant']), text: z.string() });

/** What is looked into. `at`: the moment that it stands for. */
export const lookedIntoSchema = z.object({ at: z.nullable(z.number()), isProved: z.boolean(), memories: z.nullable(z.number()), chats: z.nullable(z.number()) });

/** Something that is here, and would not be after going back. */
export const lossSchema = z.object({
  kind: thingKindSchema,
  id: z.string(),
  words: z.string(),
  at: z.number(),
  /** The backup has it as well, as it was before. */
  wentOn: z.boolean(),
});

/** What of that is kept: all but these, also what the view was not told of; or these alone. */
export const keepingSchema = z.object({ type: z.enum(['all-but', 'these']), chats: z.array(z.string()), memories: z.array(z.string()) });

export const keptSchema = z.object({
  chats: z.number(),
  memories: z.number(),
  /** Why what was to be kept could not be put back; it is in the backup that was made before. */
  problem: z.nullable(errorDataSchema),
});

/** What Hearthlink has written about itself: the record of activity, the log. */
export const accountSchema = z.enum(['record', 'log']);

/** What a backup holds along with chats and memories; none of it is restored by itself. */
export const heldAlongSchema = z.object({
  /** When the backup of everything was made that has it; null where that cannot be read. */
  madeAt: z.nullable(z.number()),
  settings: z.object({
    state: z.enum(['none', 'unreadable', 'held']),
    /** Titles of those that were another then. */
    differing: z.array(z.string()),
    /** Titles of what stands there and cannot be set here. */
    leftOut: z.array(z.string()),
  }),
  accounts: z.array(accountSchema),
});

export type ThingKind = z.infer<typeof thingKindSchema>;
export type HeldThing = z.infer<typeof heldThingSchema>;
export type HeldQuery = z.infer<typeof heldQuerySchema>;
export type HeldPage = z.infer<typeof heldPageSchema>;
export type HeldMessage = z.infer<typeof heldMessageSchema>;
export type LookedInto = z.infer<typeof lookedIntoSchema>;
export type Loss = z.infer<typeof lossSchema>;
export type Keeping = z.infer<typeof keepingSchema>;
export type Account = z.infer<typeof accountSchema>;
export type HeldAlongView = z.infer<typeof heldAlongSchema>;
