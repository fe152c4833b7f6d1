import type { Message } from '../store/records.ts';

/** A message of the user without a word in it, for those that are made in memory. */
export function blankMessage(id: string, sessionId: string, at: number): Message {
  return {
    id,
    sessionId,
    parentId: null,
    role: 'user',
    origin: 'user',
    status: 'complete',
    text: '',
    thinking: '',
    thinkingMs: null,
    model: null,
    createdAt: at,
    finishedAt: null,
    attachments: [],
    error: null,
    statistics: null,
    memoriesUsed: [],
    siblings: [id],
  };
}
