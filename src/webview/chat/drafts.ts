import * as z from 'zod/mini';

/** What is being written, in each chat by its id. */
const draftSchema = z.object({
  key: z.string(),
  text: z.string(),
  /** To be sent by itself as soon as there is somebody to send it to. */
  isHeld: z.boolean(),
});

export const draftsSchema = z.object({ drafts: z.array(draftSchema) });

export type Draft = Readonly<Omit<z.infer<typeof draftSchema>, 'key'>>;
export type Drafts = z.infer<typeof draftsSchema>;

export const noDrafts: Drafts = { drafts: [] };
export const emptyDraft: Draft = { text: '', isHeld: false };

/** Chats whose drafts are kept; the one that was written in longest ago goes first. */
const limit = 20;

/** The key of a chat that is not stored yet. */
export const newChatKey = 'new';

export function draftOf({ drafts }: Drafts, key: string): Draft {
  return drafts.find((draft) => draft.key === key) ?? emptyDraft;
}

export function withDraft({ drafts }: Drafts, key: string, draft: Draft): Drafts {
  const others = drafts.filter((other) => other.key !== key);
  return { drafts: (draft.text === '' ? others : [...others, { ...draft, key }]).slice(-limit) };
}
