import type { NewTurn, ReplyEnd } from '../../../../src/store/message-port.ts';
import type { RecallQuery } from '../../../../src/store/recall-port.ts';
import type { NewSession } from '../../../../src/store/session-port.ts';
import type { NewSlice } from '../../../../src/store/slice-port.ts';
import type { InProcessStore } from './in-process-store.ts';

/** Rows as a caller would make them; a test changes what it is about. */

export const minute = 60_000;

export function newSession(changes: Partial<NewSession> = {}): NewSession {
  return { id: 's1', agentId: 'alden', title: 'New chat', temporary: false, workspaceId: null, expiresAt: null, at: 1000, ...changes };
}

export interface TurnWords {
  readonly sessionId?: string;
  /** Ids of the messages are `<id>` for the user's and `<id>r` for the reply. */
  readonly id: string;
  readonly parentId: string | null;
  readonly text: string;
  readonly at?: number;
}

export function newTurn({ sessionId = 's1', id, parentId, text, at = 2000 }: TurnWords): NewTurn & { user: NonNullable<NewTurn['user']> } {
  return {
    sessionId,
    user: { id, parentId, text, attachments: [] },
    reply: { id: `${id}r`, parentId: id, origin: 'model', model: 'llama' },
    holder: 'window-1',
    leaseUntil: at + minute,
    at,
  };
}

export function replyEnd(messageId: string, text: string, changes: Partial<ReplyEnd> = {}): ReplyEnd {
  return {
    messageId,
    status: 'complete',
    sequence: 0,
    text,
    thinking: '',
    thinkingMs: null,
    model: null,
    error: null,
    statistics: null,
    memoriesUsed: [],
    at: 3000,
    ...changes,
  };
}

/** A whole turn: what the user said and what was answered. */
export async function takeTurn(store: InProcessStore, words: TurnWords & { readonly reply: string }): Promise<void> {
  await store.call('messages.startTurn', newTurn(words));
  await store.call('messages.finishReply', replyEnd(`${words.id}r`, words.reply, { at: (words.at ?? 2000) + 1 }));
}

export function newFact(id: string, text: string, changes: Partial<NewSlice> = {}): NewSlice {
  return {
    id,
    kind: 'semantic',
    state: 'held',
    text,
    speaker: 'user',
    scope: { type: 'shared' },
    importance: 0.5,
    confidence: 0.9,
    provenance: { type: 'user' },
    validFrom: 4000,
    expiresAt: null,
    at: 4000,
    ...changes,
  };
}

/** A fact that was taken from a message. */
export function factFrom(messageId: string, id: string, text: string, quote: string | null, sessionId = 's1'): NewSlice {
  return newFact(id, text, { provenance: { type: 'message', sessionId, messageId, quote } });
}

export function recallOf(text: string): RecallQuery {
  return {
    text,
    vector: null,
    agentId: 'alden',
    workspaceId: null,
    sessionId: null,
    excludeMessageIds: [],
    limit: 20,
    tokenBudget: 3000,
    charactersPerToken: 4,
    at: 100_000,
  };
}

export async function recalledIds(store: InProcessStore, text: string, changes: Partial<RecallQuery> = {}): Promise<string[]> {
  const { hits } = await store.call('recall', { ...recallOf(text), ...changes });
  return hits.map((hit) => hit.slice.id);
}
